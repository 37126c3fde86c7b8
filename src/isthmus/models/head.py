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


@dataclass(frozen=True)
class Head:
    """What one kind of task needs of any encoder.

    ``features(examples, labels, encoding)`` -> windows; ``module(hidden_size, num_labels, dropout)`` -> a torch module;
    ``loss(module, hidden, batch)`` -> Loss; ``outputs(module, hidden, batch)`` -> one small object a feature, on the CPU;
    ``predictions(examples, features, outputs, labels)`` -> one prediction an example, in the form its kind states.
    ``whole_batches``: the features of a training batch are told from each other, so each batch is learnt as one feature,
    in which theirs stand one after the other: ``target`` and ``places`` are tuples of theirs.
    """

    features: Callable[[Sequence[Any], Sequence[str], Encoding], list[Feature]]
    module: Callable[[int, int, float], nn.Module]
    loss: Callable[[Any, Tensor, Batch], Loss]
    outputs: Callable[[Any, Tensor, Batch], list[Any]]
    predictions: Callable[[Sequence[Any], Sequence[Feature], Sequence[Any], Sequence[str]], list[Any]]
    whole_batches: bool = False


def load_head(kind: str) -> Head:
    """Return the head of a kind of task."""
    head: Head = HEADS.load(kind)
    return head
