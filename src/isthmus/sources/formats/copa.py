"""COPA's JSON lines as in XCOPA: ``premise``, ``choice1``, ``choice2``, ``question`` (cause or effect) and ``label``.

XTREME-R's preparation withholds the labels of test files by making each 0; a file in which all are 0 has no gold.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.core.errors import nearest
from isthmus.sources.example import Choice
from isthmus.sources.format import Format
from isthmus.sources.json_lines import Record, alike, read_records

# What is asked in words, as XTREME-R's script asks it.
QUESTIONS = {"cause": "What was the cause?", "effect": "What was the effect?"}
TELLING = 20  # items of which it is no accident that every label is 0


def read(path: Path, _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the items of a file, all of which have a label or none has."""
    records = list(alike(read_records(path), "label"))
    labels = [_label(record) for record in records if "label" in record.content]
    known = any(labels) or 0 < len(labels) < TELLING
    return [choice_of(str(row), record, labels[row] if known else None) for row, record in enumerate(records)]


def _label(record: Record) -> int:
    label = record.item("label", int)
    if label not in (0, 1):
        raise record.fault(f"the label {label} is neither 0 (choice1) nor 1 (choice2)")
    return label


def choice_of(id_: str, record: Record, label: int | None) -> Choice:
    """Return an item that asks for a cause or an effect; raises DataError for any other question."""
    asked = record.text("question")
    if asked not in QUESTIONS:
        raise record.fault(f"unknown question {asked!r}; {nearest(asked, QUESTIONS)}")
    endings = record.text("choice1"), record.text("choice2")
    return Choice(id_, record.text("premise"), QUESTIONS[asked], endings, label)


FORMAT = Format(read)
