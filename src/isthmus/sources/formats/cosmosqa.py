"""CosmosQA's rows, ``id context question answer0 ... answer3 label``: CSV with a header, or JSON lines (the test file).

The official test file has no labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from isthmus.sources.example import Choice
from isthmus.sources.format import Format
from isthmus.sources.formats.pairs import below, csv_rows
from isthmus.sources.json_lines import Record, alike, check_single_ids, read_records

ENDINGS = ("answer0", "answer1", "answer2", "answer3")


def read(path: Path, _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the questions of a file, all of which have a label or none has; its suffix says whether it is CSV."""
    csv = path.name.removesuffix(".gz").endswith(".csv")
    records = list(alike(_rows(path) if csv else read_records(path), "label"))
    check_single_ids(records)
    return [_choice(record) for record in records]


def _rows(path: Path) -> Iterator[Record]:
    """Yield the rows of a CSV file as records, by the names in its header."""
    rows = csv_rows(path, ",")
    top, header = next(rows)
    for line, row in below(path, top, header, rows):
        yield Record(path, line, dict(zip(header, row, strict=True)))


def _choice(record: Record) -> Choice:
    endings = tuple(record.text(name) for name in ENDINGS)
    label = str(record.content["label"]) if "label" in record.content else None
    if label not in (None, "0", "1", "2", "3"):
        raise record.fault(f"the label {label!r} is no answer; expected 0 to 3")
    context, question = record.text("context"), record.text("question")
    return Choice(record.text("id"), context, question, endings, None if label is None else int(label))


FORMAT = Format(read)
