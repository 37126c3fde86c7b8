"""A mean over draws and seeds: its interval knows of both, and is that of one where there is one."""

from __future__ import annotations

import numpy as np
import pytest

from isthmus.analysis.chance import guard
from isthmus.analysis.crossed import Estimate, crossed
from isthmus.analysis.paired import chance_of

STUDIES, EXAMPLES = 600, 60


def simulated(lot: np.random.Generator, draws: int, seeds: int, by_draw: float, by_seed: float, by_run: float):
    """Return a table of runs whose true mean is 0, examples of which each moves it by its own share."""
    influences = (
        lot.normal(0, 1, (draws, seeds, EXAMPLES)) * 0.3 / np.sqrt(EXAMPLES) + lot.normal(0, 0.4, EXAMPLES) / EXAMPLES
    )
    influences -= influences.mean(2, keepdims=True)
    common = lot.normal(0, np.sqrt((influences.mean((0, 1)) ** 2).sum()))
    points = (
        lot.normal(0, by_draw, (draws, 1))
        + lot.normal(0, by_seed, (1, seeds))
        + lot.normal(0, by_run, (draws, seeds))
        + common
    )
    return points, influences


@pytest.mark.parametrize("seeds", [3, 5])
def test_one_draw_has_the_interval_of_seeds_and_examples(seeds):
    points, influences = simulated(np.random.default_rng(1), 1, seeds, 0.0, 1.0, 1.0)
    found, chance = crossed(points, influences), chance_of(points[0].tolist(), influences[0])
    assert found.error == pytest.approx(chance.error(seeds))
    assert found.freedom == pytest.approx(chance.freedom(seeds))
    assert (found.draws, found.seeds, found.n) == (1, seeds, EXAMPLES)


def test_chance_of_draws_alone_is_the_standard_error_of_their_means():
    points = np.array([[1.0, 1.0], [3.0, 3.0], [8.0, 8.0]])
    found = crossed(points, np.zeros((3, 2, EXAMPLES)))
    assert found.value == pytest.approx(4.0)
    assert found.error == pytest.approx(np.std([1, 3, 8], ddof=1) / np.sqrt(3))
    assert found.freedom == pytest.approx(2)
    assert guard(3) > 1  # a single kind of chance has its own degrees of freedom whatever it weighs


def test_draws_and_seeds_add_up():
    rows, columns = np.array([[-3.0], [0.0], [3.0]]), np.array([[-1.0, 0.0, 1.0]])
    found = crossed(rows + columns, np.zeros((3, 3, EXAMPLES)))
    assert found.error == pytest.approx(np.sqrt(9 / 3 + 1 / 3))


@pytest.mark.parametrize(("draws", "seeds"), [(3, 3), (2, 5)])
@pytest.mark.parametrize(("by_draw", "by_seed"), [(1.0, 0.2), (0.2, 1.0), (0.7, 0.7)])
def test_intervals_hold_the_truth_as_often_as_they_say(draws, seeds, by_draw, by_seed):
    lot = np.random.default_rng([draws, seeds, round(10 * by_draw)])
    found = [crossed(*simulated(lot, draws, seeds, by_draw, by_seed, 0.5)) for _ in range(STUDIES)]
    held = np.mean([one.ends()[0] <= 0 <= one.ends()[1] for one in found])
    assert 0.9 <= held <= 0.99


def test_p_and_interval_never_disagree():
    lot = np.random.default_rng(3)
    for _ in range(100):
        one = crossed(*simulated(lot, 3, 3, 0.3, 0.3, 0.3))
        assert (one.p < 0.05) == (one.sign != 0)


def test_runs_that_differ_in_nothing_have_no_interval_unless_there_is_no_difference():
    nothing = np.zeros((2, 2, EXAMPLES))
    assert crossed(np.ones((2, 2)), nothing).error is None
    assert crossed(np.ones((2, 2)), nothing).ends() is None
    assert crossed(np.zeros((2, 2)), nothing) == Estimate(0.0, 0.0, float("inf"), 2, 2, EXAMPLES)
