"""XQuAD-R: the questions of one language, the sentences of all, joined by the question's id, and every faulty file."""

from __future__ import annotations

import json

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.directory import Directory
from isthmus.sources.formats.xquad_r import parts, read
from isthmus.tasks.task import load_task

SAID = {
    "en": ["The mill burnt. The mill stood in Hove. ", "It rained."],
    "de": ["Die Mühle brannte. In Hove stand sie. ", "Es regnete."],
}
ASKED = {"en": ("Where was the mill?", "What fell?"), "de": ("Wo war die Mühle?", "Was fiel?")}
ANSWERS = {"en": (("Hove", 34), ("rained", 3)), "de": (("Hove", 22), ("regnete", 3))}


def breaks_of(context):
    """Return [start, end] of sentences that end at a full stop, one blank between them."""
    ends = [i + 1 for i, letter in enumerate(context) if letter == "."]
    return [[start, end] for start, end in zip([0, *(end + 1 for end in ends)], ends, strict=False)]


def document(language="en", answers=True, **changes):
    paragraphs = []
    for number, context in enumerate(SAID[language]):
        text, start = ANSWERS[language][number]
        given = [{"answer_start": start, "text": text}] if answers else []
        entry = {"id": f"q{number}", "question": ASKED[language][number], "answers": given}
        paragraphs.append({"context": context, "qas": [entry], "sentence_breaks": breaks_of(context), **changes})
    return json.dumps({"version": "1.1", "data": [{"title": "t", "paragraphs": paragraphs}]}, ensure_ascii=False)


@pytest.fixture
def folder(written):
    for language in SAID:
        path = written(document(language), f"xquad-r/{language}.json")
    return path.parent


def test_the_pool_is_every_sentence_of_every_language_with_its_paragraph(folder):
    questions = read(folder / "en.json")
    assert [(q.id, q.query) for q in questions] == [("q0", "Where was the mill?"), ("q1", "What fell?")]
    pool = questions[0].candidates
    assert pool is questions[1].candidates
    assert list(pool) == ["de_1_0", "de_1_1", "de_2_0", "en_1_0", "en_1_1", "en_2_0"]
    assert pool["en_1_1"] == ("The mill stood in Hove.", SAID["en"][0])
    assert pool == read(folder / "de.json")[0].candidates


def test_the_sentence_of_the_answer_is_right_in_every_language(folder):
    for language in SAID:
        assert [q.matches for q in read(folder / f"{language}.json")] == [("de_1_1", "en_1_1"), ("de_2_0", "en_2_0")]


def test_a_sentence_of_the_paragraph_that_says_the_same_is_right_too(written):
    twice = {
        "context": "No. It is. No.",
        "qas": [{"id": "a", "question": "?", "answers": [{"answer_start": 0, "text": "No"}]}],
    }
    tree = {"data": [{"paragraphs": [{**twice, "sentence_breaks": [[0, 3], [4, 10], [11, 14]]}]}]}
    assert read(written(json.dumps(tree), "en.json"))[0].matches == ("en_1_0", "en_1_2")


def test_where_one_language_was_stripped_of_its_answers_nothing_is_known_to_be_right(folder):
    (folder / "de.json").write_text(document("de", answers=False))
    assert [q.matches for q in read(folder / "en.json")] == [None, None]


def test_all_files_of_the_folder_are_parts_so_another_language_makes_other_data(folder):
    assert [file.name for file in parts(folder / "en.json")] == ["de.json", "en.json"]
    root, files = folder.parent, load_task("lareqa").files
    (root / "lareqa").mkdir()
    folder.rename(root / "lareqa/xquad-r")
    source = Directory(root)
    before = source.fingerprint(files, "en", "test")
    assert source.languages(files, "test") == ("de", "en")
    (root / "lareqa/xquad-r/LICENSE").write_text("free")
    assert source.fingerprint(files, "en", "test") == before
    (root / "lareqa/xquad-r/es.json").write_text(document("de"))
    assert source.fingerprint(files, "en", "test").digest != before.digest


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"sentence_breaks": None}, "XQuAD-R has it, XQuAD itself does not"),
        ({"sentence_breaks": []}, r"'sentence_breaks' must be a list of \[start, end\], found \[\]"),
        ({"sentence_breaks": [[0, 5, 9]]}, r"expected \[start, end\] in characters, found \[0, 5, 9\]"),
        ({"sentence_breaks": [[0, "5"]]}, r"expected \[start, end\] in characters"),
        (
            {"sentence_breaks": [[5, 2]]},
            r"data\[0\]\.paragraphs\[0\]\.sentence_breaks: \[5, 2\] does not lie in the 40 char",
        ),
        (
            {"sentence_breaks": [[0, 9], [8, 12]]},
            r"\[8, 12\] does not lie in the 40 characters .* behind the sentence before",
        ),
        ({"sentence_breaks": [[0, 400]]}, r"\[0, 400\] does not lie"),
        (
            {"sentence_breaks": [[0, 2]]},
            "question 'q0': the answer at character 34 begins in none of its context's sentences",
        ),
    ],
)
def test_sentences_that_are_not_there_are_errors_that_name_the_place(changes, what, written):
    path = written(document(**changes), "en.json")
    with pytest.raises(DataError, match=what) as caught:
        read(path)
    assert caught.value.path == path


def test_a_fault_in_another_language_is_reported_there(folder):
    (folder / "de.json").write_text(document("de", sentence_breaks=[[0, 900]]))
    with pytest.raises(DataError) as caught:
        read(folder / "en.json")
    assert caught.value.path == folder / "de.json"
