"""Raw text to pretrain on: files of lines, and folders with one file a language."""

from __future__ import annotations

import gzip

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.corpora import corpus_fingerprint, corpus_folder, read_corpus


def test_lines_of_all_files_are_read_in_order(written):
    paths = [written("b\na\n", "b.txt"), written("1\tc\n2\td\n", "a.tsv")]
    corpus = read_corpus(paths)
    assert corpus.lines == ("b", "a", "c", "d")
    assert corpus.parallel == {"1": "c", "2": "d"}


def test_of_two_texts_with_one_id_the_first_is_parallel_and_both_are_lines(written):
    corpus = read_corpus([written("1\tfirst\n", "a.tsv"), written("1\tsecond\n", "b.tsv")])
    assert corpus.parallel == {"1": "first"}
    assert corpus.lines == ("first", "second")


def test_lines_of_two_segments_are_kept_apart_and_are_parallel_by_both(written):
    corpus = read_corpus([written("1\ta\tb\n\tc\td\n2\te\n", "a.tsv")])
    assert corpus.lines == ("e",)
    assert corpus.segments == (("a", "b"), ("c", "d"))
    assert corpus.parallel == {"1": "a b", "2": "e"}
    assert corpus.texts == ("e", "a", "b", "c", "d")


def test_a_zipped_file_is_the_same_corpus(written):
    plain = written("1\tone\n", "a.tsv")
    before = read_corpus([plain]), corpus_fingerprint([plain])
    written(gzip.compress(plain.read_bytes()), "a.tsv.gz")
    plain.unlink()
    assert (read_corpus([plain]), corpus_fingerprint([plain])) == before


def test_the_order_of_files_is_part_of_the_identity(written):
    one, two = written("one\n", "a.txt"), written("two\n", "b.txt")
    assert corpus_fingerprint([one, two]).digest != corpus_fingerprint([two, one]).digest
    assert corpus_fingerprint([one, two]).size == 8


def test_a_missing_file_is_named(written):
    path = written("one\n", "English.tsv").with_name("Englis.tsv")
    for ask in (read_corpus, corpus_fingerprint):
        with pytest.raises(DataError, match=f"{path}: no such file.*did you mean 'English.tsv'"):
            ask([path])


def test_a_folder_gives_the_files_of_each_language(written):
    for name in ("sw.txt", "en.tsv.gz", "en.txt", "en.txt.gz", "README.md", ".de.txt", "notes"):
        folder = written("x\n", f"text/{name}").parent
    assert corpus_folder(folder) == {"en": ("en.tsv", "en.txt"), "sw": ("sw.txt",)}


def test_a_folder_without_text_or_no_folder_is_refused(written):
    folder = written("x\n", "text/README.md").parent
    with pytest.raises(DataError, match=r"no \.txt or \.tsv file, plain or \.gz"):
        corpus_folder(folder)
    with pytest.raises(DataError, match="cannot be listed as a directory"):
        corpus_folder(folder / "README.md")
    with pytest.raises(DataError, match="cannot be listed as a directory"):
        corpus_folder(folder / "none")
