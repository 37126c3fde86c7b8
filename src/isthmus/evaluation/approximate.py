"""Nearest neighbours by faiss, an extra, for more sentences than exact search has the time for: near, not exact.

Each side is put into cells (an inverted file, Johnson, Douze and Jégou 2017) in half precision, and only the cells nearest
to a vector are searched. Cosines are computed anew from the vectors themselves, so that those of pairs found are exact.
"""

from __future__ import annotations

import importlib
import math
from typing import Any

import torch
from torch import Tensor

from isthmus.core.errors import SetupError
from isthmus.evaluation.neighbours import BLOCK, CPU, Best

POINTS = 39  # vectors a cell needs to be placed by, as faiss has it
SHARE = 16  # one in so many cells is searched
PROBES = 16  # and so many at least


def faiss() -> Any:
    """Return the library; raises SetupError where it is not installed."""
    try:
        return importlib.import_module("faiss")
    except ImportError as error:
        raise SetupError(f"search: faiss needs an extra, pip install 'isthmus[faiss]' ({error})") from error


def top_both_ways(
    queries: Tensor, candidates: Tensor, k: int, device: torch.device = CPU, block: int = BLOCK
) -> tuple[Best, Best]:
    """Return about the k nearest candidates of each query and about the k nearest queries of each candidate.

    As the exact search of that name, which this stands for; the search itself is done on the CPU.
    """
    return _top(queries, candidates, k, device, block), _top(candidates, queries, k, device, block)


def _top(queries: Tensor, candidates: Tensor, k: int, device: torch.device, block: int) -> Best:
    library = faiss()
    cells = max(1, min(round(4 * math.sqrt(len(candidates))), len(candidates) // POINTS))
    index = library.index_factory(candidates.shape[1], f"IVF{cells},SQfp16", library.METRIC_INNER_PRODUCT)
    spread = torch.linspace(0, len(candidates) - 1, min(len(candidates), 2 * POINTS * cells)).long()
    index.train(candidates[spread].numpy())
    for start in range(0, len(candidates), block):
        index.add(candidates[start : start + block].contiguous().numpy())
    index.nprobe = max(PROBES, cells // SHARE)
    found = Best(len(queries), min(k, len(candidates)), device)
    for start in range(0, len(queries), block):
        own = queries[start : start + block].contiguous()
        rows = torch.from_numpy(index.search(own.numpy(), found.rows.shape[1])[1])
        rows = rows.where(rows >= 0, rows[:, :1].clamp(min=0))  # the cells searched may hold fewer than k
        cosines, order = torch.einsum("nh,nkh->nk", own, candidates[rows]).sort(descending=True)
        found.values[start : start + block] = cosines.to(device)
        found.rows[start : start + block] = rows.gather(1, order).to(device)
    return found
