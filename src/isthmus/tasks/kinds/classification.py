"""Classification of one text or two: a prediction is a label."""

from __future__ import annotations

from isthmus.sources.example import TextPair
from isthmus.tasks.task import Kind


def gold(example: TextPair) -> str | None:
    """Return the label."""
    return example.label


KIND = Kind(
    name="classification",
    description="one label for a text or a pair of texts",
    example=TextPair,
    gold=gold,
    labelled=True,
)
