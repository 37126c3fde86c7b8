"""Pairs of texts as JSON lines: SNLI, MultiNLI and XNLI (``sentence1``, ``sentence2``, ``gold_label``), ANLI.

ANLI has ``context``, ``hypothesis``, ``label`` (e, n or c) and ``uid``. The gold label ``-`` of SNLI and MultiNLI says that
the annotators did not agree: such rows are left out, as by everyone who uses these sets. A file with a key ``language``
holds several, and one of them is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from isthmus.sources.example import TextPair
from isthmus.sources.format import Format
from isthmus.sources.json_lines import Record, alike, read_records
from isthmus.sources.text_pairs import LANGUAGE, Columns, Row, columns_of, examples_of


def read(path: Path, labels: Sequence[str] = (), language: str = "") -> list[TextPair]:
    """Return the pairs of a file, whose rows all have a label or none has."""
    records = read_records(path)
    first = next(records)
    columns = columns_of(path, list(first.content), first.line)
    rows = (_row(record, columns) for record in alike(chain([first], records), columns.label, LANGUAGE))
    return examples_of(path, columns, rows, labels, language)


def _row(record: Record, columns: Columns) -> Row:
    return Row(
        record.line,
        record.item(columns.first, str),
        record.item(columns.second, str),
        record.item(columns.label, str) if columns.label in record.content else None,
        record.text(columns.id) if columns.id else "",
        record.text(LANGUAGE) if LANGUAGE in record.content else None,
    )


FORMAT = Format(read, by_language=True)
