"""Fronts that are made by hand, and what stages win at equal cost where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from isthmus.analysis.fronts import Cost, Point, costs_of, front, gain, parted, points_of
from isthmus.core.errors import UnknownName


def names(points):
    return [point.configuration for point in points]


def test_a_front_leaves_out_what_something_as_cheap_is_as_good_as():
    points = [
        Point("dear", 9.0, 80.0),
        Point("cheap", 1.0, 50.0),
        Point("no better than cheap", 2.0, 50.0),
        Point("as cheap and worse", 1.0, 40.0),
        Point("middle", 3.0, 70.0),
        Point("dearer and worse than middle", 4.0, 60.0),
    ]
    assert names(front(points)) == ["cheap", "middle", "dear"]
    assert front([]) == ()


@pytest.mark.parametrize(("cost", "score"), [(float("nan"), 1.0), (1.0, float("inf"))])
def test_what_is_no_number_is_on_no_front(cost, score):
    with pytest.raises(ValueError, match="odd: found cost"):
        front([Point("odd", cost, score)])


def test_arms_with_stages_have_a_front_of_their_own_in_all_their_variants():
    points = [Point("none", 2.0, 60.0), Point("nli", 2.0, 70.0), Point("nli/int8", 1.0, 65.0), Point("none/int8", 1.0, 50.0)]
    mine, others = parted(points, {"nli"})
    assert (names(mine), names(others)) == (["nli/int8", "nli"], ["none/int8", "none"])


def test_costs_are_of_one_example_and_the_mean_over_languages(measurements):
    rounds = {"en": [2.0, 4.0], "de": [6.0, 8.0]}
    found = measurements({("none", "int8"): rounds}, model="small")
    assert costs_of([found], ["en", "de"]) == {"none@small/int8": Cost((2.0, 3.0), "xnli@small")}
    assert costs_of([found], ["en"])["none@small/int8"].value == 1.5
    assert costs_of([found], ["en"], "throughput")["none@small/int8"].rounds == (1.0, 2.0)
    assert costs_of([found], ["en"], "flops")["none@small/int8"] == Cost((2e6,))
    assert [costs_of([found], ["en"], one)["none@small/int8"].value for one in ("parameters", "disk", "memory")] == [
        100, 400, 800,
    ]  # fmt: skip


def test_what_nobody_reports_has_no_cost(measurements):
    found = measurements({("none", ""): {"en": [1.0]}})
    assert costs_of([found], ["en"], "energy") == {}
    assert costs_of([found], ["fr"]) == {}
    assert costs_of([], ["en"]) == {}


def test_a_cost_that_is_none_is_told(measurements):
    with pytest.raises(UnknownName, match="latency"):
        costs_of([], ["en"], "latencies")


SHARES = {"none": 0.6, "none/int8": 0.5, "nli": 0.7, "nli/int8": 0.6, "qa": 0.7, "qa/int8": 0.6}
COSTS = {name: Cost((1.0 if "/" in name else 2.0,)) for name in SHARES}


def test_points_are_means_over_seeds_cheapest_first(scores):
    averages = scores({"none": 0.6, "none/int8": 0.5, "untimed": 0.9})
    found = points_of(averages["xnli"], COSTS)
    assert names(found) == ["none/int8", "none"]
    assert found[1].score == pytest.approx(60, abs=5)


def test_what_stages_win_at_equal_cost_is_found(scores):
    found = gain(scores(SHARES), {"xnli": COSTS}, {"nli", "qa"})
    assert found.points.delta == pytest.approx(10, abs=4)
    assert found.points.ends()[0] > 0
    assert (found.cheapest, found.dearest) == (1.0, 2.0)


def test_a_stage_that_wins_on_the_dear_half_alone_wins_half(scores):
    shares = {"none/int8": 0.5, "none": 0.5, "nli/int8": 0.5, "nli": 0.8}
    costs = {name: Cost((cost,)) for name, cost in zip(shares, (1.0, 4.0, 1.0, 2.0), strict=True)}
    found = gain(scores(shares, rows=2000), {"xnli": costs}, {"nli"})
    assert found.points.delta == pytest.approx(15, abs=3)  # 30 points, from 2 to 4 of 1 to 4


def test_one_cost_alone_is_compared_there(scores):
    found = gain(scores({"none": 0.5, "nli": 0.7}), {"xnli": {"none": Cost((1.0,)), "nli": Cost((1.0,))}}, {"nli"})
    assert found.points.delta == pytest.approx(20, abs=6)


def test_the_best_of_many_that_are_alike_wins_nothing(scores):
    shares = {"none": 0.6, **{f"arm{i}": 0.6 for i in range(5)}}
    costs = {"xnli": {name: Cost((1.0,)) for name in shares}}
    found = [gain(scores(shares, rows=100, lot=lot), costs, set(shares) - {"none"}).points for lot in range(60)]
    assert np.mean([one.delta for one in found]) == pytest.approx(0, abs=1)
    assert np.mean([one.ends()[0] > 0 for one in found]) < 0.1


def test_without_one_of_the_sides_nothing_is_won(scores):
    averages = scores({"none": 0.6, "nli": 0.7})
    assert gain(averages, {"xnli": COSTS}, set()) is None
    assert gain(averages, {"xnli": COSTS}, {"none", "nli"}) is None
    assert gain(averages, {}, {"nli"}) is None
    assert gain({}, {}, {"nli"}) is None
