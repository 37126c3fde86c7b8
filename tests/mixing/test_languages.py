"""Examples by language: each language has its share of every round, and none of its examples is worn out before another."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.mixing.languages import ByLanguage
from isthmus.mixing.rates import language_shares

SIZES = st.fixed_dictionaries({"en": st.integers(1, 40)}, optional={"de": st.integers(1, 40), "sw": st.integers(1, 9)})
WEIGHTS = {"en": st.integers(1, 9), "de": st.integers(1, 9), "sw": st.integers(1, 9)}


def by_language(sizes, weights, seed=0):
    items = {name: [(name, i) for i in range(size)] for name, size in sizes.items()}
    return ByLanguage(items, language_shares(weights, sizes), seed)


@given(SIZES, st.fixed_dictionaries(WEIGHTS), st.integers(1, 12))
def test_over_rounds_every_language_has_its_share_to_the_example(sizes, weights, rounds):
    drawn = by_language(sizes, weights)
    counts = Counter(name for number in range(rounds) for name, _ in drawn.round(number))
    whole = rounds * sum(sizes.values())
    for name, share in drawn.shares.items():
        assert abs(counts[name] - whole * share) <= 0.5 + 1e-6


@given(SIZES, st.fixed_dictionaries(WEIGHTS), st.integers(1, 12))
def test_no_example_comes_twice_more_often_than_another_of_its_language(sizes, weights, rounds):
    drawn = by_language(sizes, weights)
    counts = Counter(item for number in range(rounds) for item in drawn.round(number))
    for name, size in sizes.items():
        own = [counts[name, i] for i in range(size)]
        assert max(own) - min(own) <= 1


@given(SIZES, st.fixed_dictionaries(WEIGHTS), st.integers(0, 9), st.integers(0, 3))
def test_a_round_depends_on_the_seed_and_its_number_alone(sizes, weights, number, seed):
    drawn = by_language(sizes, weights, seed)
    [drawn.round(other) for other in range(3)]
    turned = by_language(dict(reversed(sizes.items())), weights, seed)
    assert drawn.round(number) == turned.round(number) == by_language(sizes, weights, seed).round(number)


@pytest.mark.parametrize("seed", [1, 2])
def test_another_seed_is_another_order(seed):
    first = by_language({"en": 40}, {"en": 1}).round(0)
    other = by_language({"en": 40}, {"en": 1}, seed).round(0)
    assert first != other
    assert sorted(first) == sorted(other)
