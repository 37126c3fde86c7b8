"""Labelled pairs of texts: tab-separated ``first second label`` without a header, quoted as Python's csv writer quotes.

A stripped file has two columns. Line ends inside a quoted text become ``\\n``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.core.files import read_lines
from isthmus.sources.example import TextPair
from isthmus.sources.format import Format
from isthmus.sources.text_pairs import label_of


def read(path: Path, labels: Sequence[str] = ()) -> list[TextPair]:
    """Return the pairs of a file, whose rows all have a label or none has; a fault names the line its row begins at."""
    examples: list[TextPair] = []
    width = 0
    for line, row in csv_rows(path):
        width = width or len(row)
        label = label_of(row[2], labels) if len(row) == width == 3 else None
        if len(row) != width or width not in (2, 3) or label == "" or (label and labels and label not in labels):
            raise DataError(path, _fault(row, width, labels), line)
        examples.append(TextPair(str(len(examples)), row[0], row[1], label))
    return examples


def csv_rows(path: Path, delimiter: str = "\t") -> Iterator[tuple[int, list[str]]]:
    """Yield (line it begins at, cells) of each row; raises DataError for quotes that do not match."""
    reader = csv.reader((f"{line}\n" for _, line in read_lines(path)), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(path, f"the quotes of this row do not match ({error})", line) from None


def below(
    path: Path, top: int, header: Sequence[str], rows: Iterable[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below a header; raises DataError for one of another width, and where there is none."""
    line = 0
    for line, row in rows:
        if len(row) != len(header):
            what = f"{len(row)} columns, expected {len(header)} as in the header: {row!r:.200}"
            raise DataError(path, what if any(row) else "a blank line", line)
        yield line, row
    if not line:
        raise DataError(path, "no row below the header", top)


def _fault(row: list[str], width: int, labels: Sequence[str]) -> str:
    """Say what is wrong with a row, ``width`` being the number of columns of the first one."""
    if not row:
        return "a blank line"
    expected = {2: "2 as in the first row (labels stripped)", 3: "3 as in the first row"}.get(width, "2 or 3")
    if len(row) != width or width not in (2, 3):
        return f"{len(row)} columns, expected {expected}: {row!r}"
    if not row[2]:
        return f"the label is missing: {row!r}"
    return f"unknown label {row[2]!r}; {nearest(row[2], labels)}"


FORMAT = Format(read)
