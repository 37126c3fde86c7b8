"""Power is the textbook's where seeds are all the chance there is, and what simulated studies do where they are not."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, strategies

from isthmus.analysis.chance import Chance
from isthmus.analysis.paired import Effect, Scored, paired_effects
from isthmus.analysis.power import POWER, pooled, power, seeds_needed, smallest_seen

CHANCES = strategies.builds(
    Chance,
    seeds=strategies.floats(0.01, 16),
    shared=strategies.floats(0, 4),
    own=strategies.floats(0, 4),
    rows=strategies.integers(50, 5000),
)


@pytest.mark.parametrize(("size", "pairs"), [(0.2, 199), (0.5, 34), (0.8, 15), (1.0, 10)])
def test_where_seeds_are_all_there_is_the_number_is_that_of_the_paired_t_test(size, pairs):
    # Pairs for 80 % power at 5 % two-sided, as power tables and G*Power give them for these standardised differences.
    assert seeds_needed(size, Chance(seeds=1.0, shared=0.0, own=0.0, rows=100)) == pairs


def simulated(chance: Chance, seeds: int, gain: float, tables: int) -> list[Effect]:
    """The effects of simulated studies whose chance is known, all of it normal."""
    lot = np.random.default_rng([seeds, tables])
    rows, scale = chance.rows, sqrt(chance.rows)
    records = []
    for table in range(tables):
        of_seeds = lot.normal(0, sqrt(chance.seeds - chance.own), (seeds, 1))
        shared = lot.normal(0, sqrt(chance.shared) * scale, rows)
        points = gain + of_seeds + shared + lot.normal(0, sqrt(chance.own) * scale, (seeds, rows))
        for arm, by_seed in (("none", {None: np.zeros(rows)}), ("mnli", dict(enumerate(points)))):
            for seed, row in by_seed.items():
                counts = np.stack([row / 100, row * 0, row * 0 + 1], 1).astype(np.float32)
                records.append(Scored(arm, seed, str(table), "de", "map", "map_at_20", counts))
    return paired_effects(records, "none", {})


@pytest.mark.parametrize(
    "chance", [Chance(4.0, 0.2, 0.2, 100), Chance(1.5, 0.5, 1.0, 100), Chance(0.6, 0.8, 0.5, 100)], ids=str
)
def test_as_many_seeds_as_it_says_see_the_effect_in_four_studies_of_five(chance):
    seeds = seeds_needed(3.0, chance)
    found = simulated(chance, seeds, 3.0, 500)
    assert fmean(effect.sign == 1 for effect in found) == pytest.approx(power(3.0, chance, seeds), abs=0.06)


def test_the_variances_behind_many_effects_are_found_again():
    true = Chance(seeds=2.0, shared=1.0, own=0.5, rows=80)
    found = pooled(simulated(true, 5, 1.0, 400))
    assert (found.seeds, found.shared, found.own) == pytest.approx((2.0, 1.0, 0.5), abs=0.15)
    assert found.rows == 80


def test_one_seed_tells_nothing_of_how_far_seeds_spread():
    [one, *_] = simulated(Chance(1.0, 1.0, 0.5, 50), 2, 0.0, 1)
    assert pooled([replace(one, by_seed=one.by_seed[:1])]) is None
    assert pooled([]) is None


@given(CHANCES, strategies.floats(0.1, 10))
def test_the_number_of_seeds_is_the_fewest_that_are_enough(chance, points):
    needed = seeds_needed(points, chance)
    if needed is None:
        assert power(points, chance, 1000) < POWER
    else:
        assert power(points, chance, needed) >= POWER
        assert needed == 2 or power(points, chance, needed - 1) < POWER


@given(CHANCES, strategies.integers(2, 20))
def test_the_smallest_effect_seen_is_seen_just_so(chance, seeds):
    smallest = smallest_seen(chance, seeds)
    assert power(smallest + 0.01, chance, seeds) >= POWER or smallest == pytest.approx(100, abs=0.02)
    assert power(smallest - 0.01, chance, seeds) < POWER


def test_an_effect_too_far_out_for_the_noncentral_t_is_as_good_as_seen():
    chance = Chance(seeds=2.875, shared=0.0, own=0.0, rows=50)  # with 125 seeds of 5.5 points scipy 1.17 has no number
    assert [power(5.5, chance, seeds) for seeds in range(119, 132)] == pytest.approx([1.0] * 13, abs=1e-9)


def test_no_number_of_seeds_makes_up_for_too_few_examples():
    assert seeds_needed(1.0, Chance(seeds=0.1, shared=1.0, own=0.1, rows=50)) is None


def test_without_any_chance_every_effect_is_seen():
    assert power(0.1, Chance(0.0, 0.0, 0.0, 50), 2) == 1.0
