"""Sign-flip tests: Fisher's own example, McNemar's exact test, and what no test can do with few seeds."""

from __future__ import annotations

from statistics import fmean

import numpy as np
import pytest
from scipy import stats

from isthmus.analysis.paired import Effect, Scored
from isthmus.analysis.pairs import by_place
from isthmus.analysis.permutation import of_examples, of_seeds

# Darwin's crossed and self-fertilised maize: differences in eighths of an inch (Fisher 1935, The Design of Experiments).
MAIZE = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def seeds_of(points):
    by_seed = tuple(enumerate(points))
    return Effect("mnli", "none", "xnli", "accuracy", "de", fmean(points), None, None, by_seed, 10, ("de",))


def test_darwins_maize_gives_fishers_p():
    assert of_seeds(seeds_of(MAIZE)) == 2 * 863 / 32768  # 863 of 32,768 ways give as much in one direction


@pytest.mark.parametrize("points", [[1.0, 2.0, 0.5], [1.0, -2.0, 0.5, 3.0, 1.5]])
def test_with_few_seeds_every_way_is_tried(points):
    table = (points, [0.0] * len(points))
    textbook = stats.permutation_test(table, lambda x, y, axis: (x - y).mean(axis), permutation_type="samples")
    assert of_seeds(seeds_of(points)) == pytest.approx(textbook.pvalue)


@pytest.mark.parametrize("number", [2, 3, 5])
def test_a_few_seeds_that_agree_cannot_show_more_than_their_number_allows(number):
    assert of_seeds(seeds_of([5.0] * number)) == 2 / 2**number


def test_many_seeds_are_sampled_alike_each_time_and_never_give_0():
    points = [3.0] * 30
    assert of_seeds(seeds_of(points), draws=99) == 1 / 100
    mixed = seeds_of(list(np.random.default_rng(1).normal(0.4, 1, 30)))
    assert of_seeds(mixed) == of_seeds(mixed)
    assert of_seeds(mixed, draws=9999) == pytest.approx(stats.ttest_1samp([p for _, p in mixed.by_seed], 0).pvalue, abs=0.02)


def test_on_one_run_of_accuracy_it_is_mcnemars_exact_test(right, effect_of):
    before, after = [1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0], [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]
    records = right("none", {1: before}) + right("mnli", {1: after})
    assert of_examples(effect_of(records), by_place(records)) == pytest.approx(stats.binomtest(1, 7).pvalue)


def test_an_example_goes_over_in_all_seeds_and_languages_at_once(right, effect_of):
    before, after = [0, 0, 0, 0, 0, 1], [1, 1, 1, 1, 1, 1]
    one = right("none", {1: before}) + right("mnli", {1: after})
    alone = of_examples(effect_of(one), by_place(one))
    many = [
        record
        for arm, row in (("none", before), ("mnli", after))
        for at in ("de", "sw")
        for record in right(arm, {1: row, 2: row, 3: row}, at)
    ]
    average = effect_of(many, "zero-shot", {"zero-shot": ("de", "sw")})
    assert of_examples(average, by_place(many)) == alone == 2 / 2**5


def test_a_partner_without_seeds_stands_beside_every_seed(right, effect_of):
    records = right("none", {None: [0, 0, 0, 1]}) + right("mnli", {1: [1, 1, 1, 1], 2: [1, 1, 0, 1]})
    assert of_examples(effect_of(records), by_place(records)) == 2 / 2**3


def test_an_f1_is_computed_anew_for_every_exchange():
    tables = {"none": [(1, 2, 4), (0, 3, 1), (2, 2, 2)], "mnli": [(2, 2, 3), (3, 3, 3), (2, 2, 5)]}
    records = [Scored(arm, 1, "panx", "de", "f1", "pairs_f1", np.array(rows, np.float32)) for arm, rows in tables.items()]

    def f1(rows):
        hits, gold, guessed = np.sum(rows, 0)
        return 200 * hits / (gold + guessed)

    every = []
    for way in np.ndindex(2, 2, 2):
        mine = [tables["none" if turned else "mnli"][row] for row, turned in enumerate(way)]
        other = [tables["mnli" if turned else "none"][row] for row, turned in enumerate(way)]
        every.append(abs(f1(mine) - f1(other)))
    delta = every[0]
    effect = Effect("mnli", "none", "panx", "f1", "de", delta, None, None, ((1, delta),), 3, ("de",))
    assert of_examples(effect, by_place(records)) == fmean(value >= delta - 1e-9 for value in every)


def test_where_nothing_differs_it_is_rejected_at_most_as_often_as_promised(right, effect_of):
    random = np.random.default_rng(3)
    found = []
    for _ in range(300):
        ease = random.random(60)
        arms = [{seed: (random.random(60) < ease).astype(int) for seed in (1, 2)} for _ in range(2)]
        records = right("none", arms[0]) + right("mnli", arms[1])
        found.append(of_examples(effect_of(records), by_place(records), draws=199))
    assert fmean(p <= 0.05 for p in found) <= 0.08
