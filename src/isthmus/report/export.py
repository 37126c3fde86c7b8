"""A study's results for other programs: every row as CSV, rows and averages as plain JSON types."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

from isthmus.results.row import Row
from isthmus.results.table import Summary


def to_csv(rows: Iterable[Row]) -> str:
    """Return one line a row below a line of names; None is an empty field and numbers keep all their digits."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [field.name for field in fields(Row)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(asdict, rows))
    return stream.getvalue()


def to_json(rows: Iterable[Row], summary: Summary) -> dict[str, Any]:
    """Return the rows and the summary with its averages, deltas and comparisons, as plain JSON types."""
    return {"rows": [asdict(row) for row in rows], "summary": asdict(summary)}
