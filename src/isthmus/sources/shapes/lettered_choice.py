"""Answers to choose from, each with a letter: ``id``, ``question``, ``choices`` (``label`` and ``text``) and ``label``."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.sources.example import Choice
from isthmus.sources.formats.commonsenseqa import choice_of
from isthmus.sources.json_lines import Record, check_single_ids
from isthmus.sources.shape import labelled


def shape(rows: list[Record], _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the questions of a split, all of which have an answer or none has."""
    check_single_ids(rows)
    there = labelled(rows)
    return [_choice(row, there) for row in rows]


def _choice(row: Record, there: bool) -> Choice:
    choices = row.record("choices")
    answer = row.text("label") if there else None
    return choice_of(row, row.text("question"), choices.texts("label"), choices.texts("text"), answer)
