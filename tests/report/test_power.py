"""The power of a study is computed from what its store has, and says so where that is nothing."""

from __future__ import annotations

import json
from statistics import variance

import pytest

from isthmus.analysis.chance import Chance
from isthmus.analysis.power import ASSUMED, seeds_needed
from isthmus.report.effects import study_effects
from isthmus.report.power import TargetPower, power_grid, power_json, power_notes, target_powers


def test_each_target_takes_the_spread_of_its_own_headline_differences(finished):
    found = target_powers(finished.study, finished.plan, finished.store, 5.0)
    assert [one.task for one in found] == ["xnli", "xquad", "udpos", "tatoeba"]
    effects = study_effects(finished.study, finished.plan, finished.store)
    for one in found:
        own = [effect for effect in effects if (effect.task, effect.language) == (one.task, "zero-shot")]
        spread = sum(variance([points for _, points in effect.by_seed]) for effect in own) / len(own)
        assert (one.on, one.pairs, one.seeds) == ("zero-shot", 2, 3)
        assert one.chance.seeds == pytest.approx(spread)
        assert one.needed == seeds_needed(5.0, one.chance)


def test_without_scores_the_spread_is_assumed_and_the_notes_say_what_it_is(invented):
    opened = invented(seeds=(1, 2), languages="en de", share=0.0)
    found = target_powers(opened.study, opened.plan, opened.store, 2.0)
    assert {(one.pairs, one.seeds, one.chance) for one in found} == {(0, 0, ASSUMED)}
    grid = power_grid(found, 2.0, 2)
    assert {row[2] for row in grid.rows} == {"assumed"}
    assert "is taken to spread by 1.5 points over seeds, and by 0.5 over examples" in "\n".join(power_notes(found, 2.0, 2))


def target(**changes) -> TargetPower:
    values = {"seeds": 3, "chance": Chance(4.0, 0.04, 0.03, 500), "needed": 12, "power": 0.256, "smallest": 5.432}
    return TargetPower("xnli", "accuracy", "zero-shot", 1, **values | changes)


def test_a_line_says_what_it_rests_on_and_what_the_study_sees():
    [row] = power_grid([target()], 2.0, 3).rows
    assert row == ("xnli: accuracy", "zero-shot", "1 pair of arms", "2.0", "0.2", "12", "26%", "5.4")


def test_a_study_of_one_seed_has_no_power_to_speak_of():
    [row] = power_grid([target(power=None, smallest=None)], 2.0, 1).rows
    assert row[-2:] == ("–", "–")


def test_where_examples_are_too_few_it_says_how_many_it_takes():
    notes = list(power_notes([target(needed=None, chance=Chance(1.0, 1.0, 0.0, 500))], 1.0, 3))
    assert notes[-1] == (
        "– xnli: no number of seeds is enough, for examples alone leave 1.0 points (standard error); it takes about "
        "9 times as many examples"
    )


def test_two_seeds_are_owned_up_to():
    assert any("may be far off" in note for note in power_notes([target(seeds=2)], 2.0, 3))
    assert not any("may be far off" in note for note in power_notes([target()], 2.0, 3))


def test_the_table_is_there_as_json():
    found = json.loads(json.dumps(power_json([target()], 2.0), allow_nan=False))
    assert (found["points"], found["power"]) == (2.0, 0.8)
    assert found["targets"][0]["chance"] == {"seeds": 4.0, "shared": 0.04, "own": 0.03, "rows": 500}
