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
    """One window, or several that are learnt and answered together, as the endings of one choice are.

    ``ids`` and ``types`` are T sub-words with special tokens; ``example`` is the index of the example it belongs to;
    ``target`` is what the head of its kind learns (None when the labels were stripped); ``places`` maps it back.
    Several windows stand one after the other in ``ids``; ``sizes`` are their lengths, empty for a single one.
    """

    ids: list[int]
    types: list[int]
    example: int
    target: Any
    places: Any = None
    sizes: tuple[int, ...] = ()

    @property
    def length(self) -> int:
        """Return the length of its longest window."""
        return max(self.sizes, default=len(self.ids))

    @property
    def rows(self) -> int:
        """Return how many windows it holds, each a row of a batch."""
        return len(self.sizes) or 1

    def windows(self) -> Iterator[tuple[list[int], list[int]]]:
        """Yield (ids, types) of each of its windows."""
        start = 0
        for size in self.sizes or (len(self.ids),):
            yield self.ids[start : start + size], self.types[start : start + size]
            start += size


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to one length: ``ids``, ``types``, ``mask`` of shape B x T; their features and their stream."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    features: Sequence[Feature]
    stream: str = ""

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        return Batch(self.ids.to(device), self.types.to(device), self.mask.to(device), self.features, self.stream)


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


def joined(batch: Sequence[Feature]) -> Feature:
    """Return one feature that holds the windows of all, their targets and their places."""
    ids = [token for feature in batch for token in feature.ids]
    types = [kind for feature in batch for kind in feature.types]
    targets, places = tuple(feature.target for feature in batch), tuple(feature.places for feature in batch)
    sizes = tuple(len(window) for feature in batch for window, _ in feature.windows())
    return Feature(ids, types, 0, targets, places, sizes)


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
    """Return the length of a feature's longest window rounded up to a multiple of WIDTH."""
    return rounded_up(feature.length, WIDTH)


def packed(features: Sequence[Feature], tokens: int) -> list[list[int]]:
    """Return the indices of all features, longest first, in parts of at most ``tokens`` padded sub-words or one feature."""
    parts: list[list[int]] = []
    width, rows = 0, 0
    for index in sorted(range(len(features)), key=lambda i: features[i].length, reverse=True):
        rows += features[index].rows
        if parts and width * rows <= tokens:
            parts[-1].append(index)
        else:
            parts.append([index])
            width, rows = width_of(features[index]), features[index].rows
    return parts


def pad(features: Sequence[Feature], padding: int, stream: str = "") -> Batch:
    """Pad the windows of features on the right to the width of the longest."""
    shape = sum(feature.rows for feature in features), max(map(width_of, features))
    ids = torch.full(shape, padding, dtype=torch.long)
    types, mask = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
    for row, (own, kinds) in enumerate(window for feature in features for window in feature.windows()):
        ids[row, : len(own)] = torch.tensor(own)
        types[row, : len(own)] = torch.tensor(kinds)
        mask[row, : len(own)] = 1
    return Batch(ids, types, mask, features, stream)
