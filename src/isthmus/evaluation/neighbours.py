"""Nearest neighbours among unit vectors: exact, in blocks, so that memory is that of the vectors and little more.

A copy of 1,000,000 vectors of 1,024 dimensions takes 4.1 GB, the cosines of 150,000 with them 600 GB: neither is ever made.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

CPU = torch.device("cpu")
BLOCK = 4096  # rows of either side whose cosines are held at once
GROUP = 64  # columns of a block whose highest score is looked at before any of them is


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
        k = values.shape[1]
        if over := -scores.shape[1] % GROUP:
            scores = torch.nn.functional.pad(scores, (0, over), value=-torch.inf)
        grouped = scores.reshape(len(scores), -1, GROUP)
        highest = grouped.amax(2)
        # Soon few rows of a block hold anything new, and what is new lies in the k groups whose highest are highest.
        new = (highest.amax(1) > values[:, -1]).nonzero().flatten()
        groups = _highest(highest[new], min(k, highest.shape[1]))[1].sort(1).values
        columns = first + groups[:, :, None] * GROUP + torch.arange(GROUP, device=groups.device)
        values[new], best = _highest(torch.cat([values[new], grouped[new[:, None], groups].flatten(1)], 1), k)
        rows[new] = torch.cat([rows[new], columns.flatten(1)], 1).gather(1, best)


def _highest(scores: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """Return the k highest scores of each row, highest first, and their columns, of equals the first; uses ``scores`` up."""
    values, columns = scores.new_empty(len(scores), k), torch.empty(len(scores), k, dtype=torch.long, device=scores.device)
    for rank in range(k):
        values[:, rank], columns[:, rank] = scores.max(1)
        scores.scatter_(1, columns[:, rank : rank + 1], -torch.inf)
    return values, columns


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
    Never more than three blocks of ``block`` squared cosines are held, on ``device``; what is returned is on the CPU.
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
        back.see(j, cosines.T.contiguous(), i)  # a copy is quicker than looking across
    return forth, back
