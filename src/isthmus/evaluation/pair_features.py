"""Features of two texts that know no language: lengths, what they share, and in which order it stands.

They mean the same in every language, so that whatever they alone can say of a task transfers without any encoder.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from isthmus.evaluation.baseline import sub_words
from isthmus.evaluation.baselines.window import words

UNITS = ("characters", "words", "sub-words")
OF_LENGTH = ("in the first", "in the second", "difference", "ratio")
OF_BAGS = ("shared", "Jaccard", "of the first in the second", "of the second in the first")
OF_ORDER = (
    "edit distance",
    "edit distance a unit",
    "longest common run",
    "longest common run a unit",
    "same first",
    "same last",
)
FEATURES = (
    *(f"{unit}: {name}" for unit in UNITS for name in OF_LENGTH),
    *(f"{unit}: {name}" for unit in UNITS[1:] for name in (*OF_BAGS, *OF_ORDER)),
    *(f"{kind}: {name}" for kind in ("numbers", "capitalised words") for name in ("shared", "only first", "only second")),
    "shared words: displacement",
    "shared words: share of pairs in the other order",
)
# Those that no order of words changes.
OVERLAP = tuple(name for name in FEATURES if not name.endswith(OF_ORDER) and not name.startswith("shared words"))


def pair_features(pairs: Sequence[tuple[str, str]], tokenizer: Any) -> NDArray[np.float64]:
    """Return one row of ``FEATURES`` for each pair of texts, sub-words by a fast ``tokenizer``.

    Words are runs of letters, marks and digits, compared in any case; counts are counts of types, lengths are logarithms.
    """
    distinct = list(dict.fromkeys(text for pair in pairs for text in pair))
    encoded = sub_words(distinct, tokenizer)
    sides = {text: _side(text, found.ids) for text, found in zip(distinct, encoded, strict=True)}
    rows = [_features(sides[first], sides[second]) for first, second in pairs]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


class Side(NamedTuple):
    """What is compared of a text."""

    characters: int
    words: list[str]
    sub_words: Sequence[int]
    numbers: set[str]
    capitals: set[str]


def _side(text: str, ids: Sequence[int]) -> Side:
    written = [text[start:end] for start, end in words(text)]
    numbers = {word for word in written if any(map(str.isdigit, word))}
    return Side(len(text), [w.casefold() for w in written], ids, numbers, {w for w in written if w[0].isupper()})


def _features(one: Side, two: Side) -> list[float]:
    return [
        *_lengths(one.characters, two.characters),
        *_lengths(len(one.words), len(two.words)),
        *_lengths(len(one.sub_words), len(two.sub_words)),
        *_bags(one.words, two.words),
        *_order(one.words, two.words),
        *_bags(one.sub_words, two.sub_words),
        *_order(one.sub_words, two.sub_words),
        *_only(one.numbers, two.numbers),
        *_only(one.capitals, two.capitals),
        *_moved(one.words, two.words),
    ]


def _lengths(one: int, two: int) -> tuple[float, ...]:
    return math.log1p(one), math.log1p(two), float(two - one), math.log1p(two) - math.log1p(one)


def _bags(one: Sequence[Hashable], two: Sequence[Hashable]) -> tuple[float, ...]:
    first, second = set(one), set(two)
    shared = len(first & second)
    return shared, *(shared / max(1, whole) for whole in (len(first | second), len(first), len(second)))


def _order(one: Sequence[Hashable], two: Sequence[Hashable]) -> tuple[float, ...]:
    distance, run = edit_distance(one, two), longest_common_run(one, two)
    ends = [bool(one and two and one[i] == two[i]) for i in (0, -1)]
    return distance, distance / max(1, len(one), len(two)), run, run / max(1, min(len(one), len(two))), *map(float, ends)


def _only(one: set[str], two: set[str]) -> tuple[float, ...]:
    return len(one & two), len(one - two), len(two - one)


def _moved(one: Sequence[str], two: Sequence[str]) -> tuple[float, float]:
    """Return how far words that stand once in both moved, as a share of the text, and how many pairs of them crossed."""
    once = [{word for word, count in Counter(text).items() if count == 1} for text in (one, two)]
    places = [(one.index(word), two.index(word)) for word in sorted(once[0] & once[1])]
    if not places:
        return 0.0, 0.0
    crossed = [(a < c) != (b < d) for i, (a, b) in enumerate(places) for c, d in places[:i]]
    moved = fmean(abs(i / len(one) - j / len(two)) for i, j in places)
    return moved, fmean(crossed) if crossed else 0.0


def edit_distance(one: Sequence[Hashable], two: Sequence[Hashable]) -> int:
    """Return the fewest insertions, deletions and substitutions from one sequence to another.

    A column of the table at a time as the bits of whole numbers (Hyyrö 2003, after Myers 1999).
    """
    if not one:
        return len(two)
    places: defaultdict[Hashable, int] = defaultdict(int)
    for i, unit in enumerate(one):
        places[unit] |= 1 << i
    everywhere, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    rises, falls, distance = everywhere, 0, len(one)
    for unit in two:
        same = places.get(unit, 0)
        level = (((same & rises) + rises) ^ rises) | same | falls
        up, down = falls | (~(level | rises) & everywhere), rises & level
        distance += bool(up & last) - bool(down & last)
        up, down = ((up << 1) | 1) & everywhere, (down << 1) & everywhere
        rises, falls = (down | ~(level | up)) & everywhere, up & level
    return distance


def longest_common_run(one: Sequence[Hashable], two: Sequence[Hashable]) -> int:
    """Return the length of the longest run of neighbours that stands in both sequences."""
    low, high = 0, min(len(one), len(two))
    while low < high:  # a run of n holds one of n - 1
        middle = (low + high + 1) // 2
        if set(_runs(one, middle)).isdisjoint(_runs(two, middle)):
            high = middle - 1
        else:
            low = middle
    return low


def _runs(units: Sequence[Hashable], length: int) -> Iterator[tuple[Hashable, ...]]:
    return (tuple(units[i : i + length]) for i in range(len(units) - length + 1))
