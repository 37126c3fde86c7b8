"""Accuracy over examples: the official figure of XNLI, PAWS-X and Tatoeba."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from isthmus.metrics._aligned import check_aligned
from isthmus.metrics._sums import Counts, column_sums, mean


def score(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> dict[str, float]:
    """Return the percentage of examples whose prediction equals gold; raises ValueError when they do not line up."""
    return value(column_sums(counts(gold, predicted)))


def counts(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> Counts:
    """Return (1 if right else 0, 1) for each example; raises ValueError when they do not line up."""
    check_aligned(gold, predicted)
    return [(float(answer == guess), 1.0) for answer, guess in zip(gold, predicted, strict=True)]


def value(totals: Sequence[float]) -> dict[str, float]:
    """Return the figure of summed counts."""
    right, number = totals
    return {"accuracy": mean(right, number)}
