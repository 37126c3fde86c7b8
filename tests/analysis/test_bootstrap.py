"""The hierarchical bootstrap spreads as theory says, and holds the truth where there are seeds enough."""

from __future__ import annotations

from math import sqrt
from statistics import fmean

import numpy as np
import pytest
from scipy import stats

from isthmus.analysis.bootstrap import bootstrap
from isthmus.analysis.paired import Scored, paired_effects
from isthmus.analysis.pairs import by_place


def interval(records, effect, draws=2000):
    [found] = bootstrap([effect], by_place(records), draws)
    return found


def test_over_the_examples_of_one_run_it_is_the_ordinary_paired_bootstrap(right, effect_of):
    random = np.random.default_rng(2)
    before, after = (random.random((2, 150)) < [[0.5], [0.65]]).astype(int)
    records = right("none", {1: before}) + right("mnli", {1: after})
    textbook = stats.bootstrap((100 * (after - before),), np.mean, n_resamples=9999, method="percentile", rng=1)
    found = interval(records, effect_of(records), 9999)
    assert found == pytest.approx(tuple(textbook.confidence_interval), abs=0.7)


def test_seeds_alone_spread_as_much_as_their_standard_error(right, effect_of):
    # all examples of a seed move alike, so that the examples make no difference
    gains = [0, 1, 1, 0, 1, 1, 1, 0, 1, 1]
    records = right("none", {seed: [0] * 20 for seed in range(10)})
    records += right("mnli", {seed: [gain] * 20 for seed, gain in enumerate(gains)})
    low, high = interval(records, effect_of(records), 20000)
    expected = 2 * 1.96 * 100 * np.std(gains, ddof=1) / sqrt(10)
    assert high - low == pytest.approx(expected, rel=0.12)  # means of nine zeros and ones fall on a grid


def test_two_seeds_are_drawn_one_at_a_time(right, effect_of):
    records = right("none", {1: [0] * 9, 2: [0] * 9}) + right("mnli", {1: [1] * 9, 2: [0] * 9})
    assert interval(records, effect_of(records)) == (0.0, 100.0)


def test_translations_are_drawn_together_and_other_test_sets_apart(right, effect_of):
    random = np.random.default_rng(4)
    rows = {at: (random.random(n) < 0.6).astype(int) for at, n in (("de", 200), ("sw", 200), ("fi", 201))}
    rows["sw"] = rows["de"]
    rows["fi"] = np.append(rows["de"], 1)
    records = [one for at, row in rows.items() for one in right("none", {1: row * 0}, at) + right("mnli", {1: row}, at)]
    scopes = {"alike": ("de", "sw"), "apart": ("de", "fi")}
    widths = {}
    for name in ("de", "alike", "apart"):
        low, high = interval(records, effect_of(records, name, scopes), 4000)
        widths[name] = high - low
    assert widths["alike"] == pytest.approx(widths["de"])  # the same examples again are no news
    assert widths["apart"] == pytest.approx(widths["de"] / sqrt(2), rel=0.1)


def test_it_agrees_with_the_jackknife_on_an_f1():
    random = np.random.default_rng(5)
    gold, guessed = random.poisson(3, (2, 500)) + 1, random.poisson(3, (2, 500)) + 1
    hits = random.binomial(np.minimum(gold, guessed), [[0.5], [0.6]])
    records = [
        Scored(arm, 1, "panx", "de", "f1", "span_f1", np.stack(columns, 1).astype(np.float32))
        for arm, *columns in zip(("none", "mnli"), hits, gold, guessed, strict=True)
    ]
    [effect] = paired_effects(records, "none", {})
    low, high = interval(records, effect, 4000)
    assert (low, high) == pytest.approx((effect.low, effect.high), abs=0.15 * (effect.high - effect.low))


def test_the_same_study_gives_the_same_interval(right, effect_of):
    records = right("none", {1: [0, 1, 1, 0] * 5, 2: [1, 1, 0, 0] * 5}) + right("mnli", {1: [1] * 20, 2: [1, 0] * 10})
    assert interval(records, effect_of(records)) == interval(records, effect_of(records))


def test_a_figure_that_a_draw_leaves_without_meaning_is_left_out():
    # the F1 of questions with an answer, of which there is one: draws without it say nothing
    rows = {"none": [(0, 0, 1, 0, 0), (0, 0, 0, 1, 1)], "mnli": [(1, 1, 1, 0, 0), (0, 0, 0, 1, 1)]}
    records = [
        Scored(arm, 1, "squad_v2", "en", "has_answer_f1", "squad_v2", np.array(table, np.float32))
        for arm, table in rows.items()
    ]
    [effect] = paired_effects(records, "none", {})
    assert interval(records, effect) == (100.0, 100.0)


def test_with_ten_seeds_it_holds_the_truth_about_as_often_as_it_says(right, effect_of):
    random = np.random.default_rng(6)
    held = []
    for _ in range(150):
        ease = random.normal(0, 1, 80)
        gains = 0.3 + random.normal(0, 0.15, (10, 1)) + random.normal(0, 0.5, 80)
        before, after = (ability + random.normal(0, 0.2, (10, 80)) > 0 for ability in (ease, ease + gains))
        records = right("none", dict(enumerate(before))) + right("mnli", dict(enumerate(after)))
        low, high = interval(records, effect_of(records), 400)
        held.append(low <= 100 * (stats.norm.cdf(0.3 / sqrt(1 + 0.15**2 + 0.5**2 + 0.2**2)) - 0.5) <= high)
    assert 0.9 <= fmean(held) <= 0.99
