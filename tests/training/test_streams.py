"""Several streams as one: whose turn a step is, and that each stream goes on where it stands."""

from __future__ import annotations

from itertools import islice
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.mixing.rates import course_of
from isthmus.models.feature import Feature
from isthmus.study.rates import Leg, Schedule
from isthmus.training.streams import Streams, alone

STEPS = 6000
RATES = {"mlm": 0.5, "nli": 0.3, "qa": 0.2}


def rounds_of(name, size):
    return lambda number: [[Feature([], [], 0, (name, number, index))] for index in range(size)]


def streams(seed=0, rates=None, starts=None):
    rounds = {name: rounds_of(name, size) for name, size in (("nli", 3), ("qa", 2), ("mlm", 5))}
    return Streams(rounds, rates or RATES, seed, starts or {})


def targets(turns):
    return [turn.batch[0].target for turn in turns]


def test_each_stream_has_its_share_of_the_steps():
    counts = streams().counted(STEPS)
    assert sum(counts.values()) == STEPS
    for name, rate in RATES.items():
        assert abs(counts[name] - STEPS * rate) < 4 * sqrt(STEPS * rate * (1 - rate))


def test_whose_turn_it_is_depends_on_the_seed_and_the_step_alone():
    names = [streams().name(step) for step in range(50)]
    turned = {name: RATES[name] for name in reversed(RATES)}
    assert [streams(rates=turned).name(step) for step in reversed(range(50))] == names[::-1]
    assert [streams(1).name(step) for step in range(50)] != names


def test_each_stream_walks_through_its_own_rounds_without_leaving_out_or_repeating_a_batch():
    seen = targets(islice(streams().turns(0, {}), 200))
    for name, size in (("nli", 3), ("qa", 2), ("mlm", 5)):
        own = [target for target in seen if target[0] == name]
        assert own == [(name, i // size, i % size) for i in range(len(own))]


@given(st.integers(0, 40), st.integers(0, 3), st.sampled_from([{}, {"nli": 15}]))
def test_a_run_goes_on_exactly_where_it_was(step, seed, starts):
    whole = list(islice(streams(seed, starts=starts).turns(0, {}), 80))
    spots = {}
    for turn in whole[:step]:
        spots[turn.stream] = list(turn.then)  # a list, as a checkpoint brings it back
    assert targets(islice(streams(seed, starts=starts).turns(step, spots), 30)) == targets(whole[step : step + 30])
    assert [turn.last for turn in whole if turn.stream == "nli"][:6] == [False, False, True] * 2


def test_a_stream_that_starts_later_has_no_turn_before_and_its_share_from_then_on():
    late = streams(starts={"nli": 1000})
    before, after = ([late.name(step) for step in range(*span)] for span in ((0, 1000), (1000, STEPS)))
    assert "nli" not in before
    for names, rates in ((before, {"mlm": 0.5 / 0.7, "qa": 0.2 / 0.7}), (after, RATES)):
        for name, rate in rates.items():
            assert abs(names.count(name) - len(names) * rate) < 4 * sqrt(len(names) * rate * (1 - rate))
    assert after == [streams().name(step) for step in range(1000, STEPS)]
    assert late.counted(1000)["nli"] == 0


def test_a_stream_that_starts_later_begins_with_its_first_batch():
    seen = [target for target in targets(islice(streams(starts={"qa": 40}).turns(0, {}), 80)) if target[0] == "qa"]
    assert seen[0] == ("qa", 0, 0)


def test_one_stream_is_left_while_the_only_other_has_not_begun():
    both = streams(rates={"mlm": 0.1, "nli": 0.9}, starts={"nli": 30})
    assert [both.name(step) for step in range(30)] == ["mlm"] * 30
    assert "nli" in [both.name(step) for step in range(30, 40)]


LEGS = {"until": [(0.25, {"mlm": 1}), (1.0, {"nli": 3, "qa": 1})], "at": [(0.0, {"mlm": 1}), (1.0, {"nli": 1, "qa": 1})]}


def course(word, steps):
    legs = tuple(Leg(**{word: place, "rates": rates}) for place, rates in LEGS[word])
    return course_of(Schedule(schedule=legs), {}, steps)


@pytest.mark.parametrize("word", LEGS)
@pytest.mark.parametrize("seed", [0, 1])
def test_over_a_schedule_each_stream_has_as_many_steps_as_its_rates_sum_to(word, seed):
    rates = course(word, STEPS)
    counts = streams(seed, rates).counted(STEPS)
    for name in RATES:
        shares = [rates.at(step).get(name, 0.0) for step in range(STEPS)]
        assert sum(shares) == pytest.approx(STEPS * rates.mean()[name])
        assert abs(counts[name] - sum(shares)) < 4 * sqrt(sum(share * (1 - share) for share in shares)) + 1e-6


def test_a_stream_without_a_rate_in_an_interval_has_no_turn_in_it():
    names = [streams(0, course("until", 400)).name(step) for step in range(400)]
    assert set(names[:100]) == {"mlm"}
    assert set(names[100:]) == {"nli", "qa"}


@given(st.sampled_from(sorted(LEGS)), st.integers(0, 79), st.integers(0, 3))
def test_under_a_schedule_too_a_run_goes_on_exactly_where_it_was(word, step, seed):
    whole = list(islice(streams(seed, course(word, 80)).turns(0, {}), 80))
    spots = {}
    for turn in whole[:step]:
        spots[turn.stream] = list(turn.then)
    again = islice(streams(seed, course(word, 80)).turns(step, spots), 80 - step)
    assert targets(again) == targets(whole[step:])


def test_a_single_stream_has_every_turn():
    turns = list(islice(alone(rounds_of("one", 2)).turns(0, {}), 5))
    assert targets(turns) == [("one", i // 2, i % 2) for i in range(5)]
    assert {turn.stream for turn in turns} == {""}
