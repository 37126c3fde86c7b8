"""Mixed-effects models: printed estimates, statsmodels itself, sums by hand, and simulated tables whose truth is known."""

from __future__ import annotations

import warnings
from itertools import permutations

import numpy as np
import pytest

from isthmus.analysis.mixed import arm_model, fit_mixed, order_model
from isthmus.analysis.order import find_orders
from isthmus.results.row import Row

# Reaction times of 18 subjects over ten days (Belenky et al. 2003), the example of lme4.
SLEEP = """
249.56 258.7047 250.8006 321.4398 356.8519 414.6901 382.2038 290.1486 430.5853 466.3535
222.7339 205.2658 202.9778 204.707 207.7161 215.9618 213.6303 217.7272 224.2957 237.3142
199.0539 194.3322 234.32 232.8416 229.3074 220.4579 235.4208 255.7511 261.0125 247.5153
321.5426 300.4002 283.8565 285.133 285.7973 297.5855 280.2396 318.2613 305.3495 354.0487
287.6079 285 301.8206 320.1153 316.2773 293.3187 290.075 334.8177 293.7469 371.5811
234.8606 242.8118 272.9613 309.7688 317.4629 309.9976 454.1619 346.8311 330.3003 253.8644
283.8424 289.555 276.7693 299.8097 297.171 338.1665 332.0265 348.8399 333.36 362.0428
265.4731 276.2012 243.3647 254.6723 279.0244 284.1912 305.5248 331.5229 335.7469 377.299
241.6083 273.9472 254.4907 270.8021 251.4519 254.6362 245.4523 235.311 235.7541 237.2466
312.3666 313.8058 291.6112 346.1222 365.7324 391.8385 404.2601 416.6923 455.8643 458.9167
236.1032 230.3167 238.9256 254.922 250.7103 269.7744 281.5648 308.102 336.2806 351.6451
256.2968 243.4543 256.2046 255.5271 268.9165 329.7247 379.4445 362.9184 394.4872 389.0527
250.5265 300.0576 269.8939 280.5891 271.8274 304.6336 287.7466 266.5955 321.5418 347.5655
221.6771 298.1939 326.8785 346.8555 348.7402 352.8287 354.4266 360.4326 375.6406 388.5417
271.9235 268.4369 257.2424 277.6566 314.8222 317.2135 298.1353 348.1229 340.28 366.5131
225.264 234.5235 238.9008 240.473 267.5373 344.1937 281.1481 347.5855 365.163 372.2288
269.8804 272.4428 277.8989 281.7895 279.1705 284.512 259.2658 304.6306 350.7807 369.4692
269.4117 273.474 297.5968 310.6316 287.1726 329.6076 334.4818 343.2199 369.1417 364.1236
"""
ORDERS = {".".join(order): order for order in permutations("abc")}


def table(lot, gain=0.0, *, seeds=3, languages=3, run=2.0, arms=ORDERS, tasks=("xnli",)):
    """Return scores of arms, ``gain`` higher where a is last, and what languages, seeds, runs and single scores waver by."""
    by_language, by_seed = lot.normal(0, 6, (len(tasks), languages)), lot.normal(0, 1, seeds)
    runs = {(arm, seed): lot.normal(0, run) for arm in arms for seed in range(seeds)}
    return [
        Row("s", arm, seed, task, f"l{i}", "test", True, "accuracy", True, float(value), 100, "x")
        for t, task in enumerate(tasks)
        for (arm, seed), own in runs.items()
        for i in range(languages)
        for value in [50 + by_language[t, i] + by_seed[seed] + own + gain * (arms[arm][-1:] == ("a",)) + lot.normal()]
    ]


def estimate(fit, name):
    return next(one for one in fit.estimates if one.name == name)


