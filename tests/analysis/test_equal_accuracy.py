"""The smallest cost at equal accuracy: found where it was planted and not elsewhere; that none reaches it is an answer."""

from __future__ import annotations

import numpy as np
import pytest

from isthmus.analysis.equal_accuracy import equal_accuracy
from isthmus.analysis.fronts import Cost

SIZES = {"small": 1.0, "base": 2.0, "large": 4.0}
BARS = [f"none@{size}" for size in SIZES]


def costs(arms, variants=("", "int8")):
    return {
        "xnli": {
            f"{arm}@{size}{'/' if variant else ''}{variant}": Cost((cost * (0.6 if variant else 1.0),))
            for arm in arms
            for size, cost in SIZES.items()
            for variant in variants
        }
    }


def shares(**added):
    """Return the share right of every configuration: more with size, a little less as int8, and what an arm adds."""
    sizes = dict(zip(SIZES, (0.5, 0.6, 0.7), strict=True))
    return {
        f"{arm}@{size}{'/int8' if lost else ''}": base + more - lost
        for arm, more in {"none": 0.0, **added}.items()
        for size, base in sizes.items()
        for lost in (0.0, 0.05)
    }


def staged(*arms):
    return {f"{arm}@{size}" for arm in arms for size in SIZES}


def test_a_stage_worth_more_than_a_size_makes_the_same_score_cheaper(scores):
    found = equal_accuracy(scores(shares(nli=0.2), rows=1500), costs(["none", "nli"]), staged("nli"), BARS)
    base = found.equal[1]
    assert (base.bar, base.staged.configuration, base.plain.configuration) == ("none@base", "nli@small/int8", "none@base")
    assert base.ratio == pytest.approx(0.3)
    assert base.cheaper
    assert base.low == pytest.approx(0.3)
    assert base.high < 1
    assert found.high < 1
    assert found.ratio == pytest.approx((0.6 * 0.3 * 0.3) ** (1 / 3), rel=0.01)


def test_where_stages_change_nothing_the_same_score_is_seldom_called_cheaper(scores):
    known = costs(["none", "nli", "qa"])
    found = [
        equal_accuracy(scores(shares(nli=0.0, qa=0.0), lot=lot), known, staged("nli", "qa"), BARS, draws=300)
        for lot in range(40)
    ]
    assert np.mean([one.high is not None and one.high < 1 for one in found]) < 0.06
    assert np.mean([one.low is None or one.low > 1 for one in found]) < 0.06


def test_that_none_reaches_it_is_an_answer(scores):
    found = equal_accuracy(scores(shares(nli=-0.3), rows=1500), costs(["none", "nli"]), staged("nli"), BARS)
    assert [(one.staged, one.ratio, one.low, one.high) for one in found.equal] == [(None,) * 4] * 3
    assert max(one.reached for one in found.equal) < 0.025
    assert (found.ratio, found.low, found.high) == (None, None, None)
    assert [one.plain.configuration for one in found.equal] == BARS


def test_a_bar_that_is_reached_in_some_draws_has_an_interval_without_an_upper_end(scores):
    averages = scores({"none@small": 0.6, "nli@small": 0.61}, seeds=(1,), rows=200)
    found = equal_accuracy(averages, costs(["none", "nli"]), {"nli@small"}, ["none@small"])
    [one] = found.equal
    assert 0.2 < one.reached < 0.95
    assert (one.low, one.high) == (1.0, None)
    assert not one.cheaper


def test_what_nobody_would_notice_counts_as_equal_on_both_sides(scores):
    averages = scores({"none@small": 0.6, "none@small/int8": 0.599, "nli@small": 0.6})
    seen = {name: np.mean([one.points for one in runs.values()]) for name, runs in averages["xnli"].runs.items()}
    gap = abs(seen["none@small"] - seen["none@small/int8"]) + 0.1
    found = equal_accuracy(averages, costs(["none", "nli"]), {"nli@small"}, ["none@small"], within=gap)
    assert found.equal[0].plain.configuration == "none@small/int8"


def test_many_stages_that_compete_widen_the_interval(scores):
    lot, worse = np.random.default_rng(0), [f"arm{i}" for i in range(9)]
    timed = {name: Cost(tuple(np.exp(lot.normal(0, 0.5, 20))), name) for name in ("none", "nli", *worse)}
    averages = scores({"none": 0.5, "nli": 0.9, **dict.fromkeys(worse, 0.1)}, seeds=(1,))
    one, many = (equal_accuracy(averages, {"xnli": timed}, {"nli", *others}, ["none"]) for others in ((), worse))
    # alone, the others are arms without a stage, so the plain side must not change: they never reach the bar
    assert many.ratio == one.ratio
    assert many.low < one.low < one.high < many.high


def test_noise_of_the_rounds_is_in_the_interval(scores):
    lot = np.random.default_rng(0)
    averages = scores({"none": 0.5, "nli": 0.9})
    timed = {name: Cost(tuple(np.exp(lot.normal(0, 0.5, 20))), name) for name in ("none", "nli")}
    found = equal_accuracy(averages, {"xnli": timed}, {"nli"}, ["none"])
    assert found.low < 0.8 < 1.2 < found.high


def test_without_scores_costs_or_one_side_there_is_no_answer(scores):
    averages = scores({"none": 0.6, "nli": 0.7})
    both = {"xnli": {"none": Cost((1.0,)), "nli": Cost((1.0,))}}
    assert equal_accuracy({}, both, {"nli"}, ["none"]) is None
    assert equal_accuracy(averages, {}, {"nli"}, ["none"]) is None
    assert equal_accuracy(averages, both, set(), ["none"]) is None
    assert equal_accuracy(averages, both, {"none", "nli"}, ["none"]) is None
    assert equal_accuracy(averages, both, {"nli"}, ["other"]) is None
    assert equal_accuracy(averages, both, {"nli"}, []) is None


def test_without_a_common_seed_there_is_no_answer(scores):
    averages = scores({"none": 0.6}, seeds=(1,))
    averages["xnli"].runs["nli"] = scores({"nli": 0.6}, seeds=(2,))["xnli"].runs["nli"]
    both = {"xnli": {"none": Cost((1.0,)), "nli": Cost((1.0,))}}
    assert equal_accuracy(averages, both, {"nli"}, ["none"]) is None
