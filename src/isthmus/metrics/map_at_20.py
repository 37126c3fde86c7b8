"""Mean average precision of the twenty best candidates: the official figure of LAReQA and, with one right answer, Mewsli-X.

After XTREME's utils_lareqa.py and utils_mewslix.py: a query's precision at the rank of each right candidate is summed and
divided by how many could have been found, which is the number of right candidates, twenty at most. A candidate that is named
twice counts where it stands first. With one right candidate this is the reciprocal of its rank, the MRR of Mewsli-X.
"""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.metrics._aligned import check_aligned
from isthmus.metrics._sums import Counts, column_sums, mean

DEEPEST = 20


def score(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return MAP@20 and MRR@20 (the reciprocal rank of the first right candidate, 0 beyond rank twenty) over queries.

    Gold are the right candidates of each query in any order, predictions candidates best first; those beyond the twentieth
    do not count. Raises ValueError when the two do not line up or a query has no right candidate.
    """
    return value(column_sums(counts(gold, predicted)))


def counts(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> Counts:
    """Return (average precision, reciprocal rank, 1), the first two on 0-1, for each query; raises as ``score`` does."""
    check_aligned(gold, predicted, "query")
    rows: Counts = []
    for index, (matches, ranked) in enumerate(zip(gold, predicted, strict=True)):
        if not matches:
            raise ValueError(f"query {index}: no right candidate")
        right, named = set(matches), list(ranked)[:DEEPEST]
        ranks = sorted(named.index(candidate) + 1 for candidate in right.intersection(named))
        precisions = sum(found / rank for found, rank in enumerate(ranks, 1))
        rows.append((precisions / min(len(right), DEEPEST), 1 / ranks[0] if ranks else 0.0, 1.0))
    return rows


def value(totals: Sequence[float]) -> dict[str, float]:
    """Return the figures of summed counts."""
    precision, reciprocal, number = totals
    return {"map": mean(precision, number), "mrr": mean(reciprocal, number)}