def test_the_estimates_that_lme4_prints_for_the_study_of_sleep_are_found():
    values = list(map(float, SLEEP.split()))
    fit = fit_mixed(values, {"days": [i % 10 for i in range(180)]}, {"subject": [i // 10 for i in range(180)]})
    assert fit.converged
    assert (fit.n, fit.edge) == (180, ())
    assert (estimate(fit, "base").value, estimate(fit, "base").error) == pytest.approx((251.4051, 9.7467), abs=1e-3)
    assert (estimate(fit, "days").value, estimate(fit, "days").error) == pytest.approx((10.4673, 0.8042), abs=1e-4)
    assert fit.spread == pytest.approx({"subject": 37.124, "residual": 30.991}, abs=2e-3)


def test_crossed_intercepts_agree_with_statsmodels_asked_directly():
    import pandas
    import statsmodels.formula.api as direct

    rows = table(np.random.default_rng(3), 2.0)
    frame = pandas.DataFrame(
        {
            "score": [row.value for row in rows],
            "last": [float(row.arm.endswith("a")) for row in rows],
            "seed": [str(row.seed) for row in rows],
            "language": [row.language for row in rows],
            "one": 1,
        }
    )
    parts = {"seed": "0 + C(seed)", "language": "0 + C(language)"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = direct.mixedlm("score ~ last", frame, groups="one", vc_formula=parts, re_formula="0").fit(reml=True)
    groups = {name: frame[name].tolist() for name in parts}
    ours = fit_mixed(frame["score"].tolist(), {"last": frame["last"].tolist()}, groups)
    assert estimate(ours, "last").value == pytest.approx(theirs.fe_params["last"], abs=1e-4)
    assert estimate(ours, "last").error == pytest.approx(theirs.bse_fe["last"], rel=1e-3)
    assert ours.spread["residual"] ** 2 == pytest.approx(theirs.scale, rel=1e-2)


def test_a_balanced_table_gives_the_means_and_the_t_test_of_runs():
    rows = table(np.random.default_rng(5), 3.0)
    (orders,) = find_orders(ORDERS)
    fit = order_model(rows, orders)
    assert (fit.n, fit.freedom) == (54, 11)  # 18 runs, less the mean, four contrasts and two seeds
    assert fit.spread.keys() == {"language", "seed", "run", "residual"}
    sums = {word: sum(one.value for one in fit.estimates if one.name.startswith(word)) for word in ("last", "before")}
    assert sums == pytest.approx({"last": 0.0, "before": 0.0}, abs=1e-6)
    runs = {}
    for row in rows:
        runs.setdefault((row.arm, row.seed), []).append(row.value)
    means = {place: np.mean(own) for place, own in runs.items()}
    design = [
        [1, *((a[-1] == x) - (a[-1] == "c") for x in "ab"), *((a[-3] == x) - (a[-3] == "c") for x in "ab"), s == 0, s == 1]
        for a, s in means
    ]
    design = np.array(design, float)
    answer = np.array(list(means.values()))
    expected, (left,), *_ = np.linalg.lstsq(design, answer, rcond=None)
    error = np.sqrt(left / 11 * np.linalg.inv(design.T @ design)[1, 1])
    assert estimate(fit, "last a").value == pytest.approx(expected[1], abs=1e-4)
    assert estimate(fit, "last a").error == pytest.approx(error, rel=2e-3)


def test_intervals_hold_the_truth_and_nothing_is_claimed_too_often_where_there_is_nothing():
    lot, (orders,) = np.random.default_rng(11), find_orders(ORDERS)
    fits = [order_model(table(lot, 3.0, languages=2), orders) for _ in range(20)]
    last = [estimate(fit, "last a") for fit in fits]
    assert sum(one.low <= 2.0 <= one.high for one in last) >= 16  # 3 points where a is last, less their mean over stages
    assert sum(estimate(fit, "before b").p < 0.05 for fit in fits) <= 4


def test_arms_differ_from_one_by_what_was_put_in_and_several_targets_have_runs_of_their_own():
    arms = {"none": ("b",), "better": ("a",), "same": ("b",)}
    fit = arm_model(table(np.random.default_rng(2), 5.0, seeds=5, run=0.5, arms=arms, tasks=("xnli", "xquad")), "none")
    assert estimate(fit, "better").low > 0
    assert estimate(fit, "same").low < 0 < estimate(fit, "same").high
    assert "run on a target" in fit.spread
    assert fit.freedom == 15 - 3 - 4


def test_too_few_runs_or_nothing_to_compare_with_give_no_model():
    lot, (orders,) = np.random.default_rng(1), find_orders(ORDERS)
    two = {arm: own for arm, own in ORDERS.items() if arm in ("a.b.c", "b.a.c")}
    assert order_model(table(lot, arms=two), orders) is None
    assert arm_model(table(lot), "none") is None
    assert order_model([], orders) is None


def test_scores_that_were_never_measured_do_not_count():
    lot, (orders,) = np.random.default_rng(1), find_orders(ORDERS)
    rows = table(lot)
    stripped = [Row("s", "a.b.c", 0, "xnli", "l9", "test", True, "accuracy", True, None, 100, "x")]
    assert order_model(rows + stripped, orders) == order_model(rows, orders)


def test_columns_that_cannot_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="4 scores cannot tell 3 fixed effects apart"):
        fit_mixed([1, 2, 3, 4], {"x": [0, 1, 0, 1], "y": [0, 2, 0, 2]}, {})


def test_a_group_of_one_level_and_no_group_at_all_leave_least_squares():
    fit = fit_mixed([1.0, 2.0, 4.0, 5.0], {"x": [0, 0, 1, 1]}, {"seed": [1, 1, 1, 1]}, freedom=2)
    assert estimate(fit, "x").value == pytest.approx(3.0)
    assert estimate(fit, "x").error == pytest.approx(np.sqrt(0.5))
    assert fit.spread == pytest.approx({"residual": np.sqrt(0.5)})
