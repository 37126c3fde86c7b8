"""Extractive question answering: a prediction is a span of the context, as text."""

from __future__ import annotations

from isthmus.sources.example import Question
from isthmus.tasks.task import Kind


def gold(example: Question) -> tuple[str, ...] | None:
    """Return the texts of all accepted answers."""
    return None if example.answers is None else tuple(answer.text for answer in example.answers)


def perfect(gold: tuple[str, ...]) -> str:
    """Return the first accepted answer."""
    return gold[0]


KIND = Kind(
    name="span", description="the span of a context that answers a question", example=Question, gold=gold, perfect=perfect
)
