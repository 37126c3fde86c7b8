"""Pairs of texts by tabs below a header, which names the columns: GLUE's MNLI, QQP and RTE, XNLI, XNLI-MT, PAWS-X, ConjNLI.

GLUE's QQP is quoted as Python's csv writer quotes; in the others a quotation mark is but a character. Test files without
labels lack the column. A file with a column ``language`` holds several, and one of them is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from isthmus.core.files import read_lines
from isthmus.sources.example import TextPair
from isthmus.sources.format import Format
from isthmus.sources.formats.pairs import below, csv_rows
from isthmus.sources.text_pairs import LANGUAGE, Row, columns_of, examples_of


def read(path: Path, labels: Sequence[str] = (), language: str = "") -> list[TextPair]:
    """Return the pairs of a file; a fault names the line its row begins at."""
    lines = read_lines(path)
    top, opening = next(lines)
    header = opening.split("\t")
    columns = columns_of(path, header, top)
    cells = islice(csv_rows(path), 1, None) if columns.quoted else ((number, line.split("\t")) for number, line in lines)
    wanted = (columns.first, columns.second, columns.label, columns.id, LANGUAGE)
    places = [header.index(name) if name and name in header else None for name in wanted]
    rows = (_row(line, row, places) for line, row in below(path, top, header, cells))
    return examples_of(path, columns, rows, labels, language)


def _row(line: int, row: list[str], places: list[int | None]) -> Row:
    first, second, label, id_, language = (None if place is None else row[place] for place in places)
    return Row(line, first or "", second or "", label, id_ or "", language)


FORMAT = Format(read, by_language=True)
