"""A feature: one window of sub-words that goes through a network, and the way back to the example it came from.

Shapes in this room: B features of a batch, T sub-words, H hidden size, L labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

IGNORED = -100  # the target of a sub-word that bears no loss, as torch's cross-entropy has it
# Few distinct shapes: on CPUs oneDNN prepares a kernel for each new shape, which costs more than running it.
WIDTH = 8  # a batch is as wide as its longest feature, rounded up to a multiple of this
ROWS = 64  # positions picked out of a batch for a head are padded to a multiple of this


@dataclass(frozen=True, slots=True)
class Feature:
    """One window.

    ``ids`` and ``types`` are T sub-words with special tokens; ``example`` is the index of the example it belongs to;
    ``target`` is what the head of its kind learns (None when the labels were stripped); ``places`` maps it back.
    """

    ids: list[int]
    types: list[int]
    example: int
    target: Any
    places: Any = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Features padded to one length: ``ids``, ``types``, ``mask`` of shape B x T, and the features themselves."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    features: Sequence[Feature]

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        return Batch(self.ids.to(device), self.types.to(device), self.mask.to(device), self.features)


@dataclass(frozen=True, slots=True)
class Frame:
    """The special tokens a tokenizer puts around one text or two, and their segment numbers."""

    before: tuple[int, ...]
    between: tuple[int, ...]
    after: tuple[int, ...]
    after_one: tuple[int, ...]
    second_type: int

    @property
    def size(self) -> int:
        """Return how many special tokens a pair needs."""
        return len(self.before) + len(self.between) + len(self.after)

    def one(self, ids: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return (ids, types) of one text."""
        framed = [*self.before, *ids, *self.after_one]
        return framed, [0] * len(framed)

    def two(self, first: Sequence[int], second: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return (ids, types) of a pair."""
        head = [*self.before, *first, *self.between]
        tail = [*second, *self.after]
        return head + tail, [0] * len(head) + [self.second_type] * len(tail)


def frame_of(tokenizer: Any) -> Frame:
    """Read the special tokens off a fast tokenizer by looking at a pair and a single text it encodes."""
    pair = tokenizer.backend_tokenizer.encode("a", "b")
    of = pair.sequence_ids
    first, second = of.index(0), of.index(1)
    last_first = len(of) - 1 - of[::-1].index(0)
    last_second = len(of) - 1 - of[::-1].index(1)
    single = tokenizer.backend_tokenizer.encode("a")
    last = len(single.ids) - 1 - single.sequence_ids[::-1].index(0)
    return Frame(
        before=tuple(pair.ids[:first]),
        between=tuple(pair.ids[last_first + 1 : second]),
        after=tuple(pair.ids[last_second + 1 :]),
        after_one=tuple(single.ids[last + 1 :]),
        second_type=pair.type_ids[second],
    )


def windows(length: int, room: int, stride: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of windows of at most ``room`` items that cover ``length`` items and share ``stride``."""
    assert 0 <= stride < room, (room, stride)
    start = 0
    while True:
        end = min(start + room, length)
        yield start, end
        if end == length:
            return
        start = end - stride


def rounded_up(size: int, multiple: int) -> int:
    """Return the least multiple that is not below ``size``."""
    return -(-size // multiple) * multiple


def width_of(feature: Feature) -> int:
    """Return the length of a feature rounded up to a multiple of WIDTH."""
    return rounded_up(len(feature.ids), WIDTH)


def pad(features: Sequence[Feature], padding: int) -> Batch:
    """Pad features on the right to the width of the longest."""
    width = max(map(width_of, features))
    ids = torch.full((len(features), width), padding, dtype=torch.long)
    types = torch.zeros((len(features), width), dtype=torch.long)
    mask = torch.zeros((len(features), width), dtype=torch.long)
    for row, feature in enumerate(features):
        size = len(feature.ids)
        ids[row, :size] = torch.tensor(feature.ids)
        types[row, :size] = torch.tensor(feature.types)
        mask[row, :size] = 1
    return Batch(ids, types, mask, features)
