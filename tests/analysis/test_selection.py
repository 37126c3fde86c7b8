"""The best arm is chosen on development data alone, in each seed by the others, and its regret is known by hindsight."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies

from isthmus.analysis.averages_over_targets import averages_by_target
from isthmus.analysis.paired import Scored
from isthmus.analysis.selection import average_of_selected, best_on_dev, selected

ARMS = ("nli", "qa")
ROWS = 20


def averaged(right):
    """Averages of {(arm, target): {seed: how many of 20 are right}}."""
    records = []
    for (arm, task), by_seed in right.items():
        for seed, number in by_seed.items():
            counts = np.stack([np.arange(ROWS) < number, np.ones(ROWS)], 1).astype(np.float32)
            records.append(Scored(arm, seed, task, "en", "accuracy", "accuracy", counts))
    return averages_by_target(records, {task: ["en"] for _, task in right})


def of_x(**by_arm):
    return averaged({(arm, "x"): dict(enumerate(found, 1)) for arm, found in by_arm.items()})


def test_the_arm_is_best_on_dev_and_its_effect_is_on_test():
    dev, test = of_x(none=[9, 9], nli=[15, 15], qa=[12, 12]), of_x(none=[8, 10], nli=[10, 11], qa=[14, 16])
    [found] = selected(dev, test, ARMS, "none")
    assert (found.target, found.arm, found.dev, found.times) == ("x", "nli", 75.0, 2)
    assert found.effect.delta == pytest.approx(100 * 1.5 / ROWS)
    assert (found.best, found.regret) == ("qa", pytest.approx(100 * 4.5 / ROWS))


def test_a_lucky_run_does_not_choose_itself():
    dev = of_x(none=[9, 9, 9], nli=[20, 10, 10], qa=[11, 11, 11])
    assert [best_on_dev(dev, ARMS, ["x"], seed) for seed in (1, 2, 3)] == ["qa", "nli", "nli"]
    [found] = selected(dev, of_x(none=[9] * 3, nli=[9, 10, 11], qa=[12] * 3), ARMS, "none")
    assert (found.arm, found.times) == ("nli", 2)
    assert dict(found.by_seed) == {1: "qa", 2: "nli", 3: "nli"}
    assert found.effect.delta == pytest.approx(100 * np.mean([3, 1, 2]) / ROWS)


def test_seeds_that_an_arm_lacks_choose_for_none():
    """A single lucky run is not set beside the mean of three, and is not judged on what chose it while others are not."""
    dev, test = of_x(none=[9] * 3, nli=[18, 12, 15], qa=[17]), of_x(none=[9] * 3, nli=[10] * 3, qa=[11])
    assert [best_on_dev(dev, ARMS, ["x"], seed) for seed in (1, 2, 3)] == ["nli", None, None]
    [found] = selected(dev, test, ARMS, "none")
    assert (found.arm, found.dev, dict(found.by_seed)) == ("nli", 90.0, {1: "nli"})
    assert (found.best, found.regret) == ("qa", pytest.approx(100 / ROWS))


def test_the_only_seed_chooses_for_itself():
    assert best_on_dev(of_x(nli=[12], qa=[13]), ARMS, ["x"], 1) == "qa"


def test_one_choice_for_several_targets_is_by_their_mean():
    right = {("nli", "x"): {1: 20}, ("qa", "x"): {1: 15}, ("nli", "y"): {1: 2}, ("qa", "y"): {1: 15}}
    assert best_on_dev(averaged(right), ARMS, ["x"], 1) == "nli"
    assert best_on_dev(averaged(right), ARMS, ["x", "y"], 1) == "qa"


def test_while_an_arm_has_no_dev_score_the_best_is_not_known():
    dev, test = of_x(none=[9], nli=[12]), of_x(none=[9], nli=[12], qa=[13])
    assert best_on_dev(dev, ARMS, ["x"], 1) is None
    assert selected(dev, test, ARMS, "none") == []
    assert average_of_selected(dev, test, ARMS, "none") is None


def test_a_target_without_dev_data_is_left_out():
    test = averaged({(arm, task): {1: 9} for arm in ("none", *ARMS) for task in ("x", "y")})
    assert [one.target for one in selected(of_x(nli=[12], qa=[13]), test, ARMS, "none")] == ["x"]


def test_the_average_weighs_every_target_alike():
    dev = averaged({(arm, task): {1: n} for task in "xy" for arm, n in (("none", 1), ("nli", 9), ("qa", 5))})
    test = averaged({("none", "x"): {1: 4}, ("nli", "x"): {1: 8}, ("none", "y"): {1: 4}, ("nli", "y"): {1: 14}})
    assert average_of_selected(dev, test, ["nli"], "none").delta == pytest.approx(100 * (4 + 10) / 2 / ROWS)


SCORES = strategies.lists(strategies.integers(1, ROWS - 1), min_size=3, max_size=3)


@given(dev=strategies.tuples(SCORES, SCORES), test=strategies.permutations([2, 5, 8, 11, 14, 17, 3, 6, 9]))
def test_test_scores_choose_nothing(dev, test):
    chosen = of_x(none=[1] * 3, nli=dev[0], qa=dev[1])
    [first] = selected(chosen, of_x(none=[2, 5, 8], nli=[11, 14, 17], qa=[3, 6, 9]), ARMS, "none")
    [second] = selected(chosen, of_x(none=test[:3], nli=test[3:6], qa=test[6:]), ARMS, "none")
    assert (first.arm, first.by_seed, first.dev) == (second.arm, second.by_seed, second.dev)
