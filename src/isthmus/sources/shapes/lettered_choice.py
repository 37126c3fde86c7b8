"""Answers to choose from, each with a letter: ``id``, ``question``, ``choices`` (``label`` and ``text``) and ``label``."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.core.errors import nearest
from isthmus.sources.example import Choice
from isthmus.sources.json_lines import Record, check_single_ids
from isthmus.sources.shape import labelled


def shape(rows: list[Record], _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the questions of a split, all of which have an answer or none has."""
    check_single_ids(rows)
    there = labelled(rows)
    return [_choice(row, there) for row in rows]


def _choice(row: Record, there: bool) -> Choice:
    choices = row.record("choices")
    letters, endings = choices.texts("label"), choices.texts("text")
    if len(letters) < 2 or len(set(letters)) < len(letters) or len(letters) != len(endings):
        what = f"the choices {', '.join(letters) or 'none'} of {len(endings)} texts"
        raise row.fault(f"{what}: expected two or more, each with a letter of its own")
    answer = row.text("label") if there else None
    if answer is not None and answer not in letters:
        raise row.fault(f"the answer {answer!r} is no choice; {nearest(answer, letters)}")
    return Choice(
        row.text("id"), "", row.text("question"), tuple(endings), None if answer is None else letters.index(answer)
    )
