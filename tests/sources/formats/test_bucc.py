"""Texts to mine: two sides and the pairs of gold, each of which may be zipped, the last withheld."""

from __future__ import annotations

import gzip

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.directory import Directory
from isthmus.sources.formats.bucc import FORMAT, read
from isthmus.tasks.task import load_task

GERMAN = "de-1\tEs regnet.\nde-2\tEin Hund.\nde-3\tEnde.\n"
ENGLISH = "en-1\tA cat.\nen-2\tIt rains.\nen-3\tA dog.\nen-4\tIt rains.\n"
GOLD = "de-1\ten-2\nde-2\ten-3\n"


@pytest.fixture
def sides(written):
    """Write the three files, some otherwise than they should be, and return the path of the German one."""

    def write(german=GERMAN, english=ENGLISH, gold=GOLD, end=""):
        for content, name in ((english, "en"), (gold, "gold")):
            if content is not None:
                written(content, f"bucc2018/de-en.dev.{name}{end}")
        return written(german, f"bucc2018/de-en.dev.de{end}")

    return write


@pytest.mark.parametrize("end", ["", ".gz"])
def test_each_german_sentence_has_all_english_ones_as_candidates_and_at_most_one_match(sides, end):
    packed = [gzip.compress(content.encode()) if end else content for content in (GERMAN, ENGLISH, GOLD)]
    path = sides(*packed, end=end)
    sentences = read(path)
    assert [(s.id, s.text, s.match) for s in sentences] == [
        ("de-1", "Es regnet.", "en-2"),
        ("de-2", "Ein Hund.", "en-3"),
        ("de-3", "Ende.", ""),
    ]
    assert list(sentences[0].candidates.items())[1] == ("en-2", "It rains.")
    assert all(s.candidates is sentences[0].candidates for s in sentences)
    assert [part.name for part in FORMAT.parts(path)] == [f"de-en.dev.{side}{end}" for side in ("de", "en", "gold")]


def test_without_gold_nothing_is_known(sides):
    path = sides(gold=None)
    assert [s.match for s in read(path)] == [None] * 3
    assert len(FORMAT.parts(path)) == 2


def test_gold_names_the_first_of_sentences_that_say_the_same_whichever_it_named(sides):
    german = "de-1\tEs regnet.\nde-2\tEin Hund.\nde-3\tEs regnet.\nde-4\tEin Hund.\nde-5\tEin Hund.\n"
    path = sides(german, gold="de-3\ten-4\nde-4\ten-1\nde-2\ten-3\nde-5\ten-3\n")
    assert {s.id: s.match for s in read(path)} == {
        "de-1": "en-2",
        "de-2": "en-3",  # de-5 says what it says, and gold names the same translation of it
        "de-3": "",
        "de-4": "en-1",  # that of de-2, whose text it has, is another
        "de-5": "",
    }


def test_gold_that_is_added_or_changed_makes_other_data(sides):
    path = sides(gold=None)
    source, files = Directory(path.parents[1]), load_task("bucc2018").files
    digests = [source.fingerprint(files, "de", "dev").digest]
    for gold in (GOLD, "de-1\ten-2\n"):
        sides(gold=gold)
        digests.append(source.fingerprint(files, "de", "dev").digest)
    assert len(set(digests)) == 3
    assert source.languages(files, "dev") == ("de",)


@pytest.mark.parametrize(
    ("changed", "line", "what"),
    [
        ({"german": "de-1\tx\nde-2\n"}, 2, "expected `id TAB sentence`, found 'de-2'"),
        ({"german": "de-1\tx\n\nde-2\ty\n"}, 2, "expected `id TAB sentence`, found ''"),
        ({"german": "de-1\tx\nde-1\ty\n"}, 2, "the id 'de-1' stands here a second time"),
        ({"english": "en-1\t \n"}, 1, "expected `id TAB sentence`"),
        ({"gold": "de-1\ten-2\nde-9\ten-3\n"}, 2, "no sentence has the id 'de-9'; did you mean 'de-1'?"),
        ({"gold": "en-2\tde-1\n"}, 1, "no sentence has the id 'en-2'; known: de-1"),
        ({"gold": "de-1\ten-2\tx\n"}, 1, "expected `id TAB id`, found 'de-1\\ten-2\\tx'"),
        ({"gold": "de-1\ten-2\nde-1\ten-4\n"}, 2, "'de-1' has a translation already, 'en-2'"),
    ],
)
def test_a_malformed_row_is_refused_by_file_and_line(sides, changed, line, what):
    (name,) = changed
    with pytest.raises(DataError) as caught:
        read(sides(**changed))
    assert caught.value.path.suffix == {"german": ".de", "english": ".en", "gold": ".gold"}[name]
    assert (caught.value.line, what in caught.value.what) == (line, True), caught.value.what


def test_a_missing_english_side_is_named(sides):
    with pytest.raises(DataError, match=r"de-en.dev.en: no such file"):
        read(sides(english=None))
