"""Quora question pairs in GLUE's layout: a header, then ``id qid1 qid2 question1 question2 is_duplicate``, by tabs.

Quoted as Python's csv writer quotes; GLUE's test file has no labels and no ids of questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.sources.example import TextPair
from isthmus.sources.format import Format
from isthmus.sources.formats.pairs import csv_rows

TEXTS = ("question1", "question2")
LABEL = "is_duplicate"


def read(path: Path, labels: Sequence[str] = ()) -> list[TextPair]:
    """Return the pairs of a file; columns are found by their names in the header."""
    (top, header), *rows = csv_rows(path)
    for name in TEXTS:
        if name not in header:
            raise DataError(path, f"no column {name!r} in the header; {nearest(name, header)}", top)
    if not rows:
        raise DataError(path, "no row below the header", top)
    return [_pair(path, line, str(index), header, row, labels) for index, (line, row) in enumerate(rows)]


def _pair(path: Path, line: int, id_: str, header: list[str], row: list[str], labels: Sequence[str]) -> TextPair:
    if len(row) != len(header):
        raise DataError(path, f"{len(row)} columns, expected {len(header)} as in the header: {row!r}", line)
    cells = dict(zip(header, row, strict=True))
    label = cells.get(LABEL)
    if label == "" or (label and labels and label not in labels):
        raise DataError(path, f"unknown label {label!r}; {nearest(label, labels)}", line)
    return TextPair(id_, cells[TEXTS[0]], cells[TEXTS[1]], label)


FORMAT = Format(read)
