"""Masked language modelling on raw text: nothing is predicted for a user, so nothing is scored."""

from __future__ import annotations

from isthmus.sources.example import Line
from isthmus.tasks.task import Kind


def gold(_example: Line) -> None:
    """Return None: raw text has no gold."""
    return


KIND = Kind(name="mlm", description="masked words of raw text; only trained on, never scored", example=Line, gold=gold)
