"""Nearest neighbours among unit vectors: exact, in blocks, so that memory is that of the vectors and little more.

A copy of 1,000,000 vectors of 1,024 dimensions takes 4.1 GB, the cosines of 150,000 with them 600 GB: neither is ever made.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

CPU = torch.device("cpu")
BLOCK = 4096  # rows of either side whose cosines are held at once


class Best:
    """The k highest scores of each of N rows among those seen so far, highest first, and where they stood.

    ``values`` and ``rows`` are N x k. Of equal scores the first seen is kept: whoever shows the columns in their order gets
    the first of equals, whatever the size of the blocks.
    """

    def __init__(self, size: int, k: int, device: torch.device) -> None:
        self.values = torch.full((size, k), -torch.inf, device=device)
        self.rows = torch.zeros(size, k, dtype=torch.long, device=device)

    def see(self, start: int, scores: Tensor, first: int) -> None:
        """Take in the scores of the rows from ``start`` on with the columns from ``first`` on."""
        values, rows = (side[start : start + len(scores)] for side in (self.values, self.rows))
        # Soon few rows of a block hold anything new, so they alone are looked at twice.
        new = (scores.amax(1) > values[:, -1]).nonzero().flatten()
        k = values.shape[1]
        pool = torch.cat([values[new], scores[new]], 1)
        known = rows[new]
        for rank in range(k if len(new) else 0):
            value, at = pool.max(1)
            before = known.gather(1, at.clamp(max=k - 1)[:, None])[:, 0]
            values[new, rank], rows[new, rank] = value, torch.where(at < k, before, at - k + first)
            pool.scatter_(1, at[:, None], -torch.inf)


def blocks(queries: Tensor, candidates: Tensor, device: torch.device, block: int) -> Iterator[tuple[int, int, Tensor]]:
    """Yield (first query, first candidate, cosines of at most ``block`` of each) over all, in rising order of both."""
    for i in range(0, len(queries), block):
        rows = queries[i : i + block].to(device)
        for j in range(0, len(candidates), block):
            yield i, j, rows @ candidates[j : j + block].to(device).T


def top_rows(
    queries: Tensor, candidates: Tensor, k: int, device: torch.device = CPU, block: int = BLOCK
) -> tuple[Tensor, Tensor]:
    """Return the cosines N x k of the k nearest of M candidates of each of N queries, highest first, and their rows N x k.

    ``queries`` N x H and ``candidates`` M x H hold unit vectors; k is M at most. Exact; of equals the first comes first.
    Never more than two blocks of ``block`` squared cosines are held, on ``device``; what is returned is on the CPU.
    """
    found = Best(len(queries), min(k, len(candidates)), device)
    for i, j, cosines in blocks(queries, candidates, device, block):
        found.see(i, cosines, j)
    return found.values.cpu(), found.rows.cpu()


def top_both_ways(
    queries: Tensor, candidates: Tensor, k: int, device: torch.device = CPU, block: int = BLOCK
) -> tuple[Best, Best]:
    """Return the k nearest candidates of each query and the k nearest queries of each candidate, from one pass.

    As ``top_rows``, but what is returned stays on ``device``.
    """
    forth = Best(len(queries), min(k, len(candidates)), device)
    back = Best(len(candidates), min(k, len(queries)), device)
    for i, j, cosines in blocks(queries, candidates, device, block):
        forth.see(i, cosines, j)
        back.see(j, cosines.T, i)
    return forth, back
