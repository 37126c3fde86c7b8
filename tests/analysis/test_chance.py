"""Intervals hold the truth as often as they say, whatever is most of the chance: computed, not simulated."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from isthmus.analysis.chance import Chance

LUCK = (np.arange(400) + 0.5) / 400  # quantiles of how far a sample of seeds happens to spread
SPREADS = (0.0, 0.3, 1.0, 3.0, 8.0, 30.0, 1000.0)  # of seeds beside their examples


def held(seeds: int, shared: float, spread: float) -> float:
    """Return how often an interval holds the truth where examples do as much anew in each seed (1) and it is normal."""
    seen = (1 + spread) * stats.chi2.ppf(LUCK, seeds - 1) / (seeds - 1)
    found = [Chance(one, shared, 1.0, 1000) for one in seen]
    halves = [stats.t.ppf(0.975, one.freedom(seeds)) * one.error(seeds) for one in found]
    return float(np.mean(2 * stats.norm.cdf(np.array(halves) / np.sqrt(shared + (1 + spread) / seeds)) - 1))


@pytest.mark.parametrize("seeds", [2, 3, 5, 10])
@pytest.mark.parametrize("shared", [0.0, 0.3, 3.0])
def test_the_interval_holds_the_truth_whatever_the_seeds_do(seeds, shared):
    found = [held(seeds, shared, spread) for spread in SPREADS]
    assert min(found) > 0.92
    assert max(found) < 0.985


def test_where_seeds_are_all_the_chance_it_is_the_textbooks_t():
    found = Chance(4.0, 0.0, 0.0, 100)
    assert (found.error(4), found.freedom(4)) == pytest.approx((1.0, 3.0))


def test_where_examples_are_all_the_chance_no_seed_is_asked():
    found = Chance(0.0, 4.0, 0.0, 100)
    assert (found.error(3), found.freedom(3)) == pytest.approx((2.0, 99.0))


def test_seeds_that_are_too_alike_never_make_the_error_less_than_half_of_what_examples_do_anew():
    assert Chance(0.0, 1.0, 8.0, 100).error(4) == pytest.approx(np.sqrt(1 + 8 / 2 / 4))
    assert Chance(8.0, 1.0, 8.0, 100).error(4) == pytest.approx(np.sqrt(1 + 8 / 4))
