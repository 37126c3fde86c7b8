"""Averages over targets: exact where the answer is known by hand, of honest error where the truth is simulated."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from isthmus.analysis.averages_over_targets import averages_by_target, best_arm, contrast, half_of, halves
from isthmus.analysis.paired import Scored, paired_effects

GAIN = {("mnli", "xnli"): 1.0, ("none", "xnli"): -1.0}


def scored(arm, seed, task, right, language="de"):
    right = np.asarray(right, np.float32)
    return Scored(arm, seed, task, language, "accuracy", "accuracy", np.stack([right, np.ones_like(right)], 1))


def drawn(rng, shares, seeds=(1, 2, 3), rows=60):
    """Return what every arm and seed has right where items differ in difficulty, and arms are of these shares."""
    hard = {task: rng.normal(0, 0.15, rows) for _, task in shares}
    return [
        scored(arm, seed, task, rng.random(rows) < share + hard[task])
        for (arm, task), share in shares.items()
        for seed in seeds
    ]


def averaged(records):
    return averages_by_target(records, {one.task: ["de"] for one in records})


def test_one_target_and_two_arms_are_the_paired_effect():
    records = drawn(np.random.default_rng(1), {("none", "xnli"): 0.5, ("mnli", "xnli"): 0.7})
    [effect] = paired_effects(records, "none", {"xnli": {}})
    found = contrast(averaged(records), GAIN)
    assert (found.delta, *found.ends()) == pytest.approx((effect.delta, effect.low, effect.high))
    assert found.by_seed == effect.by_seed
    assert found.n == effect.n


def test_a_target_counts_once_whatever_its_number_of_languages():
    records = [scored("a", 1, "x", [1, 1, 0, 0], language) for language in ("de", "fr", "sw")]
    records += [scored("a", 1, "y", [1, 1, 1, 0])]
    found = contrast(averages_by_target(records, {"x": ["de", "fr", "sw"], "y": ["de"]}), {("a", "x"): 0.5, ("a", "y"): 0.5})
    assert found.delta == pytest.approx((50 + 75) / 2)
    assert found.n == 3 * 4 + 4
    assert found.targets == ("x", "y")


def test_of_one_seed_the_interval_is_that_of_two_independent_samples():
    rng = np.random.default_rng(3)
    one, two = rng.random(400) < 0.5, rng.random(300) < 0.7
    found = contrast(averaged([scored("a", 1, "x", one), scored("a", 1, "y", two)]), {("a", "x"): 0.5, ("a", "y"): 0.5})
    error = 100 * np.sqrt(one.var(ddof=1) / 400 + two.var(ddof=1) / 300) / 2
    half = stats.norm.ppf(0.975) * error
    assert found.ends() == pytest.approx((found.delta - half, found.delta + half), rel=0.01)


def test_a_narrower_level_gives_a_narrower_interval_around_the_same_middle():
    found = contrast(averaged(drawn(np.random.default_rng(1), {("none", "xnli"): 0.5, ("mnli", "xnli"): 0.7})), GAIN)
    wide, narrow = found.ends(), found.ends(0.9)
    assert wide[0] < narrow[0] < found.delta < narrow[1] < wide[1]


def test_an_arm_that_trains_nothing_is_the_partner_of_every_seed():
    records = [scored("none", None, "tatoeba", [1, 0, 0, 1])]
    records += [scored("mnli", seed, "tatoeba", right) for seed, right in ((1, [1, 1, 0, 1]), (2, [1, 1, 1, 1]))]
    found = contrast(averaged(records), {("mnli", "tatoeba"): 1.0, ("none", "tatoeba"): -1.0})
    assert found.by_seed == ((1, pytest.approx(25.0)), (2, pytest.approx(50.0)))
    alone = contrast(averaged(records), {("none", "tatoeba"): 1.0})
    assert alone.by_seed == ((None, pytest.approx(50.0)),)


def test_a_seed_that_lacks_a_target_is_left_out_and_without_any_there_is_nothing():
    records = drawn(np.random.default_rng(1), {("none", "x"): 0.5, ("a", "x"): 0.6})
    records += drawn(np.random.default_rng(2), {("none", "y"): 0.5, ("a", "y"): 0.6}, seeds=(2,))
    weights = {(arm, task): sign for arm, sign in (("a", 0.5), ("none", -0.5)) for task in ("x", "y")}
    assert [seed for seed, _ in contrast(averaged(records), weights).by_seed] == [2]
    assert contrast(averaged(records), {("b", "x"): 1.0}) is None
    assert contrast(averaged(records), {("a", "z"): 1.0}) is None


def test_a_language_that_some_arm_lacks_is_in_no_average():
    records = [scored("none", 1, "x", [1, 0], "de"), scored("none", 1, "x", [0, 0], "fr"), scored("a", 1, "x", [1, 1], "de")]
    found = averages_by_target(records, {"x": ["de", "fr"]})["x"]
    assert found.languages == ("de",)
    assert averages_by_target(records, {"x": ["sw"]}) == {}


def test_examples_that_do_not_differ_give_no_interval():
    records = [scored("mnli", 1, "xnli", [1, 1]), scored("none", 1, "xnli", [0, 0])]
    found = contrast(averaged(records), GAIN)
    assert (found.delta, found.ends()) == (pytest.approx(100.0), None)


def test_two_halves_are_the_whole():
    whole = averaged(drawn(np.random.default_rng(1), {("a", "x"): 0.5}))
    split = halves(whole)["x"].runs
    for seed, one in whole["x"].runs["a"].items():
        parts = [split[half_of("a", half)][seed] for half in (0, 1)]
        assert sum(part.points for part in parts) == pytest.approx(one.points)
        assert sum(part.influence for part in parts) == pytest.approx(one.influence)


def test_half_of_the_points_of_a_half_are_its_own_figure():
    right = [1, 0, 1, 1, 1, 0, 1, 0]
    split = halves(averaged([scored("a", 1, "x", right)]))["x"].runs
    assert 2 * split[half_of("a", 0)][1].points == pytest.approx(100.0, abs=3)  # of rows 0, 2, 4, 6
    assert 2 * split[half_of("a", 1)][1].points == pytest.approx(25.0, abs=3)


def test_the_best_arm_is_chosen_on_the_other_half_in_the_other_seeds():
    """Arm b is better in seed 1 and on even rows only: where those are judged they do not choose."""
    even, odd, none = [1, 0] * 4, [0, 1] * 4, [0, 0] * 4
    records = [scored("a", 1, "x", none), scored("b", 1, "x", [1, 1] * 4)]
    records += [scored("a", 2, "x", odd), scored("b", 2, "x", even)]
    split = halves(averaged(records))
    assert best_arm(split, ["a", "b"], ["x"], 1, 0) == half_of("a", 0)  # by odd rows of seed 2
    assert best_arm(split, ["a", "b"], ["x"], 1, 1) == half_of("b", 1)  # by even rows of seed 2
    assert best_arm(split, ["a", "b"], ["x"], 2, 0) == half_of("b", 0)  # by seed 1
    assert best_arm(split, ["c"], ["x"], 1, 0) is None


def test_where_no_arm_changes_anything_the_best_is_not_found_better_by_luck():
    """In 300 simulated studies with five arms that are alike at most 5 in 100 intervals lie above 0 (and 12 by luck)."""
    rng = np.random.default_rng(11)
    arms, above = ["a", "b", "c", "d"], 0
    for _ in range(300):
        split = halves(averaged(drawn(rng, {(arm, task): 0.6 for arm in ["none", *arms] for task in ("x", "y")}, rows=40)))

        def weigh(seed, split=split):
            weights = {(half_of("none", half), task): -0.5 for task in ("x", "y") for half in (0, 1)}
            for half in (0, 1):
                weights |= {(best_arm(split, arms, [task], seed, half), task): 0.5 for task in ("x", "y")}
            return weights

        above += contrast(split, weigh).ends()[0] > 0
    assert above <= 0.05 * 300 + 12
