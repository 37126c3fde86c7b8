"""Holm's correction: a published example, and the closed test that it is a short cut for."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, strategies

from isthmus.analysis.holm import holm

PROBABILITIES = strategies.lists(strategies.floats(0, 1), min_size=1, max_size=6)


def test_the_textbook_example_keeps_the_first_and_the_last():
    # The example of the encyclopaedias: of four tests, the hypotheses with 0.01 and 0.005 are rejected at 5 %.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_a_single_test_needs_no_correction_and_none_gives_none():
    assert holm([0.04]) == [0.04]
    assert holm([]) == []


@given(PROBABILITIES)
def test_a_hypothesis_falls_just_when_bonferroni_fells_every_set_that_holds_it(p_values):
    places = range(len(p_values))
    sets = [chosen for size in range(1, len(p_values) + 1) for chosen in combinations(places, size)]
    closed = [
        max(min(1.0, len(chosen) * min(p_values[i] for i in chosen)) for chosen in sets if place in chosen)
        for place in places
    ]
    assert holm(p_values) == pytest.approx(closed)


@given(PROBABILITIES)
def test_the_correction_lowers_nothing_and_keeps_the_order(p_values):
    corrected = holm(p_values)
    assert all(p <= new <= 1 for p, new in zip(p_values, corrected, strict=True))
    assert all(corrected[i] <= corrected[j] for i, p in enumerate(p_values) for j, q in enumerate(p_values) if p < q)


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, p])
