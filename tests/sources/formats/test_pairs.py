"""Labelled pairs: the csv that XTREME's preparation writes, and every way in which a file can be wrong."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.sources.example import TextPair
from isthmus.sources.formats.pairs import read

LABELS = ("contradiction", "entailment", "neutral")
text = st.text(st.characters(codec="utf-8", exclude_characters="\r\0\ufeff")).filter(str.strip)


def as_csv(rows) -> str:
    stream = StringIO(newline="")
    csv.writer(stream, delimiter="\t").writerows(rows)
    return stream.getvalue()


def test_pairs_and_labels_are_read_in_order(written):
    path = written("One.\tTwo.\tneutral\r\nThree.\t\tentailment\r\n")
    assert read(path, LABELS) == [TextPair("0", "One.", "Two.", "neutral"), TextPair("1", "Three.", "", "entailment")]


def test_a_stripped_file_has_no_labels(written):
    assert read(written("One.\tTwo.\n"), LABELS) == [TextPair("0", "One.", "Two.", None)]


def test_quotes_are_taken_as_csv_writes_them(written):
    path = written('"She said ""no""."\tHe said "yes" twice.\tneutral\n')
    assert read(path, LABELS)[0] == TextPair("0", 'She said "no".', 'He said "yes" twice.', "neutral")


def test_contradictory_means_contradiction(written):
    assert read(written("a\tb\tcontradictory\n"), LABELS)[0].label == "contradiction"


def test_without_declared_labels_any_label_is_read(written):
    assert read(written("a\tb\t1\n"))[0].label == "1"


@given(st.lists(st.tuples(text, text, st.sampled_from(LABELS)), min_size=1), st.booleans())
def test_what_csv_writes_is_read_back(tmp_path_factory, rows, stripped):
    path = tmp_path_factory.getbasetemp() / "pairs.tsv"
    path.write_text(as_csv([row[:2] if stripped else row for row in rows]), "utf-8", newline="")
    assert [(e.first, e.second, e.label) for e in read(path, LABELS)] == [
        (first, second, None if stripped else label) for first, second, label in rows
    ]


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("a\tb\tneutral\nc\td\n", 2, "2 columns, expected 3 as in the first row: ['c', 'd']"),
        ("a\tb\nc\td\tneutral\n", 2, "3 columns, expected 2 as in the first row (labels stripped)"),
        ("a\tb\tneutral\tmore\n", 1, "4 columns, expected 2 or 3"),
        ("a\n", 1, "1 columns, expected 2 or 3: ['a']"),
        ("a\tb\tneutral\n\nc\td\tneutral\n", 2, "a blank line"),
        ("a\tb\tneutral\nc\td\tnutral\n", 2, "unknown label 'nutral'; did you mean 'neutral'?"),
        ("a\tb\tneutral\nc\td\t\n", 2, "the label is missing: ['c', 'd', '']"),
        ("sentence1\tsentence2\tlabel\na\tb\tneutral\n", 1, "unknown label 'label'"),
        ('a\tb\tneutral\n"c\td\tneutral\ne\tf\tneutral\n', 2, "the quotes of this row do not match"),
        ('a\tb\tneutral\n"c" c\td\tneutral\n', 2, "the quotes of this row do not match"),
        ('"a\nb"\tc\tneutral\n\nd\te\tneutral\n', 3, "a blank line"),
        ('"a\r\nb\r\n"\tc\tneutral\r\nd\te\tno\r\n', 4, "unknown label 'no'"),
    ],
)
def test_a_malformed_row_is_refused_by_its_physical_line(written, refused, content, line, what):
    error = refused(read, written(content), LABELS)
    assert error.line == line
    assert what in error.what


def test_a_quote_that_swallows_a_long_file_is_refused_where_it_opens(written, refused):
    content = 'a\tb\tneutral\n"c\td\tneutral\n' + "e\tf\tneutral\n" * 20_000
    assert refused(read, written(content), LABELS).line == 2


@pytest.mark.parametrize("content", ["", "\n\n", b"a\tb\0\n", b"a\tb\xe9\n"])
def test_empty_blank_binary_and_latin1_files_are_refused(written, refused, content):
    refused(read, written(content), LABELS)
