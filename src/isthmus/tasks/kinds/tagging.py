"""Tagging: a prediction is a list of tags, one a word."""

from __future__ import annotations

from isthmus.sources.example import TaggedSentence
from isthmus.tasks.task import Kind


def gold(example: TaggedSentence) -> tuple[str, ...] | None:
    """Return the tags."""
    return example.tags


KIND = Kind(
    name="tagging",
    description="one tag for each word of a sentence",
    example=TaggedSentence,
    gold=gold,
    labelled=True,
    perfect=list,
)
