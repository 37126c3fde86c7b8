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


def sentence_vectors(features: Sequence[Feature], sums: Sequence[Tensor], size: int) -> Tensor:
    """Return unit vectors ``size`` x H: for each text the mean over all states of its windows."""
    total = torch.zeros(size, len(sums[0]) if sums else 1)
    for feature, row in zip(features, sums, strict=True):
        total[feature.example] += row
    return torch.nn.functional.normalize(total[:, :-1] / total[:, -1:].clamp(min=1), dim=-1)
