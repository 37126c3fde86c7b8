"""Holm's correction (1979): which of many tests stay significant when one false alarm among all of them is one too many."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the corrected p-values in the order given; raises ValueError for what is no probability.

    The smallest of m is multiplied by m, the next by m - 1, and so on; none is above 1 nor below that of a smaller p. Tests
    whose corrected p is at most 5 % hold together at 5 %, however they depend on each other, if every p is right as far out
    as it is corrected for; of three seeds or fewer that differ a lot it is not (``benchmarks/coverage.py``).
    """
    for p in p_values:
        if not 0 <= p <= 1:
            raise ValueError(f"a p-value lies between 0 and 1; found {p}")
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    scaled = (min(1.0, p_values[place] * (len(order) - rank)) for rank, place in enumerate(order))
    corrected = dict(zip(order, accumulate(scaled, max), strict=True))
    return [corrected[place] for place in range(len(order))]
