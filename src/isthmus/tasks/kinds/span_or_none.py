"""Extractive question answering where a context may hold no answer: a prediction is the best span, and how sure it is.

``{"text": the best span, "null": how far no answer lies above it}``: nothing is answered where ``null`` is above 0.
"""

from __future__ import annotations

from typing import Any

from isthmus.sources.example import OpenQuestion
from isthmus.tasks.kinds.span import gold
from isthmus.tasks.task import Kind


def perfect(gold: tuple[str, ...]) -> dict[str, Any]:
    """Return the first accepted answer, or none where there is none."""
    return {"text": gold[0], "null": -1.0} if gold else {"text": "", "null": 1.0}


KIND = Kind(
    name="span_or_none",
    description="the span of a context that answers a question, or that there is none",
    example=OpenQuestion,
    gold=gold,
    perfect=perfect,
)
