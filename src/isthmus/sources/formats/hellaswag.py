"""HellaSwag's JSON lines: ``ctx`` (or its halves ``ctx_a``, ``ctx_b``), ``endings``, and ``label``, the index of one.

The official test file has no labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.sources.example import Choice
from isthmus.sources.format import Format
from isthmus.sources.json_lines import Record, all_or_none, read_records


def read(path: Path, _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the items of a file, all of which have a label or none has."""
    records = list(read_records(path))
    labelled = all_or_none(records, "label")
    return [_choice(str(row), record, labelled) for row, record in enumerate(records)]


def _choice(id_: str, record: Record, labelled: bool) -> Choice:
    endings = tuple(record.texts("endings"))
    label = record.item("label", int) if labelled else None
    if len(endings) < 2:
        raise record.fault(f"{len(endings)} endings, expected two or more to choose from")
    if label is not None and not 0 <= label < len(endings):
        raise record.fault(f"the label {label} is no ending; expected 0 to {len(endings) - 1}")
    return Choice(id_, _context(record), None, endings, label)


def _context(record: Record) -> str:
    if "ctx" in record.content or "ctx_a" not in record.content:
        return record.text("ctx")
    return f"{record.text('ctx_a')} {record.item('ctx_b', str)}".strip()


FORMAT = Format(read)
