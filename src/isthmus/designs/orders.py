"""Orders of things, balanced for where each stands and for what it comes after; as tuples of numbers from 0.

Balanced for position: everything stands everywhere equally often. Balanced for first-order carry-over: everything comes
right after everything else equally often (Williams 1949, Australian Journal of Scientific Research A 2, 149-168).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, permutations, product
from math import factorial, gcd
from random import Random
from typing import TypeVar

T = TypeVar("T")
Order = tuple[int, ...]
TRIED = 400  # squares compared where there are too many for all


def williams(size: int) -> list[Order]:
    """Return the Williams design of some things: one Latin square where their number is even, two where it is odd.

    The first row goes 0, 1, n-1, 2, n-2, ...; every other adds 1 to the one before, round the circle; the second square is
    the first one backwards.
    """
    first = tuple((i + 1) // 2 if i % 2 else -(i // 2) % size for i in range(size))
    rows = _square(first)
    return rows if size % 2 == 0 else [*rows, *(row[::-1] for row in rows)]


def _square(row: Order) -> list[Order]:
    """Return the cyclic Latin square of a row: everything stands everywhere once."""
    return [tuple((one + shift) % len(row) for one in row) for shift in range(len(row))]


def sample(size: int, number: int, draw: Random) -> list[Order]:
    """Return different orders drawn at random, as balanced as so many can be.

    They are rows of cyclic Latin squares on a random circle, so that each thing stands at each place as often as any other,
    give or take one. Of the squares that may come next, those are taken that even out the carry-over best; where the number
    of things is odd that takes two at a time, a square and the same backwards.
    """
    assert 1 <= number <= factorial(size), (size, number)
    circle, drawn = draw.sample(range(size), size), list[Order]()
    taken, steps = set[Order](), Counter[int]()
    while (left := number - len(drawn)) > 0:
        twice = size % 2 == 1 and size > 1 and left >= 2 * size
        squares = [(row, _backwards(row)) if twice else (row,) for row in _rows(size, draw)]
        free = [rows for rows in squares if taken.isdisjoint(rows)]
        chosen = min(free, key=lambda rows: _unevenness(steps, rows))
        taken.update(chosen)
        for row in chosen:
            steps += _steps(row)
            orders = draw.sample(_square(row), size)
            drawn += [tuple(circle[one] for one in order) for order in orders]
    return drawn[:number]


def _backwards(row: Order) -> Order:
    """Return the first row, beginning with 0, of the square that is another one read backwards."""
    return tuple((one - row[-1]) % len(row) for one in reversed(row))


def _rows(size: int, draw: Random) -> list[Order]:
    """Return first rows of squares, each beginning with 0, in random order: all, or where there are many some.

    Among some are the Williams rows with all steps multiplied, which are as even as a row can be.
    """
    if factorial(size - 1) <= TRIED:
        return draw.sample([(0, *rest) for rest in permutations(range(1, size))], factorial(size - 1))
    first = williams(size)[0]
    even = [tuple(one * by % size for one in first) for by in range(1, size) if gcd(by, size) == 1]
    some = [(0, *draw.sample(range(1, size), size - 1)) for _ in range(TRIED)]
    return [*draw.sample(even, len(even)), *map(_backwards, even), *some]


def _steps(row: Order) -> Counter[int]:
    """Count how far round the circle it is from each to the next: in a square, each step comes once from everywhere."""
    return Counter((two - one) % len(row) for one, two in pairwise(row))


def _unevenness(steps: Counter[int], rows: Sequence[Order]) -> int:
    return sum(number**2 for number in sum(map(_steps, rows), steps).values())


def unbalanced(orders: Sequence[Sequence[str]]) -> list[str]:
    """Say what is uneven in some orders of the same things: where they stand, and what they come right after."""
    things = sorted(set(orders[0]))
    stands = Counter((thing, place) for order in orders for place, thing in enumerate(order, 1))
    comes = Counter(pair for order in orders for pair in pairwise(order))
    said = []
    if places := _extremes(stands, list(product(things, range(1, len(things) + 1)))):
        (most, place), (least, other) = places
        said.append(
            f"positions are uneven: {most!r} stands at place {place} {_times(stands[most, place])}, "
            f"{least!r} at place {other} {_times(stands[least, other])}"
        )
    if neighbours := _extremes(comes, [(one, two) for one in things for two in things if one != two]):
        (before, after), (one, two) = neighbours
        said.append(
            f"neighbours are uneven: {after!r} comes right after {before!r} {_times(comes[before, after])}, "
            f"{two!r} right after {one!r} {_times(comes[one, two])}"
        )
    return said


def _extremes(counts: Counter[T], every: Sequence[T]) -> tuple[T, T] | None:
    """Return what was counted most and least often of all there is; None where all is even."""
    most, least = max(every, key=counts.__getitem__), min(every, key=counts.__getitem__)
    return None if counts[most] == counts[least] else (most, least)


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
