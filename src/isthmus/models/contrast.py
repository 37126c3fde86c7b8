"""Bringing a sentence near its translation: in-batch contrast of pooled states (InfoXLM, Chi et al. 2021, section 3.2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from isthmus.models.feature import Batch
from isthmus.models.head import Loss
from isthmus.models.network import Network

TEMPERATURE = 0.05


class Contrast(nn.Module):
    """An encoder judged by which of a batch's sentences translates which; its windows are pairs, one after the other.

    The vectors are means of the last states over sub-words, as retrieval takes them; there are no weights of its own.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.body, self.network = network.body, network

    def forward(self, batch: Batch) -> Loss:
        """Return the cross-entropies of finding the second by the first and the first by the second, summed over pairs."""
        hidden = self.network.hidden(self.body, batch).float()
        mask = batch.mask.unsqueeze(-1)
        vectors = nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)
        first, second = vectors[0::2], vectors[1::2]
        likeness: Tensor = first @ second.T / TEMPERATURE
        own = torch.arange(len(first), device=likeness.device)
        both = [nn.functional.cross_entropy(side, own, reduction="sum") for side in (likeness, likeness.T)]
        return Loss((both[0] + both[1]) / 2, torch.tensor(float(len(own))), None)
