"""Figures as functions of sums over examples: what makes a score decomposable, and its chance computable."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

Counts = list[tuple[float, ...]]  # one row of numbers an example


def column_sums(counts: Counts) -> tuple[float, ...]:
    """Return the sum of each column, correctly rounded, so that the order of the examples is of no account."""
    return tuple(map(fsum, zip(*counts, strict=True)))


def mean(total: float, count: float) -> float:
    """Return a mean of numbers on 0-1 in percent."""
    return 100 * total / count


def micro_f1(sums: Sequence[float]) -> dict[str, float]:
    """Return F1, precision and recall (0-100) of (hits, things in gold, things predicted), 0 without anything to count."""
    hits, gold, predicted = sums
    return {
        "f1": _share(2 * hits, gold + predicted),
        "precision": _share(hits, predicted),
        "recall": _share(hits, gold),
    }


def _share(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0
