"""Multiple choice: every ending is a window of its own and gets one score; the softmax is over the endings of an example.

An example is one feature that holds a window for each of its endings, so that no batch ever parts them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from isthmus.models.feature import Batch, Feature
from isthmus.models.head import Encoding, Head, Loss
from isthmus.models.heads.classification import ClassificationHead
from isthmus.sources.example import Choice

LOG = logging.getLogger(__name__)


class ChoiceHead(nn.Module):
    """RoBERTa's head with a single output, the score of an ending (jiant's heads.py)."""

    def __init__(self, hidden: int, num_labels: int, dropout: float) -> None:
        super().__init__()
        assert num_labels == 0, "endings have no labels"
        self.score = ClassificationHead(hidden, 1, dropout)

    def forward(self, hidden: Tensor) -> Tensor:
        """Return scores B of hidden states B x T x H."""
        scores: Tensor = self.score(hidden).squeeze(-1)
        return scores


def features(examples: Sequence[Choice], labels: Sequence[str], encoding: Encoding) -> list[Feature]:  # noqa: ARG001
    """Return one feature an example; a context that is too long loses its beginning, which is farthest from the ending."""
    contexts = encoding.ids([f"{e.context} {e.question or ''}".strip() for e in examples])
    endings = encoding.ids([ending for e in examples for ending in e.endings])
    room = encoding.max_length - encoding.frame.size
    if cut := sum(len(ending) > room for ending in endings):
        LOG.warning("%d of %d endings are longer than a window; what does not fit is left out", cut, len(endings))
    rest = iter(endings)
    made: list[Feature] = []
    for index, (example, context) in enumerate(zip(examples, contexts, strict=True)):
        windows = []
        for _ in example.endings:
            ending = next(rest)[:room]
            windows.append(encoding.frame.two(context[max(0, len(context) + len(ending) - room) :], ending))
        ids = [piece for own, _ in windows for piece in own]
        types = [kind for _, kinds in windows for kind in kinds]
        made.append(Feature(ids, types, index, example.label, sizes=tuple(len(own) for own, _ in windows)))
    return made


def loss(module: ChoiceHead, hidden: Tensor, batch: Batch) -> Loss:
    """Return the cross-entropy over the endings of each example, summed over examples."""
    scores = _by_example(module(hidden), batch)
    target = torch.tensor([f.target for f in batch.features], device=scores.device)
    total = nn.functional.cross_entropy(scores, target, reduction="sum")
    # A position is no class: a network that always takes the first ending may be right to.
    return Loss(total, torch.tensor(float(len(target))), None)


def outputs(module: ChoiceHead, hidden: Tensor, batch: Batch) -> list[int]:
    """Return the index of the best ending of each example, the first of equals."""
    return read(module(hidden), batch)


def read(logits: Tensor, batch: Batch) -> list[int]:
    """Return the index of the best ending of each example, the first of equals, of scores B."""
    best: list[int] = _by_example(logits, batch).argmax(-1).tolist()
    return best


def _by_example(logits: Tensor, batch: Batch) -> Tensor:
    """Return the scores of the endings, a row an example; the row of an example with fewer endings is filled with -inf."""
    scores = torch.split(logits.float(), [f.rows for f in batch.features])
    filled: Tensor = nn.utils.rnn.pad_sequence(list(scores), batch_first=True, padding_value=float("-inf"))
    return filled


def predictions(
    examples: Sequence[Choice],  # noqa: ARG001
    features: Sequence[Feature],  # noqa: ARG001
    outputs: Sequence[int],
    labels: Sequence[str],  # noqa: ARG001
) -> list[int]:
    """Return the index of the chosen ending of each example."""
    return list(outputs)


HEAD = Head(features, ChoiceHead, loss, outputs, predictions, read)
