"""How near two sentences are: the cosine of their vectors, or that cosine against those of their neighbours.

A sentence in a crowded place is near to everything: CSLS (Conneau et al. 2018, section 2.3) and the ratio margin (Artetxe
and Schwenk 2019, section 3.2) judge a pair by how much nearer it is than the k nearest of either side are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from isthmus.evaluation.neighbours import BLOCK, CPU, Best, blocks, top_both_ways, top_rows

Name = Literal["cosine", "csls", "ratio"]
TINY = 1e-6  # what the mean cosine of neighbours counts as at least, where vectors point away from all others


@dataclass(frozen=True, slots=True)
class Similarity:
    """A similarity by name, how many neighbours of either side it looks at, and how mining finds those."""

    name: Name = "cosine"
    neighbours: int = 4
    search: Literal["exact", "faiss"] = "exact"

    def of(self, cosines: Tensor, forth: Tensor, back: Tensor) -> Tensor:
        """Return the similarity of pairs from their cosines and the mean cosine of each side's own nearest neighbours.

        The three have shapes that broadcast. ``csls`` is 2 cos - forth - back, ``ratio`` is cos / ((forth + back) / 2).
        """
        if self.name == "csls":
            return 2 * cosines - forth - back
        if self.name == "ratio":
            return cosines / ((forth + back) / 2).clamp(min=TINY)
        return cosines


COSINE, RATIO = Similarity(), Similarity("ratio")


def nearest_rows(
    queries: Tensor, candidates: Tensor, device: torch.device = CPU, block: int = BLOCK, similarity: Similarity = COSINE
) -> list[int]:
    """Return for each query the row of the candidate most similar to it among all; the first of equals.

    Exact, in blocks: where neighbours count, a first pass finds their means and a second the most similar.
    """
    if similarity.name == "cosine":
        return _only(top_rows(queries, candidates, 1, device, block)[1])
    forth, back = (best.values.mean(1) for best in top_both_ways(queries, candidates, similarity.neighbours, device, block))
    found = Best(len(queries), min(1, len(candidates)), device)
    for i, j, cosines in blocks(queries, candidates, device, block):
        found.see(i, similarity.of(cosines, forth[i : i + block, None], back[j : j + block]), j)
    return _only(found.rows)


def _only(column: Tensor) -> list[int]:
    rows: list[int] = column.flatten().tolist()
    return rows
