"""The order of a plan, and who needs what."""

from __future__ import annotations

import pytest

from isthmus.plan.graph import Plan, in_order
from isthmus.plan.step import Step

MODEL = Step("model", {"name": "m"}, name="model")
FIRST = Step("predict", {"language": "de"}, {"model": MODEL.id}, "first")
SECOND = Step("predict", {"language": "sw"}, {"model": MODEL.id}, "second")


def test_steps_with_one_id_are_one_and_keep_the_name_of_the_first():
    again = Step("model", {"name": "m"}, name="again")
    ordered = in_order([MODEL, FIRST, again, SECOND])
    assert [step.name for step in ordered.values()] == ["model", "first", "second"]


def test_a_step_before_its_input_is_a_fault_of_ours():
    with pytest.raises(AssertionError, match=r"first: inputs .* are not in the plan before it"):
        in_order([FIRST, MODEL])


def test_consumers_are_the_steps_that_take_a_step_as_an_input():
    plan = Plan(in_order([MODEL, FIRST, SECOND]), ())
    assert plan.consumers() == {MODEL.id: [FIRST.id, SECOND.id], FIRST.id: [], SECOND.id: []}
    assert (len(plan), list(plan)) == (3, [MODEL, FIRST, SECOND])
