"""Batches of like lengths by a budget of tokens, the same for a seed whatever the machine, and their micro-batches.

A round is one pass over labelled features, or one pool of drawn text; batches of round k depend on (seed, k) alone, so a
resumed run finds its place without replaying what came before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from random import Random

from isthmus.core.seeds import stream
from isthmus.mixing.languages import ByLanguage
from isthmus.mixing.masking import Masking, mask
from isthmus.mixing.pairs import PairMixture
from isthmus.mixing.text import TextMixture
from isthmus.models.feature import Feature, Frame, joined, packed, width_of
from isthmus.study.spec import Recipe

Rounds = Callable[[int], list[list[Feature]]]
POOL = 50  # batches among which lengths are sorted: enough for little padding, few enough to stay random


def labelled_rounds(
    features: Sequence[Feature] | ByLanguage[Feature], recipe: Recipe, seed: int, *, whole: bool = False
) -> Rounds:
    """Return the batches of each epoch over labelled features; where ``whole``, each batch is one feature, never cut.

    Features by language come as often as their shares say, languages mixed within a batch.
    """

    def rounds(number: int) -> list[list[Feature]]:
        order = features.round(number) if isinstance(features, ByLanguage) else list(features)
        draw = stream(seed, f"order/{number}")
        draw.shuffle(order)
        batches: list[list[Feature]] = []
        for chunk in _chunks(order, recipe):
            chunk.sort(key=lambda f: f.length)
            batches += _cut(chunk, recipe.batch_tokens, recipe.batch_examples)
        draw.shuffle(batches)
        return [[joined(batch)] for batch in batches] if whole else batches

    return rounds


def _chunks(order: list[Feature], recipe: Recipe) -> Iterator[list[Feature]]:
    """Yield runs of features that hold about POOL batches each."""
    mean = sum(len(f.ids) for f in order) / len(order)
    size = math.ceil(POOL * (recipe.batch_examples or (recipe.batch_tokens or 0) / mean))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _cut(ordered: Sequence[Feature], tokens: int | None, examples: int | None = None) -> list[list[Feature]]:
    """Cut features, shortest first, into batches of ``examples``, or of at most ``tokens`` padded sub-words."""
    if examples:
        return [list(ordered[i : i + examples]) for i in range(0, len(ordered), examples)]
    assert tokens, "a batch has a size"
    batches: list[list[Feature]] = [[]]
    rows = 0
    for feature in ordered:
        rows += feature.rows
        # The last feature sets the width; full batches of one width have one shape.
        if batches[-1] and rows * width_of(feature) > tokens:
            batches.append([])
            rows = feature.rows
        batches[-1].append(feature)
    return batches


def total_steps(rounds: Rounds, recipe: Recipe) -> int:
    """Return how many optimiser steps a recipe takes: its ``steps``, or the batches of its ``epochs``."""
    if recipe.steps:
        return recipe.steps
    epochs = recipe.epochs or 0.0
    whole = sum(len(rounds(k)) for k in range(math.floor(epochs)))
    part = epochs - math.floor(epochs)
    return max(1, whole + (round(part * len(rounds(math.floor(epochs)))) if part else 0))


def text_rounds(mixture: TextMixture, masking: Masking, frame: Frame, batch_tokens: int, seed: int) -> Rounds:
    """Return pools of masked sequences drawn from a text mixture, in batches of like lengths."""

    def masked(draw: Random) -> Iterator[Feature]:
        for first, second in mixture.draw(draw):
            ids, types = frame.one(first) if second is None else frame.two(first, second)
            shown, target = mask(ids, masking, draw)
            yield Feature(shown, types, 0, target)

    return _drawn_rounds(masked, "text", batch_tokens, seed)


def pair_rounds(mixture: PairMixture, frame: Frame, batch_tokens: int, seed: int) -> Rounds:
    """Return pools of intact and corrupted pairs, in batches of like lengths; the target of a pair says which it is."""

    def judged(draw: Random) -> Iterator[Feature]:
        for first, second, intact in mixture.draw(draw):
            ids, types = frame.two(first, second)
            yield Feature(ids, types, 0, intact)

    return _drawn_rounds(judged, "pairs", batch_tokens, seed)


def contrast_rounds(mixture: TextMixture, frame: Frame, batch_tokens: int, seed: int) -> Rounds:
    """Return pools of translation pairs in batches of like lengths; each batch is one feature, a window for every side.

    A sentence is told from the others of its batch, so no machine's micro-batches may cut one.
    """

    def both(draw: Random) -> Iterator[Feature]:
        for pair in mixture.translations(draw):
            sides = [frame.one(ids) for ids in pair]
            sizes = tuple(len(ids) for ids, _ in sides)
            yield Feature([*sides[0][0], *sides[1][0]], [*sides[0][1], *sides[1][1]], 0, None, None, sizes)

    drawn = _drawn_rounds(both, "contrast", batch_tokens, seed)
    return lambda number: [[joined(batch)] for batch in drawn(number)]


def _drawn_rounds(features: Callable[[Random], Iterator[Feature]], purpose: str, batch_tokens: int, seed: int) -> Rounds:
    """Return pools of about POOL batches of what ``features`` yields for ever."""

    def rounds(number: int) -> list[list[Feature]]:
        draw = stream(seed, f"{purpose}/{number}")
        pool: list[Feature] = []
        tokens = 0
        for feature in features(draw):
            pool.append(feature)
            tokens += len(feature.ids)
            if tokens >= POOL * batch_tokens:
                break
        pool.sort(key=lambda f: f.length)
        batches = _cut(pool, batch_tokens)
        draw.shuffle(batches)
        return batches

    return rounds


def from_place(rounds: Rounds, number: int, index: int) -> Iterator[tuple[int, int, bool, list[Feature]]]:
    """Yield (round, index, whether it is the round's last, batch) for ever, from a place on."""
    while True:
        batches = rounds(number)
        for place, batch in islice(enumerate(batches), index, None):
            yield number, place, place + 1 == len(batches), batch
        number, index = number + 1, 0


def micro_batches(batch: Sequence[Feature], tokens: int, processes: int) -> list[list[Feature]]:
    """Split a batch into parts of at most ``tokens`` padded sub-words, a multiple of ``processes`` if it can be."""
    parts = [[batch[i] for i in part] for part in packed(batch, tokens)]
    while len(parts) % processes and max(map(len, parts)) > 1:
        largest = max(range(len(parts)), key=lambda i: len(parts[i]))
        half = len(parts[largest]) // 2
        parts[largest : largest + 1] = [parts[largest][:half], parts[largest][half:]]
    return parts
