"""Raw text: with ids on every line or on none."""

from __future__ import annotations

import pytest

from isthmus.sources.example import Line
from isthmus.sources.formats.lines import read


def test_plain_lines_have_no_id_and_blank_ones_are_skipped(written):
    assert read(written("One.\n\n  \nTwo.\n")) == [Line("", "One."), Line("", "Two.")]


def test_lines_with_ids_keep_them(written):
    assert read(written("M.1.1\tOne.\n\nM.1.2\tTwo.\n")) == [Line("M.1.1", "One."), Line("M.1.2", "Two.")]


def test_a_third_column_is_a_second_segment_and_an_empty_id_is_none(written):
    found = read(written("a\tOne.\tTwo.\n\tThree.\tFour.\n\tFive.\n\tSix.\n"))
    assert found == [Line("a", "One.", "Two."), Line("", "Three.", "Four."), Line("", "Five."), Line("", "Six.")]


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("a\tOne.\n\nTwo.\n", 3, "expected `id TAB text` or `id TAB first TAB second` as in line 1, found 'Two.'"),
        ("a\tOne.\nb\t \n", 2, "expected `id TAB text`"),
        ("a\tOne.\nb\tTwo.\t\n", 2, "`id TAB first TAB second`"),
        ("a\tOne.\nb\tTwo.\tThree.\tFour.\n", 2, "`id TAB first TAB second`"),
        ("\nOne.\nb\tTwo.\n", 3, "a TAB in 'b\\tTwo.', though line 2 has no `id TAB text`"),
        ("a\tOne.\nb\tTwo.\na\tThree.\n", 3, "the id 'a' stands already in line 1"),
    ],
)
def test_a_malformed_line_is_refused_by_number(written, refused, content, line, what):
    error = refused(read, written(content))
    assert error.line == line
    assert what in error.what
