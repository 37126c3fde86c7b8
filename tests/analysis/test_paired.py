"""Effects and their intervals: exact where the answer is known by hand, of honest coverage where the truth is simulated."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from statistics import fmean
from time import process_time

import numpy as np
import pytest
from hypothesis import given, strategies
from hypothesis.extra.numpy import arrays
from scipy import stats

from isthmus.analysis.paired import Scored, paired_effects, value_of


def scored(arm, seed, language, right, task="xnli"):
    """What an arm got right in one language, as counts of accuracy."""
    right = np.asarray(right, np.float32)
    return Scored(arm, seed, task, language, "accuracy", "accuracy", np.stack([right, np.ones_like(right)], 1))


def the_effect(records, scopes=None, language="de", against="none"):
    return {effect.language: effect for effect in paired_effects(records, against, {"xnli": scopes or {}})}[language]


def runs(arm, by_seed, language="de"):
    return [scored(arm, seed, language, right) for seed, right in by_seed.items()]


RIGHT = {1: [1, 1, 0, 0, 1, 0], 2: [1, 0, 0, 1, 1, 0], 3: [1, 1, 1, 0, 1, 0]}
BETTER = {1: [1, 1, 1, 0, 1, 0], 2: [1, 1, 1, 1, 0, 0], 3: [1, 1, 1, 1, 1, 1]}


def test_the_interval_of_an_accuracy_is_the_one_of_the_textbook():
    effect = the_effect(runs("none", RIGHT) + runs("mnli", BETTER))
    table = 100 * (np.array(list(BETTER.values())) - np.array(list(RIGHT.values())))
    of_seeds, of_examples = table.mean(1), table.mean(0)
    assert effect.by_seed == tuple((seed, pytest.approx(mean)) for seed, mean in zip(RIGHT, of_seeds, strict=True))
    assert effect.delta == pytest.approx(table.mean())
    seeds, examples = of_seeds.var(ddof=1) / 3, of_examples.var(ddof=1) / 6
    left = table - of_seeds[:, None] - of_examples + table.mean()
    both = (left**2).sum() / (2 * 5) / (3 * 6)  # the residual of the two-way table is in both terms, and counts once
    freedom = (5 * seeds + examples) ** 2 / ((5 * seeds) ** 2 / 2 + examples**2 / 5)  # three seeds weigh fivefold
    assert seeds < both  # these are more alike than their examples: half of what they lack is made up for
    error = sqrt(examples - both + (seeds + both) / 2)
    half = stats.t.ppf(0.975, freedom) * error
    assert (effect.low, effect.high) == pytest.approx((effect.delta - half, effect.delta + half))
    assert (effect.error, effect.freedom) == pytest.approx((error, freedom))
    assert effect.p == pytest.approx(2 * stats.t.sf(effect.delta / error, freedom))
    assert (effect.n, effect.languages, effect.seeds_seen) == (6, ("de",), 3)


def test_with_one_seed_the_interval_is_of_examples_and_the_effect_says_so():
    effect = the_effect(runs("none", {7: RIGHT[1]}) + runs("mnli", {7: BETTER[2]}))
    test = stats.ttest_rel(BETTER[2], RIGHT[1])
    paired = test.confidence_interval()
    assert (effect.low, effect.high) == pytest.approx((100 * paired.low, 100 * paired.high))
    assert effect.p == pytest.approx(test.pvalue)
    assert effect.seeds_seen == 1


@given(
    tables=arrays(np.int8, (2, 3, 12), elements=strategies.integers(0, 1)),
)
def test_p_is_below_one_in_twenty_just_where_the_interval_excludes_zero(tables):
    found = [runs(arm, dict(enumerate(table))) for arm, table in zip(("none", "mnli"), tables, strict=True)]
    effect = the_effect(found[0] + found[1])
    assert (effect.p is None) == (effect.low is None)
    if effect.p is not None:
        assert (effect.p < 0.05) == (effect.sign != 0)
        assert 0 <= effect.p <= 1


@pytest.mark.parametrize("metric", ["span_f1", "pairs_f1"])
def test_the_chance_of_an_f1_is_that_of_leaving_out_one_example_at_a_time(metric):
    random = np.random.default_rng(5)
    gold = random.poisson(3, (2, 400))
    guessed, hits = random.poisson(3, (2, 400)), random.binomial(np.minimum(gold, 3), [[0.5], [0.6]])
    tables = [np.stack(columns, 1).astype(np.float32) for columns in zip(hits, gold, guessed, strict=True)]
    records = [
        Scored(arm, 1, "panx", "de", "f1", metric, table) for arm, table in zip(("none", "mnli"), tables, strict=True)
    ]
    [effect] = paired_effects(records, "none", {})
    without = [
        value_of(metric)((tables[1].sum(0) - tables[1][row]).tolist())["f1"]
        - value_of(metric)((tables[0].sum(0) - tables[0][row]).tolist())["f1"]
        for row in range(400)
    ]
    jackknife = sqrt(399 / 400 * 400 * np.var(without))
    assert (effect.high - effect.low) / 2 / stats.t.ppf(0.975, 399) == pytest.approx(jackknife, rel=0.02)


def test_an_average_pairs_the_translations_of_an_example():
    right, better = np.array(RIGHT[1]), np.array(BETTER[2])
    twice = [
        scored(arm, 1, language, found) for arm, found in (("none", right), ("mnli", better)) for language in ("de", "sw")
    ]
    both = the_effect(twice, {"zero-shot": ("de", "sw")}, "zero-shot")
    alone = the_effect(twice)
    assert (both.low, both.high) == pytest.approx((alone.low, alone.high))  # the same examples again are no news
    assert both.n == 12


def test_languages_of_other_lengths_weigh_alike():
    records = [scored("none", 1, "de", [0, 0]), scored("mnli", 1, "de", [1, 0])]
    records += [scored("none", 1, "sw", [0] * 6), scored("mnli", 1, "sw", [0, 0, 0, 0, 0, 0])]
    effect = the_effect(records, {"zero-shot": ("de", "sw")}, "zero-shot")
    assert (effect.delta, effect.n) == (25.0, 8)


def test_an_arm_that_trains_nothing_is_the_partner_of_every_seed():
    effect = the_effect(runs("none", {None: RIGHT[1]}) + runs("mnli", BETTER))
    assert [seed for seed, _ in effect.by_seed] == [1, 2, 3]
    back = the_effect(runs("none", {None: RIGHT[1]}) + runs("mnli", BETTER), against="mnli")
    assert back.by_seed == tuple((seed, -points) for seed, points in effect.by_seed)
    assert (back.low, back.high) == pytest.approx((-effect.high, -effect.low))


def test_seeds_without_a_partner_are_left_out():
    effect = the_effect(runs("none", {1: RIGHT[1], 3: RIGHT[3]}) + runs("mnli", {2: BETTER[2], 3: BETTER[3]}))
    assert [seed for seed, _ in effect.by_seed] == [3]


def test_an_average_is_over_what_every_seed_of_both_arms_has():
    records = [scored(arm, seed, "de", RIGHT[seed]) for arm in ("none", "mnli") for seed in (1, 2)]
    records += [scored(arm, 1, "sw", RIGHT[1]) for arm in ("none", "mnli")] + [scored("none", 2, "sw", RIGHT[2])]
    assert the_effect(records, {"zero-shot": ("de", "sw")}, "zero-shot").languages == ("de",)
    assert the_effect(records, language="sw").by_seed == ((1, 0.0),)


def test_arms_that_share_no_seed_or_no_language_have_no_effect():
    assert paired_effects(runs("none", {1: RIGHT[1]}) + runs("mnli", {2: BETTER[2]}), "none", {}) == []
    assert paired_effects(runs("none", {1: RIGHT[1]}) + runs("mnli", {1: RIGHT[1]}, "sw"), "none", {}) == []
    assert paired_effects(runs("mnli", BETTER), "none", {}) == []


def test_averages_come_before_languages_and_a_language_is_there_once():
    records = [scored(arm, 1, language, RIGHT[1]) for arm in ("none", "mnli") for language in ("en", "de", "sw")]
    scopes = {"all": ("en", "de", "sw"), "en": ("en",), "low": ("sw",)}
    names = [effect.language for effect in paired_effects(records, "none", {"xnli": scopes})]
    assert names == ["all", "en", "low", "de", "sw"]


def test_arms_that_answer_alike_differ_by_nothing_for_certain():
    effect = the_effect(runs("none", RIGHT) + runs("mnli", RIGHT))
    assert (effect.delta, effect.low, effect.high, effect.sign) == (0.0, 0.0, 0.0, 0)
    assert (effect.p, effect.error) == (1.0, 0.0)


@pytest.mark.parametrize(("before", "after"), [([0], [1]), ([0, 0, 0], [1, 1, 1])])
def test_there_is_no_interval_where_nothing_shows_chance(before, after):
    effect = the_effect([scored("none", 1, "de", before), scored("mnli", 1, "de", after)])
    assert (effect.delta, effect.low, effect.high, effect.sign) == (100.0, None, None, 0)
    assert (effect.p, effect.chance, effect.error) == (None, None, None)


def test_exchanging_the_arms_turns_the_effect_round():
    records = runs("none", RIGHT) + runs("mnli", BETTER)
    there, back = the_effect(records), the_effect(records, against="mnli")
    assert (back.delta, back.low, back.high) == pytest.approx((-there.delta, -there.high, -there.low))


def test_different_examples_in_two_arms_are_a_fault_of_ours():
    with pytest.raises(AssertionError, match="different examples"):
        paired_effects([scored("none", 1, "de", [1, 0]), scored("mnli", 1, "de", [1])], "none", {})


CHANCES = {  # standard deviations on the scale of how hard examples are: of a seed, of an example in all seeds, in one seed
    "of seeds above all": (0.4, 0.3, 0.1),
    "of examples above all": (0.05, 0.8, 0.2),
    "of both": (0.2, 0.6, 0.3),
}


def simulated(tables, seeds, effect, chances, examples=200):
    """Return the records of two arms in many tasks, one a simulated study, and the true difference in points.

    An example is right where ability exceeds difficulty, all normal, so that the truth is a normal probability.
    """
    random = np.random.default_rng([tables, seeds])
    of_seed, shared, of_run = chances
    records = []
    for table in range(tables):
        ease = random.normal(0, 1, examples)
        gain = effect + random.normal(0, of_seed, (seeds, 1)) + random.normal(0, shared, examples)
        for arm, ability in (("none", ease), ("mnli", ease + gain)):
            right = ability + random.normal(0, of_run, (seeds, examples)) > 0
            records += [scored(arm, seed, "de", row, task=str(table)) for seed, row in enumerate(right)]
    return records, 100 * (stats.norm.cdf(effect / sqrt(1 + of_seed**2 + shared**2 + of_run**2)) - 0.5)


def missed(tables, seeds, effect, chances):
    """Return the share of simulated studies whose interval does not hold the truth."""
    records, truth = simulated(tables, seeds, effect, chances)
    found = paired_effects(records, "none", {})
    assert len(found) == tables
    return fmean(not effect.low <= truth <= effect.high for effect in found)


@pytest.mark.parametrize("seeds", [3, 5, 10])
@pytest.mark.parametrize("chances", CHANCES.values(), ids=CHANCES)
def test_the_interval_holds_the_truth_in_95_of_100_studies(seeds, chances):
    assert 0.02 <= missed(1000, seeds, 0.3, chances) <= 0.07


@pytest.mark.parametrize("seeds", [1, 3, 5, 10])
def test_where_there_is_no_effect_hardly_5_of_100_studies_find_one(seeds):
    assert missed(1000, seeds, 0.0, (0.0, 0.0, 0.5)) <= 0.065


def test_the_average_over_translations_of_the_same_examples_holds_the_truth_too():
    records, truth = simulated(600, 3, 0.3, (0.1, 0.7, 0.2))
    records += [replace(one, language="sw") for one in records]
    found = paired_effects(records, "none", {str(table): {"zero-shot": ("de", "sw")} for table in range(600)})
    held = [effect.low <= truth <= effect.high for effect in found if effect.language == "zero-shot"]
    assert 0.93 <= fmean(held) <= 0.98


@pytest.mark.parametrize(("arms", "tasks", "languages", "examples", "seconds"), [(5, 5, 9, 500, 2), (3, 1, 44, 3000, 10)])
def test_a_whole_study_takes_seconds(arms, tasks, languages, examples, seconds):
    random = np.random.default_rng(1)
    names = [f"l{language}" for language in range(languages)]
    records = [
        scored(f"arm{arm}", seed, name, random.random(examples) < 0.6, task=f"t{task}")
        for arm in range(arms)
        for task in range(tasks)
        for seed in range(3)
        for name in names
    ]
    start = process_time()
    found = paired_effects(
        records, "arm0", {f"t{task}": {"zero-shot": names[1:], "low": names[-4:]} for task in range(tasks)}
    )
    assert process_time() - start < seconds
    assert len(found) == (arms - 1) * tasks * (languages + 2)
