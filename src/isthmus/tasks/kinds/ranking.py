"""Ranking candidates of a pool: a prediction is the ids of the best candidates, best first, twenty at most."""

from __future__ import annotations

from isthmus.sources.example import Ranked
from isthmus.tasks.task import Kind

DEEPEST = 20  # candidates that the official figures look at: MAP@20


def gold(example: Ranked) -> tuple[str, ...] | None:
    """Return the ids of the candidates that are right."""
    return example.matches


KIND = Kind(
    name="ranking",
    description="which candidates of a pool answer a query, best first",
    example=Ranked,
    gold=gold,
    perfect=lambda gold: list(gold)[:DEEPEST],
)
