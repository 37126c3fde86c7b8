"""Ratios of seconds: what scipy and statsmodels say of the same figures, rounds that are alike, and what is no figure."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW, ttost_paired

from isthmus.analysis.latency import (
    FEWEST,
    Ratio,
    against_full,
    against_reference,
    apart,
    mean_of,
    ratio_between,
    ratio_of,
    waves_of,
    weighted,
)


def seconds(rounds=24, slower=1.0, spread=0.02, seed=0, alike=0.0):
    """Return the seconds of two, of rounds of which each resembles the last by ``alike``."""
    lot = np.random.default_rng(seed)
    noise = lot.normal(0, spread, (2, rounds))
    for i in range(1, rounds):
        noise[:, i] += alike * noise[:, i - 1]
    hour = np.exp(lot.normal(0, 0.5, rounds))
    return [list(slower * hour * np.exp(noise[0]))], [list(hour * np.exp(noise[1]))]


def share(found, number=400, **how):
    return np.mean([found(ratio_of(*seconds(seed=seed, **how))) for seed in range(number)])


def test_the_ratio_is_the_geometric_mean_over_rounds():
    found = ratio_of([[2.0, 8.0, 1.0, 1.0, 1.0]], [[1.0, 1.0, 1.0, 1.0, 1.0]])
    assert found.ratio == pytest.approx(16 ** (1 / 5))
    assert found.rounds == 5


def test_interval_and_p_are_those_of_students_t_with_its_own_error_and_freedom():
    found = ratio_of(*seconds(slower=1.02))
    t = stats.t(found.freedom)
    assert found.p == pytest.approx(2 * t.sf(abs(found.log) / found.error))
    assert found.ends() == pytest.approx(tuple(exp(found.log + q * found.error) for q in t.ppf([0.025, 0.975])))


def test_the_two_tests_are_those_of_statsmodels_on_what_they_are_given():
    # as many numbers as give the same mean, error and degrees of freedom: what is tested is the two tests alone
    found = ratio_of(*seconds(slower=1.02))
    number = round(found.freedom) + 1
    values = np.arange(number) - (number - 1) / 2
    values = found.log + values / values.std(ddof=1) * found.error * sqrt(number)
    p, *_ = ttost_paired(values, np.zeros(number), -log(1.05), log(1.05))
    assert found.p_equal == pytest.approx(p)
    low, high = DescrStatsW(values).tconfint_mean(alpha=0.1)
    assert found.ends(0.9) == pytest.approx((exp(low), exp(high)))


def test_the_two_tests_say_what_the_90_percent_interval_says():
    for slower in (1.0, 1.03, 1.04, 1.045, 1.05, 1.06):
        found = ratio_of(*seconds(slower=slower))
        low, high = found.ends(0.9)
        assert found.equivalent == (low > 1 / 1.05 and high < 1.05)


def test_slow_sums_have_the_variance_of_a_round_where_rounds_are_independent():
    lot = np.random.default_rng(0)
    found = [waves_of(lot.normal(0, 3.0, 24)) for _ in range(500)]
    assert np.mean(np.square(found)) == pytest.approx(9.0, rel=0.1)


def test_two_that_are_alike_are_found_different_in_one_of_twenty():
    assert share(lambda one: one.found) == pytest.approx(0.05, abs=0.025)


def test_rounds_that_resemble_each_other_raise_few_false_alarms():
    plain = np.mean([
        stats.ttest_1samp(np.log(mine[0]) - np.log(other[0]), 0).pvalue < 0.05
        for mine, other in (seconds(seed=seed, alike=0.4) for seed in range(400))
    ])  # fmt: skip
    assert plain > 0.14
    assert share(lambda one: one.found, alike=0.4) < 0.11


def test_a_slowdown_of_15_percent_is_found_and_is_not_equivalent():
    assert share(lambda one: one.found and one.ratio > 1 and not one.equivalent, 50, slower=1.15) == 1.0


def test_two_that_are_alike_are_shown_to_be_and_two_on_the_margin_seldom():
    assert share(lambda one: one.equivalent, 100) > 0.95
    assert share(lambda one: one.equivalent, slower=1.05) < 0.09


def test_a_certain_but_small_difference_is_equivalence_all_the_same():
    found = ratio_of(*seconds(slower=1.02, spread=0.002))
    assert (found.found, found.equivalent, found.outcome) == (True, True, "equivalent")
    assert "lies within 1 ± 5 %" in found.why


def test_copies_that_take_the_same_seconds_are_equivalent():
    found = ratio_of([[1.0, 2.0, 3.0, 2.0, 1.0]], [[1.0, 2.0, 3.0, 2.0, 1.0]])
    assert (found.ends(), found.p, found.outcome) == ((1.0, 1.0), 1.0, "equivalent")


def test_a_ratio_that_never_varies_has_no_interval():
    found = ratio_of([[2.0] * 6], [[1.0] * 6])
    assert (found.ends(), found.p, found.p_equal, found.outcome) == (None, None, None, "undecided")
    assert found.why == "the rounds do not differ in anything but the ratio itself"


def test_one_round_decides_nothing_and_says_so():
    found = ratio_of([[2.0]], [[1.0]])
    assert (found.ratio, found.ends(), found.outcome) == (2.0, None, "undecided")
    assert found.why == f"1 rounds are too few, {FEWEST} are the fewest"


def test_a_noisy_machine_is_blamed_where_nothing_is_decided():
    mine, other = seconds(spread=0.3)
    assert ratio_of(mine, other).why.endswith("24 rounds are too few")
    assert ratio_of(mine, other, doubts=["load 4"]).why.endswith("the machine was noisy (load 4)")


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ([], []),
        ([[]], [[]]),
        ([[1.0, 1.0]], [[1.0]]),
        ([[1.0], [1.0]], [[1.0]]),
        ([[0.0]], [[1.0]]),
        ([[1.0]], [[-1.0]]),
        ([[float("nan")]], [[1.0]]),
        ([[1.0]], [[float("inf")]]),
    ],
)
def test_what_cannot_be_paired_is_refused(mine, other):
    with pytest.raises(ValueError, match=r"expected|found no round"):
        ratio_of(mine, other)


def test_languages_weigh_alike_and_rounds_of_all_are_averaged_before_their_spread_is_taken():
    mine, other = seconds()
    twice = ratio_of(mine * 2, other * 2)
    assert (twice.log, twice.error) == pytest.approx((ratio_of(mine, other).log, ratio_of(mine, other).error))
    slow = [[2 * value for value in mine[0]]]
    assert ratio_of(mine + slow, other * 2).log == pytest.approx(twice.log + log(2) / 2)


def test_independent_ratios_add_their_variances_as_welch_has_it():
    one, other = Ratio(0.1, 0.03, 9, 10), Ratio(0.3, 0.04, 5, 10)
    found = weighted([(1, one), (-1, other)])
    assert (found.log, found.error) == pytest.approx((-0.2, 0.05))
    assert found.freedom == pytest.approx(0.05**4 / (0.03**4 / 9 + 0.04**4 / 5))
    assert mean_of([one, other]).error == pytest.approx(0.025)
    assert weighted([(1, one), (1, Ratio(0.0, None, 0, 1))]).ends() is None
    with pytest.raises(ValueError, match="no ratio"):
        weighted([])


def test_what_was_not_measured_side_by_side_keeps_the_spread_of_both():
    mine, other = seconds(slower=2.0)
    found = apart(mine, other)
    assert found.ratio == pytest.approx(ratio_of(mine, other).ratio)
    assert found.error > 5 * ratio_of(mine, other).error  # the hour is in both, and no longer goes


@pytest.fixture
def timed(measurements):
    """Measurements of two arms and two variants in two languages: nli is slower by 20 % as int8 alone."""
    (mine,), (other,) = seconds()
    (slow,), _ = seconds(slower=1.2)

    def both(values):
        return {"en": values, "de": [3 * value for value in values]}

    rounds = {("none", ""): both(other), ("nli", ""): both(mine), ("none", "int8"): both(other), ("nli", "int8"): both(slow)}
    return measurements(rounds)


def test_arms_are_compared_with_the_reference_in_the_same_variant(timed):
    found = against_reference([timed], "none", "latency")
    assert [(one.arm, one.against, one.language) for one in found[::3]] == [
        ("nli", "none", "all"),
        ("nli/int8", "none/int8", "all"),
    ]
    assert [one.language for one in found[:3]] == ["all", "en", "de"]
    assert [one.ratio.outcome for one in found[::3]] == ["equivalent", "different"]
    assert found[3].ratio.ratio == pytest.approx(1.2, rel=0.03)


def test_p_is_corrected_among_what_is_over_all_languages(timed):
    found = against_reference([timed], "none", "latency")
    assert [one.ratio.p_holm is None for one in found] == [False, True, True] * 2
    assert found[3].ratio.p_holm == pytest.approx(2 * found[3].ratio.p)


def test_more_seconds_are_less_throughput(timed):
    slower = against_reference([timed], "none", "latency")
    fewer = against_reference([timed], "none", "throughput")
    assert [one.ratio.log for one in fewer] == pytest.approx([-one.ratio.log for one in slower])


def test_variants_are_compared_with_the_full_model_of_their_arm(timed):
    found = against_full([timed], "latency")
    assert [(one.arm, one.against) for one in found[::3]] == [("none/int8", "none"), ("nli/int8", "nli")]


def test_nothing_is_compared_where_nothing_is_timed_beside_it(measurements):
    alone = measurements({("nli", ""): {"en": [1.0] * 6}})
    assert against_reference([alone], "none", "latency") == []
    assert against_reference([], "none", "latency") == []
    assert ratio_between([alone], [("nli", "none")], "latency") is None


def test_pairs_of_one_run_are_averaged_round_by_round(timed):
    found = ratio_between([timed], [("nli", "none"), ("nli/int8", "none/int8")], "latency")
    assert found.ratio == pytest.approx(sqrt(1.2), rel=0.03)
    assert found.error < 0.01
    assert ratio_between([timed], [("nli", "none")], "latency", languages=["de"]).rounds == 24
    assert ratio_between([timed], [("nli", "none")], "latency", languages=["fr"]) is None


def test_models_are_compared_across_runs_and_targets_weigh_alike(measurements):
    (quick,), (other,) = seconds()
    files = [
        measurements({(f"none@{size}", ""): {"en": [factor * value for value in own]}}, task, size)
        for task, large in (("xnli", 4.0), ("panx", 9.0))
        for size, factor, own in (("small", 1.0, quick), ("large", large, other))
    ]
    found = ratio_between(files, [("none@large", "none@small")], "latency")
    assert found.ratio == pytest.approx(6.0, rel=0.05)
    assert ratio_between(files, [("none@large", "none@small")], "throughput").ratio == pytest.approx(1 / 6, rel=0.05)
