"""A directory in the official layout: what it lists, what identifies it, what it reads, and what it says is missing."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.directory import Directory
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
