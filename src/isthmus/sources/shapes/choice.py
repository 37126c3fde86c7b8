"""Endings to choose from: ``endings`` (a list), ``label`` (the number of one, from 0), ``context`` and ``question``.

Either of the last two may be absent.
"""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.sources.example import Choice
from isthmus.sources.json_lines import Record
from isthmus.sources.shape import labelled


def shape(rows: list[Record], _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the items of a split, all of which have a label or none has."""
    there = labelled(rows)
    return [choice(str(i), row, label_of(row) if there else None) for i, row in enumerate(rows)]


def choice(id_: str, row: Record, label: int | None) -> Choice:
    """Return the item of a row; raises DataError where the label is no ending."""
    endings = tuple(row.texts("endings"))
    if len(endings) < 2:
        raise row.fault(f"{len(endings)} endings, expected two or more to choose from")
    if label is not None and not 0 <= label < len(endings):
        raise row.fault(f"the label {label} is no ending; expected 0 to {len(endings) - 1}")
    context = row.text("context") if "context" in row.content else ""
    return Choice(id_, context, row.text("question") if "question" in row.content else None, endings, label)


def label_of(row: Record) -> int:
    """Return the label of a row as a number; the hub has it as a number or as its digits."""
    label = row.content["label"]
    if type(label) is int or (isinstance(label, str) and label.isdecimal()):
        return int(label)
    raise row.fault(f"the label must be the number of an ending, found {label!r:.60}")
