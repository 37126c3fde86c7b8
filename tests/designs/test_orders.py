"""Orders are balanced where they can be, and it is said where they are not."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, permutations
from math import factorial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.designs.orders import sample, unbalanced, williams


def named(rows):
    return [[str(one) for one in row] for row in rows]


@pytest.mark.parametrize("size", range(2, 11))
def test_a_williams_design_has_everything_at_every_place_and_every_pair_of_neighbours_equally_often(size):
    rows = williams(size)
    squares = 1 if size % 2 == 0 else 2
    assert len(set(rows)) == len(rows) == squares * size
    for column in zip(*rows, strict=True):
        assert Counter(column) == dict.fromkeys(range(size), squares)
    pairs = Counter(pair for row in rows for pair in pairwise(row))
    assert pairs == dict.fromkeys(permutations(range(size), 2), squares)


def test_williams_designs_are_the_published_ones():
    # Williams 1949, first rows in numbers from 0; of three things the two squares are all six orders
    assert williams(10)[0] == (0, 1, 9, 2, 8, 3, 7, 4, 6, 5)
    assert williams(4) == [(0, 1, 3, 2), (1, 2, 0, 3), (2, 3, 1, 0), (3, 0, 2, 1)]
    assert set(williams(3)) == set(permutations(range(3)))


@given(size=st.integers(1, 9), number=st.integers(1, 40), seed=st.integers(0, 99))
def test_a_sample_has_different_orders_and_everything_at_every_place_equally_often_give_or_take_one(size, number, seed):
    number = min(number, factorial(size))
    rows = sample(size, number, Random(seed))
    assert len(set(rows)) == number
    for column in zip(*rows, strict=True):
        counts = Counter(dict.fromkeys(range(size), 0)) + Counter(column)
        assert set(column) <= set(range(size))
        assert max(counts.values()) <= -(-number // size)
        assert number < size or min(column.count(one) for one in range(size)) >= number // size
    assert rows == sample(size, number, Random(seed))


@pytest.mark.parametrize("size", range(2, 11))
def test_a_sample_as_large_as_a_williams_design_is_as_even(size):
    rows = sample(size, len(williams(size)), Random(7))
    assert unbalanced(named(rows)) == []


def test_samples_differ_by_seed_and_all_orders_can_be_drawn():
    assert sample(5, 10, Random(1)) != sample(5, 10, Random(2))
    assert set(sample(4, 24, Random(1))) == set(permutations(range(4)))


def test_what_is_uneven_is_said_with_an_example():
    assert unbalanced([["a", "b"], ["b", "a"]]) == []
    assert unbalanced([["a", "b"], ["a", "b"]]) == [
        "positions are uneven: 'a' stands at place 1 twice, 'a' at place 2 never",
        "neighbours are uneven: 'b' comes right after 'a' twice, 'a' right after 'b' never",
    ]


def test_a_cyclic_square_has_even_places_and_uneven_neighbours():
    said = unbalanced([["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"]])
    assert [one.partition(":")[0] for one in said] == ["neighbours are uneven"]
