"""Gains against a feature of languages: the line, its interval, ranks; as statsmodels and scipy have them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats

from isthmus.analysis import features
from isthmus.analysis.features import FEW, PARTIAL, Gained, feature_effect, gains_of, rank_p, spearman
from isthmus.analysis.paired import Scored, paired_effects

EXAMPLES = 50


def gained(gains, noise: float = 0.0, seeds: int = 3, seed: int = 1, tilt=None) -> Gained:
    """Return gains in languages l0, l1, ... with noise of its own in each run, and by seed so much times the language."""
    lot = np.random.default_rng(seed)
    points = np.array(gains)[:, None] + lot.normal(0, noise, (len(gains), seeds))
    if tilt is not None:
        points = points + np.array(tilt)[None] * np.arange(len(gains))[:, None]
    influences = np.zeros((*points.shape, EXAMPLES))
    return Gained("nli", "none", "xnli", tuple(f"l{i}" for i in range(len(gains))), points, influences)


def feature(values) -> dict[str, float]:
    return {f"l{i}": float(value) for i, value in enumerate(values)}


AT = [0.0, 0.1, 0.4, 0.5, 0.7, 0.9, 1.0, 1.3]
GAINS = [9.0, 8.5, 7.5, 5.0, 6.0, 3.0, 4.5, 1.0]


def test_a_line_through_the_gains_is_found():
    found = feature_effect(gained([10 - 4 * at for at in AT], noise=0.01), feature(AT))
    assert found.slope == pytest.approx(-4, abs=0.05)
    assert found.level == pytest.approx(10, abs=0.05)
    assert found.sign == -1
    assert found.between == pytest.approx(0, abs=0.05)
    assert (found.arm, found.against, found.task, len(found.languages), found.seeds) == ("nli", "none", "xnli", 8, 3)


def test_slope_and_interval_are_those_of_weighted_least_squares_where_chance_is_little():
    regression = pytest.importorskip("statsmodels.api")
    own = gained(GAINS, noise=1e-3)
    found = feature_effect(own, feature(AT))
    weights = 1 / (np.maximum(own.variances(), (100 / EXAMPLES) ** 2) + found.between**2)
    fitted = regression.WLS(own.points.mean(1), regression.add_constant(np.array(AT)), weights=weights).fit()
    assert found.slope == pytest.approx(fitted.params[1])
    assert (found.low, found.high) == pytest.approx(tuple(fitted.conf_int()[1]), rel=1e-3)
    assert found.p == pytest.approx(fitted.pvalues[1], rel=1e-2)


def test_a_language_known_badly_weighs_less():
    own = gained([0, 1, 2, 3, 4, 30], noise=1e-3)
    own.points[5] += np.array([-60, 0, 60])
    found = feature_effect(own, feature(range(6)))
    assert found.slope == pytest.approx(1, abs=0.3)


def test_seeds_that_differ_in_the_slope_widen_its_interval():
    alike = feature_effect(gained(GAINS, noise=0.1), feature(range(8)))
    apart = feature_effect(gained(GAINS, noise=0.1, tilt=[-2.0, 0.0, 2.0]), feature(range(8)))
    assert apart.slope == pytest.approx(alike.slope, abs=0.2)
    assert apart.high - apart.low > 2 * (alike.high - alike.low)
    assert apart.sign == 0


def test_ranks_are_those_of_scipy():
    assert spearman(AT, GAINS) == pytest.approx(stats.spearmanr(AT, GAINS).statistic)
    tied = [1, 2, 2, 3, 3, 3, 4, 5]
    assert spearman(tied, GAINS) == pytest.approx(stats.spearmanr(tied, GAINS).statistic)
    assert spearman([1, 1, 1], [1, 2, 3]) == 0


def test_the_p_of_ranks_is_that_of_all_permutations():
    own = [1.0, 3.0, 2.0, 5.0, 4.0, 6.0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = stats.permutation_test(
            (list(range(6)),),
            lambda one: stats.spearmanr(one, own).statistic,
            permutation_type="pairings",
            n_resamples=np.inf,
        )
    assert rank_p(range(6), own) == pytest.approx(expected.pvalue)
    # ten languages have too many orders, so some are drawn, the same ones each time
    far = [*range(9), 7.5]
    assert rank_p(range(10), far) == rank_p(range(10), far) < 0.01


def test_ranks_have_an_interval_but_at_the_ends_of_their_range():
    found = feature_effect(gained(GAINS), feature(AT))
    assert found.rank_low < found.rank < found.rank_high
    assert found.rank_p < 0.01
    perfect = feature_effect(gained([float(i) for i in range(6)], noise=1e-6), feature(range(6)))
    assert (perfect.rank, perfect.rank_low, perfect.rank_high) == (pytest.approx(1.0), None, None)


def test_languages_without_the_feature_are_left_out_and_few_say_nothing():
    own = gained(GAINS)
    assert len(feature_effect(own, {name: value for name, value in feature(AT).items() if name != "l3"}).languages) == 7
    assert feature_effect(own, feature(AT[: FEW - 1])) is None
    assert feature_effect(own, feature([1.0] * 8)) is None
    assert (
        feature_effect(gained([2.0] * 8), feature(AT)) is None
    )  # nothing differs, and nothing tells how far chance reaches


def test_a_feature_is_told_from_another_where_there_are_languages_enough():
    lot = np.random.default_rng(1)
    one = lot.uniform(0, 1, 2 * PARTIAL)
    other = one + lot.normal(0, 0.3, 2 * PARTIAL)
    own = gained((5 * other).tolist(), noise=0.05)
    alone = feature_effect(own, feature(one))
    held = feature_effect(own, feature(one), {"other": feature(other)})
    assert alone.sign == 1
    assert held.slope == pytest.approx(0, abs=0.3)
    assert held.beside == ("other",)
    assert feature_effect(own, feature(one), {"same": feature(2 * one)}) is None
    few = gained((5 * other[:19]).tolist())
    assert feature_effect(few, feature(one[:19]), {"other": feature(other[:19])}) is None


def test_gains_are_those_of_the_paired_effects():
    lot = np.random.default_rng(5)
    made = []
    for arm in ("none", "nli"):
        for seed in (None,) if arm == "none" else (1, 2, 3):
            for language in ("de", "sw", *(("fi",) if arm == "none" else ())):
                row = (lot.uniform(0, 1, 60) < 0.5).astype(np.float32)
                counts = np.stack([row, np.ones_like(row)], 1)
                made.append(Scored(arm, seed, "xnli", language, "accuracy", "accuracy", counts))
    own = gains_of(made, "nli", "none")
    effects = {one.language: one for one in paired_effects(made, "none", {})}
    assert own.languages == ("de", "sw")
    for language, row, variance in zip(own.languages, own.points, own.variances(), strict=True):
        assert row.mean() == pytest.approx(effects[language].delta)
        assert np.sqrt(variance) == pytest.approx(effects[language].error)
    assert gains_of(made, "qa", "none") is None


@pytest.mark.parametrize(("scatter", "noise"), [(1.0, 0.1), (0.0, 1.0), (1.0, 1.0)])
def test_slopes_hold_the_truth_as_often_as_they_say(scatter, noise):
    lot = np.random.default_rng(round(10 * scatter + 100 * noise))
    held = []
    for number in range(250):
        at = lot.uniform(0, 1, 10)
        gains = 3 - 2 * at + lot.normal(0, scatter, 10)
        found = features._regressed(np.column_stack([np.ones(10), at]), gained(gains.tolist(), noise=noise, seed=number))
        held.append(found["low"] <= -2 <= found["high"])
    assert 0.9 <= np.mean(held) <= 0.99
