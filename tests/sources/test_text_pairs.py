"""Rows of text pairs: which columns a file has, what a label means, which language is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.text_pairs import COLUMNS, Columns, Row, columns_of, examples_of, label_of

HERE = Path("pairs.tsv")
PLAIN = Columns("first", "second", "label")


@pytest.mark.parametrize("columns", COLUMNS)
def test_the_columns_of_every_set_are_told_from_the_others(columns):
    names = ["index", columns.first, columns.second, columns.label]
    assert columns_of(HERE, names, 1) == columns


def test_the_gold_label_is_meant_where_both_are_there():
    assert columns_of(HERE, ["label", "sentence2", "gold_label", "sentence1"], 1).label == "gold_label"


def test_an_alias_means_a_label_only_where_that_is_one():
    assert label_of("contradictory", ("contradiction", "neutral")) == "contradiction"
    assert label_of("contradictory", ("contradictory", "neutral")) == "contradictory"
    assert label_of("e", ()) == "e"


def test_a_language_without_rows_is_answered_with_the_nearest():
    rows = [Row(2, "a", "b", None, language="de"), Row(3, "a", "b", None, language="el")]
    with pytest.raises(DataError, match=r"^pairs.tsv: no row in language 'dee'; did you mean 'de'"):
        examples_of(HERE, PLAIN, rows, (), "dee")
    with pytest.raises(DataError, match=r"^pairs.tsv:4: the language is missing"):
        examples_of(HERE, PLAIN, [*rows, Row(4, "a", "b", None, language="")], (), "de")


def test_a_file_of_one_language_is_read_whatever_language_is_asked_for():
    assert len(examples_of(HERE, PLAIN, [Row(2, "a", "b", None), Row(3, "c", "d", None)], (), "de")) == 2
