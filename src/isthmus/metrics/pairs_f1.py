"""F1 over mined translation pairs: the official figure of BUCC 2018 (shared task on bitext mining, Zweigenbaum et al.).

An example is a sentence of the source side. Its gold is the id of its translation, its prediction the id of the sentence it
was paired with; "" is none. A pair counts when both ids are right, whatever its similarity was.
"""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.metrics._aligned import check_aligned
from isthmus.metrics._sums import Counts, column_sums, micro_f1


def score(gold: Sequence[str], predicted: Sequence[str]) -> dict[str, float]:
    """Return F1, precision and recall over the pairs of gold and those predicted; 0 where there is nothing to count.

    Raises ValueError when gold and predictions do not line up.
    """
    return value(column_sums(counts(gold, predicted)))


def counts(gold: Sequence[str], predicted: Sequence[str]) -> Counts:
    """Return (hits, pairs in gold, pairs predicted), each 0 or 1, for each sentence; raises ValueError as ``score`` does."""
    check_aligned(gold, predicted, "sentence")
    return [
        (float(right == guess != ""), float(right != ""), float(guess != ""))
        for right, guess in zip(gold, predicted, strict=True)
    ]


def value(totals: Sequence[float]) -> dict[str, float]:
    """Return the figures of summed counts."""
    return micro_f1(totals)
