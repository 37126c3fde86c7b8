"""Questions that their context may not answer, in the columns of ``question``: such a one has an empty list of answers."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.sources.example import OpenQuestion
from isthmus.sources.json_lines import Record, check_single_ids
from isthmus.sources.shapes.question import answers_of, texts_of


def shape(rows: list[Record], _labels: Sequence[str] = ()) -> list[OpenQuestion]:
    """Return the questions of a split; where none has an answer, the answers were withheld."""
    check_single_ids(rows)
    found = [answers_of(row) for row in rows]
    known = any(found)
    return [OpenQuestion(*texts_of(row), answers if known else None) for row, answers in zip(rows, found, strict=True)]
