"""HellaSwag's JSON lines: the scene as ``ctx_a`` and ``ctx_b``, ``endings``, and ``label``, the index of one.

``ctx_b``, often empty, begins the sentence that the endings end: it stands before each of them, as jiant has it
(hellaswag.py). Where there is but the whole, ``ctx``, that is the context. The official test file has no labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.sources.example import Choice
from isthmus.sources.format import Format
from isthmus.sources.json_lines import Record, alike, read_records


def read(path: Path, _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the items of a file, all of which have a label or none has."""
    return [_choice(str(row), record) for row, record in enumerate(alike(read_records(path), "label"))]


def _choice(id_: str, record: Record) -> Choice:
    label = record.item("label", int) if "label" in record.content else None
    halves = "ctx_a" in record.content
    context, start = (record.text("ctx_a"), record.item("ctx_b", str)) if halves else (record.text("ctx"), "")
    return choice_of(id_, record, context, None, label, start)


def choice_of(id_: str, record: Record, context: str, question: str | None, label: int | None, start: str = "") -> Choice:
    """Return an item whose ``endings`` all begin with ``start``; raises DataError where the label is none of them."""
    endings = tuple(f"{start} {ending}".strip() for ending in record.texts("endings"))
    if len(endings) < 2:
        raise record.fault(f"{len(endings)} endings, expected two or more to choose from")
    if label is not None and not 0 <= label < len(endings):
        raise record.fault(f"the label {label} is no ending; expected 0 to {len(endings) - 1}")
    return Choice(id_, context, question, endings, label)


FORMAT = Format(read)
