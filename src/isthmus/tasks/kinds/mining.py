"""Bitext mining without training: a prediction is the id of the sentence's translation, empty where it has none."""

from __future__ import annotations

from isthmus.sources.example import MinedSentence
from isthmus.tasks.task import Kind


def gold(example: MinedSentence) -> str | None:
    """Return the id of the translation, empty for none."""
    return example.match


KIND = Kind(
    name="mining",
    description="which sentences of two texts translate each other, most having no translation",
    example=MinedSentence,
    gold=gold,
)
