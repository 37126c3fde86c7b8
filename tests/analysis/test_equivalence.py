"""Two one-sided tests: those of the textbook where the effect is a paired t-test, and of the interval in general."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies
from scipy import stats

from isthmus.analysis.chance import Chance
from isthmus.analysis.equivalence import equivalence
from isthmus.analysis.paired import Effect


def effect(delta, chance, seeds=1):
    by_seed = tuple((seed, delta) for seed in range(seeds))
    return Effect("mnli", "none", "xnli", "accuracy", "de", delta, -9.0, 9.0, by_seed, 20, ("de",), chance)


def of_differences(values):
    """The effect of single seed on examples whose differences are these."""
    variance = stats.tvar(values) / len(values)
    return effect(sum(values) / len(values), Chance(0.0, variance, 0.0, len(values)))


DIFFERENCES = [0.4, -0.2, 0.1, 0.9, -0.5, 0.3, 0.0, 0.6]


@pytest.mark.parametrize("margin", [0.1, 0.5, 1.0])
def test_p_is_the_larger_of_the_two_one_sided_t_tests(margin):
    above = stats.ttest_1samp(DIFFERENCES, -margin, alternative="greater").pvalue
    below = stats.ttest_1samp(DIFFERENCES, margin, alternative="less").pvalue
    found = equivalence(of_differences(DIFFERENCES), margin)
    assert found.p == pytest.approx(max(above, below))
    assert found.shown == (max(above, below) < 0.05)


def test_the_interval_is_that_of_90_percent():
    found = equivalence(of_differences(DIFFERENCES), 1.0)
    textbook = stats.ttest_1samp(DIFFERENCES, 0).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((textbook.low, textbook.high))


@given(
    delta=strategies.floats(-3, 3),
    margin=strategies.floats(0.1, 3),
    seeds=strategies.integers(2, 10),
    parts=strategies.tuples(*[strategies.floats(0.01, 4)] * 3),
)
def test_equivalence_is_shown_just_where_the_90_percent_interval_lies_within_the_margin(delta, margin, seeds, parts):
    found = equivalence(effect(delta, Chance(*parts, rows=50), seeds), margin)
    within = min(margin - found.high, found.low + margin)
    if abs(within) > 1e-9:
        assert found.shown == (within > 0)


def test_arms_that_answer_alike_are_equivalent_for_certain():
    found = equivalence(effect(0.0, Chance(0.0, 0.0, 0.0, 20)), 0.5)
    assert (found.p, found.low, found.high, found.shown) == (0.0, 0.0, 0.0, True)


def test_without_a_standard_error_nothing_is_shown():
    assert equivalence(effect(0.0, None), 1.0) is None
