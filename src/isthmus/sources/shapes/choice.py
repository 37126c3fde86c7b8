"""Endings to choose from: ``endings`` (a list), ``label`` (the number of one, from 0), ``context`` and ``question``.

Either of the last two may be absent; ``id`` may be there, and ``start``, the words that every ending begins with.
"""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.sources.example import Choice
from isthmus.sources.formats.hellaswag import choice_of
from isthmus.sources.json_lines import Record
from isthmus.sources.shape import ids_of, labelled


def shape(rows: list[Record], _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the items of a split, all of which have a label or none has."""
    there = labelled(rows)
    return [choice(id_, row, label_of(row) if there else None) for id_, row in zip(ids_of(rows), rows, strict=True)]


def choice(id_: str, row: Record, label: int | None) -> Choice:
    """Return the item of a row; raises DataError where the label is no ending."""
    context, question = (row.text(key) if key in row.content else None for key in ("context", "question"))
    start = row.item("start", str) if "start" in row.content else ""
    return choice_of(id_, row, context or "", question, label, start)


def label_of(row: Record) -> int:
    """Return the label of a row as a number; the hub has it as a number or as its digits."""
    label = row.content["label"]
    if type(label) is int or (isinstance(label, str) and label.isdecimal()):
        return int(label)
    raise row.fault(f"the label must be the number of an ending, found {label!r:.60}")
