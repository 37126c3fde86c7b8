"""Multiple choice: a prediction is the index of an ending."""

from __future__ import annotations

from isthmus.sources.example import Choice
from isthmus.tasks.task import Kind


def gold(example: Choice) -> int | None:
    """Return the index of the right ending."""
    return example.label


KIND = Kind(name="choice", description="which of several endings is right", example=Choice, gold=gold)
