"""A law that saturates: found where it is, and not claimed where a line would do."""

from __future__ import annotations

import numpy as np
import pytest

from isthmus.analysis.crossed import Estimate, crossed
from isthmus.analysis.power_law import power_law

SIZES = (500, 2000, 8000)


def law_of(errors, noise: float = 0.05, seeds: int = 3, seed: int = 1, sizes=SIZES):
    """Return the law of mean errors, seen through seeds of a spread and 400 examples."""
    lot = np.random.default_rng(seed)
    points = np.array(errors)[:, None, None] + lot.normal(0, noise, (len(sizes), 1, seeds))
    influences = lot.normal(0, noise / 300, (len(sizes), 1, seeds, 400))
    return power_law(sizes, lambda by: crossed(np.tensordot(by, points, 1), np.tensordot(by, influences, 1)))


def falling(alpha: float, floor: float = 20, sizes=SIZES):
    return [floor + 30 * (size / sizes[0]) ** -alpha for size in sizes]


@pytest.mark.parametrize("alpha", [0.3, 0.5, 1.0])
def test_a_law_is_found_with_its_exponent_and_floor(alpha):
    found = law_of(falling(alpha), noise=0.02)
    low, best, high = found.alpha
    assert found.told
    assert low <= alpha <= high
    assert best == pytest.approx(alpha, rel=0.05)
    assert found.floor[0] <= 20 <= found.floor[2]
    assert found.floor[1] == pytest.approx(20, abs=0.5)


def test_more_sizes_than_parameters_are_fitted_too():
    sizes = (250, 500, 1000, 2000, 4000)
    found = law_of(falling(0.5, sizes=sizes), noise=0.02, sizes=sizes)
    assert found.alpha[0] <= 0.5 <= found.alpha[2]


def test_a_straight_line_in_the_logarithm_is_no_law():
    found = law_of([50, 40, 30])
    assert not found.told
    assert (found.alpha, found.floor) == (None, None)
    assert found.bend.sign == 0


def test_what_falls_faster_and_faster_does_not_saturate():
    found = law_of([50, 48, 30])
    assert found.bend.sign == -1
    assert not found.told
    assert found.alpha is None


def test_a_step_has_an_exponent_without_an_upper_end():
    assert law_of([50, 30, 30], noise=0.2).alpha[2] is None


def test_no_interval_no_law():
    assert power_law(SIZES, lambda by: Estimate(sum(by), None, 1.0, 1, 1, 1)) is None


def test_a_line_is_called_a_law_or_its_opposite_no_more_often_than_it_may_be():
    claims = [law_of([50, 40, 30], noise=1.0, seed=seed).bend.sign for seed in range(1000, 1200)]
    assert np.mean(np.array(claims) != 0) < 0.09


def test_the_exponent_lies_in_its_interval_as_often_as_it_should():
    told = [law for seed in range(24) if (law := law_of(falling(0.5), noise=0.4, seed=seed)).told]
    held = np.mean([law.alpha[0] <= 0.5 <= (law.alpha[2] or np.inf) for law in told])
    assert len(told) > 15
    assert held >= 0.85
