"""Quora question pairs in GLUE's layout: columns by their names, quotes as csv has them."""

from __future__ import annotations

import pytest

from isthmus.sources.example import TextPair
from isthmus.sources.formats.qqp import read

HEADER = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
LABELS = ("0", "1")


def test_pairs_are_read_by_the_names_of_their_columns(written):
    path = written(HEADER + "13\t1\t2\tIs it?\tIt is?\t1\n14\t3\t4\tWho?\t\t0\n")
    assert read(path, LABELS) == [TextPair("0", "Is it?", "It is?", "1"), TextPair("1", "Who?", "", "0")]


def test_a_test_file_has_fewer_columns_and_no_labels(written):
    path = written("id\tquestion1\tquestion2\n0\tIs it?\tIt is?\n")
    assert read(path, LABELS) == [TextPair("0", "Is it?", "It is?", None)]


def test_a_quoted_question_may_hold_quotes_and_a_line_end(written):
    path = written(HEADER + '1\t1\t2\t"What is ""lest""?\n"\tHow so?\t0\n2\t3\t4\ta\tb\t1\n')
    assert [pair.first for pair in read(path, LABELS)] == ['What is "lest"?\n', "a"]


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("id\tquestion\tquestion2\n1\ta\tb\n", 1, "no column 'question1' in the header; did you mean 'question"),
        (HEADER, 1, "no row below the header"),
        (HEADER + "1\t1\t2\ta\tb\t1\n2\t3\t4\ta\t0\n", 3, "5 columns, expected 6 as in the header"),
        (HEADER + "1\t1\t2\ta\tb\t2\n", 2, "unknown label '2'; known: 0, 1"),
        (HEADER + "1\t1\t2\ta\tb\t\n", 2, "unknown label ''; known: 0, 1"),
        (HEADER + "\n", 2, "0 columns, expected 6"),
        (HEADER + '1\t1\t2\t"a\tb\t0\n', 2, "the quotes of this row do not match"),
        (HEADER + '1\t1\t2\t"a\nb"\tb\t0\n2\t3\t4\ta\tb\tno\n', 4, "unknown label 'no'"),
    ],
)
def test_a_malformed_row_is_refused_by_its_physical_line(written, refused, content, line, what):
    error = refused(read, written(content), LABELS)
    assert error.line == line
    assert what in error.what
