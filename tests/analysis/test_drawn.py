"""Draws spread as the house's intervals say, keep what configurations have in common, and leave what was counted alone."""

from __future__ import annotations

import numpy as np
import pytest

from isthmus.analysis.averages_over_targets import TargetAverages, contrast
from isthmus.analysis.drawn import drawn_costs, drawn_scores, shared_seeds
from isthmus.analysis.fronts import Cost
from isthmus.analysis.latency import ratio_of
from isthmus.analysis.paired import Measured

DRAWS = 4000


def test_with_one_seed_scores_spread_as_the_examples_do(scores):
    averages = scores({"nli": 0.7, "none": 0.6}, seeds=(1,))
    drawn = drawn_scores(averages["xnli"], ["nli", "none"], DRAWS)
    found = contrast(averages, {("nli", "xnli"): 1, ("none", "xnli"): -1})
    assert np.std(drawn["nli"] - drawn["none"]) == pytest.approx(found.chance.error(1), rel=0.05)
    assert np.mean(drawn["nli"] - drawn["none"]) == pytest.approx(found.delta, abs=0.2)


def test_seeds_spread_scores_as_students_t_does():
    none = np.zeros(10)
    runs = {seed: Measured(points, none) for seed, points in {1: 50.0, 2: 52.0, 3: 54.0}.items()}
    drawn = drawn_scores(TargetAverages(("de",), 10, {"nli": runs}), ["nli"], 20_000)["nli"]
    half = 4.303 * 2 / np.sqrt(3)
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx([52 - half, 52 + half], abs=0.5)


def test_what_two_configurations_do_alike_is_drawn_alike(scores):
    target = scores({"nli": 0.7})["xnli"]
    both = TargetAverages(target.languages, target.n, {"nli": target.runs["nli"], "nli/onnx": target.runs["nli"]})
    drawn = drawn_scores(both, ["nli", "nli/onnx"], DRAWS)
    assert np.array_equal(drawn["nli"], drawn["nli/onnx"])


def test_only_seeds_that_all_have_count(scores):
    some, more = scores({"nli": 0.7}, seeds=(1, 2))["xnli"], scores({"none": 0.6}, seeds=(2, 3))["xnli"]
    both = TargetAverages(some.languages, some.n, {**some.runs, **more.runs})
    assert shared_seeds(both, ["nli", "none"]) == (2,)
    untrained = TargetAverages(some.languages, some.n, {**some.runs, "none": {None: more.runs["none"][2]}})
    assert shared_seeds(untrained, ["nli", "none"]) == (1, 2)
    assert shared_seeds(untrained, ["none"]) == (None,)
    apart = TargetAverages(some.languages, some.n, {**some.runs, "none": {9: more.runs["none"][2]}})
    assert drawn_scores(apart, ["nli", "none"], 10) == {}


def test_seconds_of_one_run_are_drawn_together_as_their_ratio_spreads():
    lot = np.random.default_rng(0)
    hour = np.exp(lot.normal(0, 0.5, 30))
    rounds = {name: tuple(hour * np.exp(lot.normal(0, 0.02, 30))) for name in ("none", "nli")}
    costs = drawn_costs({name: Cost(own, "xnli@") for name, own in rounds.items()}, DRAWS)
    ratio = ratio_of([rounds["nli"]], [rounds["none"]])
    low, high = np.log(ratio.ends())
    ends = np.quantile(np.log(costs["nli"] / costs["none"]), [0.025, 0.975])
    assert ends[1] - ends[0] == pytest.approx(high - low, rel=0.15)
    apart = drawn_costs({name: Cost(own, name) for name, own in rounds.items()}, DRAWS)
    assert np.std(np.log(apart["nli"] / apart["none"])) > 5 * np.std(np.log(costs["nli"] / costs["none"]))


def test_what_was_counted_does_not_vary():
    assert set(drawn_costs({"none": Cost((7.0,))}, 5)["none"]) == {7.0}
