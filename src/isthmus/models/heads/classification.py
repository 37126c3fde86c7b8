"""Classification of a text or a pair: RoBERTa's head on the first sub-word; the windows of a long input are averaged."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from isthmus.models.feature import Batch, Feature, windows
from isthmus.models.head import Encoding, Head, Loss
from isthmus.sources.example import TextPair


class ClassificationHead(nn.Module):
    """Dropout, dense, tanh, dropout, linear on the first sub-word (RoBERTa; jiant's heads.py)."""

    def __init__(self, hidden: int, num_labels: int, dropout: float) -> None:
        super().__init__()
        self.dense = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, num_labels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor) -> Tensor:
        """Return logits B x L of hidden states B x T x H."""
        pooled = torch.tanh(self.dense(self.dropout(hidden[:, 0])))
        logits: Tensor = self.out(self.dropout(pooled))
        return logits


def features(examples: Sequence[TextPair], labels: Sequence[str], encoding: Encoding) -> list[Feature]:
    """Return the windows of each example: one when it fits, else every pairing of windows of its two texts."""
    first = encoding.ids([e.first for e in examples])
    second = encoding.ids([e.second or "" for e in examples])
    number = {label: i for i, label in enumerate(labels)}
    made: list[Feature] = []
    for index, example in enumerate(examples):
        target = None if example.label is None else number[example.label]
        for a, b in _pairs(first[index], second[index], encoding):
            ids, types = encoding.frame.one(a) if example.second is None else encoding.frame.two(a, b)
            made.append(Feature(ids, types, index, target))
    return made


def _pairs(first: list[int], second: list[int], encoding: Encoding) -> list[tuple[list[int], list[int]]]:
    room = encoding.max_length - encoding.frame.size
    if len(first) + len(second) <= room:
        return [(first, second)]
    # The shorter text keeps what it needs up to half the room, the longer one slides through the rest.
    short = min(len(first), len(second), room // 2)
    rooms = (short, room - short) if len(first) <= len(second) else (room - short, short)
    cut = [
        [text[s:e] for s, e in windows(len(text), size, min(encoding.stride, size // 2))] if text else [text]
        for text, size in zip((first, second), rooms, strict=True)
    ]
    return [(a, b) for a in cut[0] for b in cut[1]]


def loss(module: ClassificationHead, hidden: Tensor, batch: Batch) -> Loss:
    """Return the cross-entropy summed over windows."""
    logits = module(hidden).float()
    target = torch.tensor([f.target for f in batch.features], device=logits.device)
    total = nn.functional.cross_entropy(logits, target, reduction="sum")
    return Loss(total, torch.tensor(float(len(target))), logits.argmax(-1))


def outputs(module: ClassificationHead, hidden: Tensor, batch: Batch) -> list[Tensor]:
    """Return the log-probabilities of each window."""
    return read(module(hidden), batch)


def read(logits: Tensor, batch: Batch) -> list[Tensor]:  # noqa: ARG001
    """Return the log-probabilities of each window, of logits B x L."""
    return list(logits.float().log_softmax(-1).cpu())


def predictions(
    examples: Sequence[TextPair], features: Sequence[Feature], outputs: Sequence[Tensor], labels: Sequence[str]
) -> list[str]:
    """Return the label with the highest mean log-probability over an example's windows."""
    totals = torch.zeros(len(examples), len(labels), dtype=torch.float64)
    windows_of = torch.zeros(len(examples), 1, dtype=torch.float64)
    for feature, output in zip(features, outputs, strict=True):
        totals[feature.example] += output.double()
        windows_of[feature.example] += 1
    return [labels[i] for i in (totals / windows_of).argmax(-1).tolist()]


HEAD = Head(features, ClassificationHead, loss, outputs, predictions, read)
