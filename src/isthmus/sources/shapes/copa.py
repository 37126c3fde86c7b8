"""COPA's items: the columns of ``choice``, of which ``question`` says ``cause`` or ``effect``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from isthmus.core.errors import nearest
from isthmus.sources.example import Choice
from isthmus.sources.formats.copa import QUESTIONS
from isthmus.sources.json_lines import Record
from isthmus.sources.shapes import choice


def shape(rows: list[Record], labels: Sequence[str] = ()) -> list[Choice]:
    """Return the items of a split, what is asked put in words as in files."""
    for row in rows:
        asked = row.text("question")
        if asked not in QUESTIONS:
            raise row.fault(f"unknown question {asked!r}; {nearest(asked, QUESTIONS)}")
    return [replace(item, question=QUESTIONS[str(item.question)]) for item in choice.shape(rows, labels)]
