"""Sentence retrieval without training: a prediction is the row of the candidate nearest to the query."""

from __future__ import annotations

from isthmus.sources.example import SentencePair
from isthmus.tasks.task import Kind


def gold(example: SentencePair) -> int | None:
    """Return the row of the candidate that translates the query."""
    return example.match


KIND = Kind(name="retrieval", description="which candidate translates a query", example=SentencePair, gold=gold)
