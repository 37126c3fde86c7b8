"""The first lines of a file are had without the rest."""

from __future__ import annotations

import gzip

import pytest

from isthmus.core.errors import DataError
from isthmus.survey.head import BYTES, LINES, first_lines


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_the_first_lines_are_whole(lay, name):
    lines = [f"{n} {'x' * 700}" for n in range(500)]
    found = first_lines(lay({name: "\r\n".join(lines)}) / name)
    assert 1 < len(found) < BYTES / 700
    assert found == lines[: len(found)]


def test_there_are_not_too_many(lay):
    assert first_lines(lay({"a.txt": "x\n" * 1000}) / "a.txt") == ["x"] * LINES


def test_one_long_line_is_had_as_far_as_it_goes(lay):
    assert first_lines(lay({"a.json": "x" * (BYTES + 5)}) / "a.json") == ["x" * BYTES]


def test_a_mark_of_the_byte_order_is_no_text_and_what_is_no_text_is_replaced(lay):
    assert first_lines(lay({"a.txt": "\ufeffone\n".encode() + b"tw\xff\n"}) / "a.txt") == ["one", "tw\ufffd"]


@pytest.mark.parametrize(
    ("content", "what"), [(b"", "empty"), (b"x", "damaged"), (gzip.compress(b"x", mtime=0)[:7], "damaged")]
)
def test_what_cannot_be_read_is_an_error(lay, content, what):
    with pytest.raises(DataError, match=what):
        first_lines(lay({"a.txt.gz": content}) / "a.txt.gz")
