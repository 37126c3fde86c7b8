"""Bitexts: rows that pair, gold that official preparation withheld, and files that do not fit together."""

from __future__ import annotations

import gzip

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.example import SentencePair
from isthmus.sources.formats.bitext import FORMAT, read

ENGLISH = "It rains.\nA dog.\nThe end.\nGo!\n"
FRENCH = "Il pleut.\nUn chien.\nFin.\nVa !\n"


def test_queries_are_english_and_each_row_translates_itself(written):
    written(ENGLISH, "fr-en.en")
    pairs = read(written(FRENCH, "fr-en.fr"))
    assert pairs[1] == SentencePair("1", "A dog.", "Un chien.", 1)
    assert [pair.match for pair in pairs] == [0, 1, 2, 3]


@pytest.mark.parametrize("zipped", [(True, True), (True, False), (False, True)])
def test_either_side_may_be_zipped(written, zipped):
    sides = {".en": ENGLISH, ".fr": FRENCH}
    paths = [
        written(gzip.compress(content.encode()) if z else content, f"fr-en{side}{'.gz' * z}")
        for z, (side, content) in zip(zipped, sides.items(), strict=True)
    ]
    assert len(read(paths[1])) == 4
    assert FORMAT.parts(paths[1]) == (paths[1], paths[0])


@pytest.mark.parametrize("english", ["A dog.\nGo!\nIt rains.\nThe end.\n", "A dog.\ngo!\nIt rains.\nThe end.\n"])
def test_a_sorted_english_side_has_no_gold(written, english):
    written(english, "fr-en.en")
    assert [pair.match for pair in read(written(FRENCH, "fr-en.fr"))] == [None] * 4


@pytest.mark.parametrize("english", ["a\nb\nc\n", "a\na\na\nb\nc\n", "same\n" * 9])
def test_a_few_sorted_lines_are_an_accident(written, english):
    written(english, "fr-en.en")
    pairs = read(written("x\n" * english.count("\n"), "fr-en.fr"))
    assert [pair.match for pair in pairs] == list(range(len(pairs)))


def test_candidates_that_repeat_are_kept(written):
    written(ENGLISH, "fr-en.en")
    assert [pair.candidate for pair in read(written("x\n" * 4, "fr-en.fr"))] == ["x"] * 4


def test_sides_of_different_length_are_refused_with_both_counts(written, refused):
    english = written(ENGLISH, "fr-en.en")
    error = refused(read, written(FRENCH + "De trop.\n", "fr-en.fr"))
    assert error.what == f"5 sentences, but {english} has 4; they must pair row by row"


def test_a_missing_english_side_is_named(written):
    path = written(FRENCH, "fr-en.fr")
    with pytest.raises(DataError, match=f"{path.with_name('fr-en.en')}: no such file"):
        read(path)


def test_an_empty_sentence_is_refused_by_line(written, refused):
    written(ENGLISH, "fr-en.en")
    error = refused(read, written("Il pleut.\n \nFin.\nVa !\n", "fr-en.fr"))
    assert (error.line, error.what) == (2, "an empty sentence")
