"""The idea of a head: what a kind of task adds to an encoder. Its kinds stand in ``heads``, one a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from isthmus.core.lookup import Shelf
from isthmus.models.feature import Batch, Feature, Frame

HEADS = Shelf("head", ("isthmus.models.heads",), "HEAD")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How texts become windows: the tokenizer, its frame, sub-words of a window and of the overlap of two windows."""

    tokenizer: Any
    frame: Frame
    max_length: int
    stride: int

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the sub-words of each text, without special tokens."""
        encoded = self.tokenizer.backend_tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [e.ids for e in encoded]


@dataclass(frozen=True, slots=True)
class Loss:
    """The summed loss of a batch, the weight it was summed over, and the classes that were predicted (or None)."""

    total: Tensor
    weight: Tensor
    classes: Tensor | None


def dense(module: nn.Module, hidden: Tensor) -> Tensor:
    """Return what a module says of hidden states B x T x H."""
    logits: Tensor = module(hidden)
    return logits


@dataclass(frozen=True)
class Head:
    """What one kind of task needs of any encoder.

    ``features(examples, labels, encoding)`` -> windows; ``module(hidden_size, num_labels, dropout)`` -> a torch module;
    ``loss(module, hidden, batch)`` -> Loss; ``outputs(module, hidden, batch)`` -> one small object a feature, on the CPU;
    ``predictions(examples, features, outputs, labels)`` -> one prediction an example, in the form its kind states.
    ``logits(module, hidden)`` -> what the module says of a whole batch, a row a window (classification B x L, choice B,
    tagging B x T x L, span B x T x 2, ranking B x H); ``read(logits, batch)`` -> the outputs that lie in it: what computes a
    body together with its head, an exported graph say, is read like the head's own ``outputs``.
    ``whole_batches``: the features of a training batch are told from each other, so each batch is learnt as one feature,
    in which theirs stand one after the other: ``target`` and ``places`` are tuples of theirs.
    """

    features: Callable[[Sequence[Any], Sequence[str], Encoding], list[Feature]]
    module: Callable[[int, int, float], nn.Module]
    loss: Callable[[Any, Tensor, Batch], Loss]
    outputs: Callable[[Any, Tensor, Batch], list[Any]]
    predictions: Callable[[Sequence[Any], Sequence[Feature], Sequence[Any], Sequence[str]], list[Any]]
    read: Callable[[Tensor, Batch], list[Any]]
    logits: Callable[[Any, Tensor], Tensor] = dense
    whole_batches: bool = False


def load_head(kind: str) -> Head:
    """Return the head of a kind of task."""
    head: Head = HEADS.load(kind)
    return head
