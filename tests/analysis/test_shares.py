"""The line through scores by share: right where the answer is known by hand, and its interval as wide as it says."""

from __future__ import annotations

import numpy as np
import pytest

from isthmus.analysis.averages_over_targets import averages_by_target
from isthmus.analysis.paired import Scored
from isthmus.analysis.shares import share_effects, slope

SHARES = {"a": 0.0, "b": 0.25, "c": 0.5, "d": 0.75, "e": 1.0}


def averaged(hits):
    """Return averages of {(arm, seed, task): what is right}."""
    records = [
        Scored(*place, "de", "accuracy", "accuracy", np.stack([np.asarray(own, np.float32), np.ones(len(own))], 1))
        for place, own in hits.items()
    ]
    return averages_by_target(records, {task: ["de"] for _, _, task in hits})


def right(share, of=40):
    return [1.0] * round(share * of) + [0.0] * (of - round(share * of))


def drawn(rng, rise, seeds=(1, 2, 3), rows=80, run=0.0, tasks=("x",)):
    """Return averages of arms whose truth rises by so much from a share of 0 to one of 1; ``run`` is the luck of runs."""
    hits = {}
    for task in tasks:
        hard = rng.normal(0, 0.1, rows)
        for arm, share in SHARES.items():
            for seed in seeds:
                truth = np.clip(0.5 + rise * share + hard + rng.normal(0, run), 0, 1)
                hits[arm, seed, task] = rng.random(rows) < truth
        for seed in seeds:
            hits["alone", seed, task] = rng.random(rows) < np.clip(0.4 + hard, 0, 1)
    return averaged(hits)


def test_a_straight_line_has_its_own_slope_and_a_curve_that_of_least_squares():
    points = {"a": 0.4, "b": 0.5, "c": 0.5, "d": 0.6, "e": 0.9}
    hits = {(arm, seed, "x"): right(points[arm]) for arm in SHARES for seed in (1, 2)}
    found = share_effects(averaged(hits), SHARES, "a", ["x"])
    fitted = np.polyfit(list(SHARES.values()), [100 * own for own in points.values()], 1)[0]
    assert found.trend.delta == pytest.approx(fitted)
    assert [(share, one.delta) for share, one in found.points] == [
        (0.25, pytest.approx(10)), (0.5, pytest.approx(10)), (0.75, pytest.approx(20)), (1.0, pytest.approx(50)),
    ]  # fmt: skip


def test_shares_need_not_be_even_nor_in_order():
    weights = slope({"a": 1.0, "b": 0.1, "c": 0.3})
    assert sum(weights.values()) == pytest.approx(0)
    assert sum(weights[arm] * (7 + 20 * share) for arm, share in {"a": 1.0, "b": 0.1, "c": 0.3}.items()) == pytest.approx(20)


def test_the_mean_over_targets_has_the_mean_of_their_slopes():
    found = drawn(np.random.default_rng(4), 0.2, tasks=("x", "y"))
    one, two, both = (share_effects(found, SHARES, "alone", targets).trend for targets in (["x"], ["y"], ["x", "y"]))
    assert both.delta == pytest.approx((one.delta + two.delta) / 2)
    assert both.targets == ("x", "y")


def test_a_share_that_is_not_measured_yet_is_left_out_and_there_is_no_line():
    found = averaged({(arm, 1, "x"): right(0.5) for arm in ("a", "b", "alone")})
    effects = share_effects(found, SHARES, "alone", ["x"])
    assert [share for share, _ in effects.points] == [0.0, 0.25]
    assert effects.trend is None


@pytest.mark.parametrize("rise", [0.0, 0.2])
def test_the_interval_of_the_slope_holds_the_truth_about_as_often_as_it_says(rise):
    rng = np.random.default_rng(11)
    ends = [share_effects(drawn(rng, rise, run=0.02), SHARES, "alone", ["x"]).trend.ends() for _ in range(200)]
    assert 0.90 <= np.mean([low <= 100 * rise <= high for low, high in ends]) <= 0.995
