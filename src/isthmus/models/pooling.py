"""Sentence vectors from hidden states, for retrieval: no head, nothing trained."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from isthmus.models.feature import Batch, Feature, windows
from isthmus.models.head import Encoding


def features(texts: Sequence[str], encoding: Encoding) -> list[Feature]:
    """Return the windows of each text, next to each other without overlap."""
    made: list[Feature] = []
    room = encoding.max_length - encoding.frame.size
    for index, ids in enumerate(encoding.ids(texts)):
        for start, end in windows(len(ids), room, 0):
            framed, types = encoding.frame.one(ids[start:end])
            made.append(Feature(framed, types, index, None))
    return made


def window_sums(hidden: Tensor, batch: Batch, pooling: str) -> Tensor:
    """Return B x (H + 1): the pooled sum of each window's states and, last, how many states it sums.

    ``mean`` sums every sub-word, special tokens included, as XTREME's retrieval script does; ``first`` takes the first.
    """
    hidden = hidden.float()  # bf16 cannot count beyond 256
    mask = batch.mask.unsqueeze(-1)
    if pooling == "first":
        total, count = hidden[:, 0], torch.ones_like(hidden[:, 0, :1])
    else:
        total, count = (hidden * mask).sum(1), mask.sum(1)
    return torch.cat([total, count], -1).cpu()


def unit_vectors(totals: Tensor) -> Tensor:
    """Return unit vectors ... x H of totals ... x (H + 1), the sums that ``window_sums`` gives over the windows of a text.

    Works in place: a second copy of the vectors of many texts may not fit.
    """
    vectors = totals[..., :-1]
    vectors /= totals[..., -1:].clamp(min=1)
    vectors /= vectors.norm(dim=-1, keepdim=True).clamp(min=1e-12)
    return vectors
