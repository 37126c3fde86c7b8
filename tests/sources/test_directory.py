"""A directory in the official layout: what it lists, what identifies it, what it reads, and what it says is missing."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.directory import FOLDERS, Directory
from isthmus.sources.files import Files

TAGS = Files(format="tags", train="pos/train-{language}.tsv", test="pos/test-{language}.tsv")
PAIRS = Files(format="pairs", train="nli/train-en.tsv")
BITEXT = Files(format="bitext", test="bi/{language}-en.{language}")


@pytest.fixture
def root(written) -> Path:
    """A small directory: tagged sentences in three languages, English pairs, a bitext, and files that are none of these."""
    written("A\tX\n", "pos/train-en.tsv")
    for name in ("test-de.tsv", "test-zh_Hant.tsv", "test-en.tsv.bak", "test-a.b.tsv", "xtest-en.tsv", "test-.tsv"):
        written("A\tX\n", f"pos/{name}")
    for name in ("test-en.tsv.gz", "test-de.tsv.gz"):
        written(gzip.compress(b"B\tX\n"), f"pos/{name}")
    written("a\tb\tyes\n", "nli/train-en.tsv")
    for name in ("fr-en.fr", "fr-en.en", "de-en.de", "de-en.en", "pt-br-en.pt-br", "fr-en.de"):
        return_path = written("z\ny\n", f"bi/{name}")
    return return_path.parents[1]


def test_languages_are_those_whose_files_exist_plain_or_zipped(root):
    assert Directory(root).languages(TAGS, "test") == ("de", "en", "zh_Hant")
    assert Directory(root).languages(TAGS, "train") == ("en",)


def test_domains_of_raw_text_are_folders_that_hold_its_files(written):
    raw = Files(format="lines", train="text/{language}.txt")
    for name in ("text/en.txt", "text/law/en.txt", "text/law/de.txt.gz", "text/notes/read.md", "text/.old/en.txt"):
        written("one line\n", name)
    root = written("one line\n", "intermediate/text/news/sw.txt").parents[3]
    assert Directory(root).domains(raw, "train") == ("law", "news")
    assert Directory(root).languages(raw.of_domain("law"), "train") == ("de", "en")
    assert Directory(root).languages(raw, "train") == ("en",)
    assert [line.text for line in Directory(root).read(raw.of_domain("news"), "sw", "train")] == ["one line"]
    assert Directory(root).domains(raw, "dev") == ()


def test_a_language_named_twice_in_a_pattern_is_the_same(root):
    assert Directory(root).languages(BITEXT, "test") == ("de", "fr", "pt-br")


def test_a_pattern_without_language_has_the_declared_ones(root):
    assert Directory(root).languages(PAIRS, "train") == ("en",)
    (root / "nli/train-en.tsv").unlink()
    assert Directory(root).languages(PAIRS, "train") == ()


def test_there_are_no_languages_without_split_or_folder(root):
    assert Directory(root).languages(PAIRS, "test") == ()
    assert Directory(root).languages(Files(format="tags", test="none/test-{language}.tsv"), "test") == ()


def test_the_plain_file_is_read_where_both_exist(root):
    assert Directory(root).read(TAGS, "de", "test")[0].words == ("A",)
    assert Directory(root).read(TAGS, "en", "test")[0].words == ("B",)


def test_labels_are_handed_to_the_format(root):
    with pytest.raises(DataError, match=f"{root}/pos/test-de.tsv:1: unknown tag 'X'"):
        Directory(root).read(TAGS, "de", "test", ("Y",))


def test_plain_and_zipped_are_the_same_data(root):
    plain = Directory(root).fingerprint(TAGS, "en", "train")
    content = (root / "pos/train-en.tsv").read_bytes()
    (root / "pos/train-en.tsv").unlink()
    for level in (1, 9):
        (root / "pos/train-en.tsv.gz").write_bytes(gzip.compress(content, level))
        assert Directory(root).fingerprint(TAGS, "en", "train") == plain
    assert plain.size == len(content)


def test_one_changed_byte_is_other_data(root):
    before = Directory(root).fingerprint(TAGS, "en", "train")
    (root / "pos/train-en.tsv").write_bytes(b"A\tY\n")
    assert Directory(root).fingerprint(TAGS, "en", "train") != before


@pytest.mark.parametrize("side", ["fr-en.fr", "fr-en.en"])
def test_both_sides_of_a_bitext_identify_it(root, side):
    before = Directory(root).fingerprint(BITEXT, "fr", "test")
    (root / "bi" / side).write_bytes(b"z\ny!\n")
    after = Directory(root).fingerprint(BITEXT, "fr", "test")
    assert (after.size, before.size) == (9, 8)
    assert after.digest != before.digest


def test_where_the_directory_lies_does_not_matter(root):
    before = Directory(root).fingerprint(TAGS, "de", "test")
    assert Directory(root.rename(root.with_name("moved"))).fingerprint(TAGS, "de", "test") == before


def test_a_missing_root_and_a_file_as_root_are_refused(root):
    with pytest.raises(DataError, match=f"{root / 'none'}: no such directory"):
        Directory(root / "none")
    with pytest.raises(DataError, match=f"{root / 'bi/fr-en.fr'}: not a directory"):
        Directory(root / "bi/fr-en.fr")


@pytest.mark.parametrize("ask", ["read", "fingerprint"])
def test_what_is_missing_is_named_with_what_is_near(root, ask):
    call = getattr(Directory(root), ask)
    with pytest.raises(DataError, match=f"{root}/pos/test-dee.tsv: no such file.*did you mean 'test-de.tsv'"):
        call(TAGS, "dee", "test")
    with pytest.raises(DataError, match=f"{root}/posi/en.tsv: no such file.*{root} holds no 'posi', did you mean 'pos'"):
        call(Files(format="tags", test="posi/{language}.tsv"), "en", "test")
    with pytest.raises(DataError, match="these data have no dev split; known: train"):
        call(PAIRS, "en", "dev")
    with pytest.raises(DataError, match=f"{root}/nli/train-en.tsv: holds no language 'de'; known: en"):
        call(PAIRS, "de", "train")


OLD = Files(format="tags", dev="old/{language}/dev.txt", test="old/{language}/test.txt")
LAYOUTS = Files(format="tags", test="pos/test-{language}.tsv", others=(OLD, Files("tags", test="loose-{language}.tsv")))
SHARED = Files(format="table", dev="nli/all.tsv", languages=("de", "fr"))
TOGETHER = Files(format="tags", joined=(LAYOUTS, Files("tags", test="more/{language}.tsv")))


def test_a_language_may_be_the_name_of_a_folder(root, written):
    written("C\tX\n", "old/fr/dev.txt")
    written(gzip.compress(b"C\tX\n"), "old/pt/dev.txt.gz")
    written("", "old/it/other.txt")
    written("", "old/README")
    assert Directory(root).languages(OLD, "dev") == ("fr", "pt")
    assert Directory(root).read(OLD, "pt", "dev")[0].words == ("C",)
    with pytest.raises(DataError, match=r"old/it/dev\.txt: no such file"):
        Directory(root).read(OLD, "it", "dev")


def test_of_several_layouts_the_first_that_has_the_language_is_read(root, written):
    written("C\tX\n", "old/de/test.txt")
    written("C\tX\n", "old/fr/test.txt")
    written("D\tX\n", "loose-fr.tsv")
    written("D\tX\n", "loose-pt.tsv")
    source = Directory(root)
    assert source.languages(LAYOUTS, "test") == ("de", "en", "fr", "pt", "zh_Hant")
    words = {language: source.read(LAYOUTS, language, "test")[0].words[0] for language in ("de", "fr", "pt")}
    assert words == {"de": "A", "fr": "C", "pt": "D"}


def test_a_split_that_the_first_layout_lacks_is_looked_for_in_the_others(root, written):
    written("C\tX\n", "old/de/dev.txt")
    assert Directory(root).languages(LAYOUTS, "dev") == ("de",)
    assert Directory(root).read(LAYOUTS, "de", "dev")[0].words == ("C",)
    assert LAYOUTS.has("dev")
    assert not LAYOUTS.has("train")


@pytest.mark.parametrize("folder", FOLDERS[1:])
def test_sets_may_lie_in_a_folder_below_the_root_and_the_root_comes_first(tmp_path, written, folder):
    written("A\tX\n", f"{folder}/a/test-de.tsv")
    files = Files(format="tags", test="a/test-{language}.tsv")
    assert Directory(tmp_path).languages(files, "test") == ("de",)
    assert Directory(tmp_path).read(files, "de", "test")[0].words == ("A",)
    written("B\tX\n", "a/test-de.tsv")
    assert Directory(tmp_path).read(files, "de", "test")[0].words == ("B",)


def test_an_earlier_layout_in_a_folder_comes_before_a_later_one_at_the_root(tmp_path, written):
    written("A\tX\n", "intermediate/a-de.tsv")
    written("B\tX\n", "b-de.tsv")
    files = Files("tags", test="a-{language}.tsv", others=(Files("tags", test="b-{language}.tsv"),))
    assert Directory(tmp_path).read(files, "de", "test")[0].words == ("A",)


def test_what_is_nowhere_is_named_with_every_layout_and_how_to_obtain_it(root):
    files = replace(LAYOUTS, obtain="Ask the consortium and put it in pos/.")
    with pytest.raises(DataError) as caught:
        Directory(root).read(files, "dee", "test")
    assert caught.value.path == root / "pos/test-dee.tsv"
    assert "no such file, plain or .gz" in caught.value.what
    assert "nor is there old/dee/test.txt or loose-dee.tsv. Ask the consortium" in caught.value.what


def test_a_language_that_one_file_does_not_hold_is_told_with_the_other_layouts(root):
    files = replace(PAIRS, others=(Files("pairs", "nli/{language}.tsv"),))
    with pytest.raises(DataError, match=r"train-en.tsv: holds no language 'de'; known: en; nor is there nli/de.tsv$"):
        Directory(root).read(files, "de", "train")


def test_languages_that_share_a_file_are_read_apart_and_are_different_data(root, written):
    written("language\tgold_label\tsentence1\tsentence2\nde\tyes\ta\tb\nfr\tno\tc\td\n", "nli/all.tsv")
    source = Directory(root)
    assert source.languages(SHARED, "dev") == ("de", "fr")
    assert [e.label for e in source.read(SHARED, "fr", "dev")] == ["no"]
    german, french = (source.fingerprint(SHARED, language, "dev") for language in ("de", "fr"))
    assert german.digest != french.digest
    assert german.size == french.size == (root / "nli/all.tsv").stat().st_size // 2


@pytest.fixture
def parts(root, written) -> Path:
    """The small directory with both parts of ``TOGETHER`` in German, and one part each in English and French."""
    written("C\tX\n\nD\tX\n", "more/de.tsv")
    written("C\tX\n", "more/fr.tsv")
    return root


def test_joined_sets_are_read_one_after_another_with_ids_that_differ(parts):
    examples = Directory(parts).read(TOGETHER, "de", "test")
    assert [e.words[0] for e in examples] == ["A", "C", "D"]
    assert len({e.id for e in examples}) == 3


def test_sets_that_are_joined_may_be_joined_again(parts):
    twice = Files("tags", joined=(TOGETHER, TOGETHER))
    examples = Directory(parts).read(twice, "de", "test")
    assert [e.words[0] for e in examples] == ["A", "C", "D"] * 2
    assert len({e.id for e in examples}) == 6


def test_joined_sets_have_the_languages_and_splits_that_all_parts_have(parts):
    assert Directory(parts).languages(TOGETHER, "test") == ("de",)
    assert Directory(parts).languages(TOGETHER, "dev") == ()
    assert TOGETHER.has("test")
    assert not TOGETHER.has("dev")


@pytest.mark.parametrize("ask", ["read", "fingerprint"])
def test_the_part_that_joined_sets_lack_is_named(parts, ask):
    call = getattr(Directory(parts), ask)
    with pytest.raises(DataError, match=f"{parts}/more/en.tsv: no such file"):
        call(TOGETHER, "en", "test")
    with pytest.raises(DataError, match=f"{parts}/pos/test-fr.tsv: no such file"):
        call(TOGETHER, "fr", "test")
    with pytest.raises(DataError, match="these data have no dev split; known: test"):
        call(TOGETHER, "de", "dev")


@pytest.mark.parametrize("part", ["pos/test-de.tsv", "more/de.tsv"])
def test_every_part_identifies_joined_sets(parts, part):
    before = Directory(parts).fingerprint(TOGETHER, "de", "test")
    assert before.size == sum((parts / name).stat().st_size for name in ("pos/test-de.tsv", "more/de.tsv"))
    (parts / part).write_bytes(b"Z\tX\n")
    assert Directory(parts).fingerprint(TOGETHER, "de", "test").digest != before.digest


def test_the_order_of_parts_is_part_of_their_identity(parts):
    other = replace(TOGETHER, joined=TOGETHER.joined[::-1])
    source = Directory(parts)
    assert source.fingerprint(TOGETHER, "de", "test").digest != source.fingerprint(other, "de", "test").digest


@pytest.mark.parametrize(
    ("files", "text", "examples", "size"),
    [
        (Files("tags", "a"), "A\tDET\n\nB\tNOUN\nC\tNOUN\n\n", 2, 22),
        (Files("pairs", "a"), "one\ttwo\t0\nthree\tfour\t1\n", 2, 23),
        # Both questions, 60 bytes each, read what is left without them and 130 bytes around each.
        (Files("squad", "a"), '"context" ' + '"question"' * 2 + " " * 1_000, 2, 2 * 60 + (1_030 - 2 * 190) * 2),
        (Files("xquad_r", "{language}.json"), '"question"' + " " * 90, 1, 500),
    ],
)
def test_how_much_is_read_and_how_many_examples_there_are_is_told_for_estimates(tmp_path, files, text, examples, size):
    (tmp_path / str(files.train).replace("{language}", "en")).write_text(text, "utf-8")
    found = Directory(tmp_path).fingerprint(files, "en", "train")
    assert (found.examples, found.size) == (examples, size)


def test_of_a_file_that_languages_share_each_has_its_part(tmp_path):
    (tmp_path / "a").write_text("a\tb\n" * 30, "utf-8")
    found = Directory(tmp_path).fingerprint(Files("table", "a", languages=("de", "en", "sw")), "sw", "train")
    assert (found.examples, found.size) == (10, 40)
