"""What sharing spares, on a plan small enough to add up by hand."""

from __future__ import annotations

import pytest

from isthmus.plan.alone import longest_way, sharing
from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.step import Cost, Step


def step(kind, name, tokens, *inputs):
    return Step(kind, {"name": name}, {str(i): one.id for i, one in enumerate(inputs)}, name, Cost(tokens, 10 * tokens, 2.0))


MODEL = step("pretrain", "model", 1000)
STAGE = step("train", "stage", 100, MODEL)
ONE, TWO = (step("train", name, 10, STAGE) for name in ("one", "two"))
PREDICTED = {name: step("predict", name, 1, on) for name, on in (("one de", ONE), ("one sw", ONE), ("two de", TWO))}
SCORES = {name: step("score", f"{name} score", 0, made) for name, made in PREDICTED.items()}
CELLS = tuple(
    Cell("stage", 1, name.split()[0], name.split()[1], "test", "f1", True, score.id) for name, score in SCORES.items()
)
PLAN = Plan(in_order([MODEL, STAGE, ONE, TWO, *PREDICTED.values(), *SCORES.values()]), CELLS)


def test_two_targets_alone_train_the_stage_before_them_twice_and_no_model():
    found = sharing(PLAN)
    assert (found.shared.training_runs, found.alone.training_runs) == (3, 4)
    assert (found.shared.tokens, found.alone.tokens) == (123, 223)
    assert (found.shared.flops, found.alone.flops) == (1230, 2230)
    assert (found.shared.steps, found.alone.steps) == (9, 10)
    assert (found.shared.disk, found.alone.disk) == (18, 20)


def test_languages_of_a_target_are_one_run():
    assert sharing(Plan(PLAN.steps, CELLS[:2])).alone.training_runs == 2


def test_hours_are_added_up_by_whatever_measure_is_asked_for():
    found = sharing(PLAN, lambda one: one.cost.tokens / 100)
    assert (found.shared.hours, found.alone.hours) == (pytest.approx(1.23), pytest.approx(2.23))


def test_what_is_spared_is_a_share_of_what_it_would_be_alone():
    found = sharing(PLAN)
    assert found.shared.spared(found.alone)["tokens"] == pytest.approx(100 / 223)
    assert found.shared.spared(found.alone)["hours"] == 0


def test_the_longest_way_goes_through_every_step_that_waits_for_another():
    assert longest_way(PLAN, lambda one: one.cost.tokens) == 1000 + 100 + 10 + 1
    assert longest_way(Plan({}, ()), lambda one: 1.0) == 0
