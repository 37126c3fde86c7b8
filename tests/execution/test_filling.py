"""How the study's table fills in: what counts for a place, and when."""

from __future__ import annotations

import pytest
from plans_for_tests import Sketch, executor

from isthmus.execution.board import Silent
from isthmus.execution.filling import Filling, filling_of
from isthmus.execution.outcome import State
from isthmus.execution.tally import Tally
from isthmus.plan.graph import Cell, Plan
from isthmus.store.store import Store

NLI, POS = ("nli", "pos"), ("none", "pos")


def plan_of(journal, cells, *others, kind="write", **settings):
    """A plan of the score steps of (arm, seed, target, language, name of the step), and of steps that fill nothing."""
    sketch = Sketch(journal)
    for name in others:
        sketch.add(name)
    for *_, name in cells:
        sketch.add(
            name, *others, kind="fail" if "fails" in name else kind, **({"how": "data"} if "fails" in name else settings)
        )
    steps = sketch.steps
    found = [
        Cell(arm, seed, task, language, "test", "f1", True, steps[name].id) for arm, seed, task, language, name in cells
    ]
    return Plan(sketch.plan().steps, tuple(found)), steps


CELLS = [
    ("none", 1, "pos", "de", "a"),
    ("none", 1, "pos", "sw", "b"),
    ("none", 2, "pos", "de", "c"),
    ("none", 1, "ner", "de", "d"),
    ("nli", 1, "pos", "de", "e"),
]


@pytest.fixture
def small(tmp_path):
    return plan_of(tmp_path / "journal", CELLS, "train")


def test_seeds_and_languages_of_an_arm_and_a_target_share_a_place(small):
    plan, steps = small
    filling = filling_of(plan, lambda _: False)
    assert filling.planned == {POS: 3, ("none", "ner"): 1, NLI: 1}
    assert (filling.arms, filling.targets) == (["none", "nli"], ["pos", "ner"])
    for number, name in enumerate("abc", start=1):
        filling.end(steps[name].id)
        assert filling.done == {POS: number}


def test_steps_that_are_in_the_store_already_count_from_the_beginning(small):
    plan, steps = small
    have = {steps[name].id for name in ("train", "b", "e")}
    assert filling_of(plan, have.__contains__).done == {POS: 1, NLI: 1}


def test_a_step_that_scores_nothing_fills_nothing(small):
    plan, steps = small
    filling = filling_of(plan, lambda _: False)
    filling.end(steps["train"].id)
    assert filling.done.total() == 0


def test_a_score_that_two_arms_have_in_common_fills_a_place_of_both(tmp_path):
    plan, steps = plan_of(tmp_path / "journal", [(arm, 1, "pos", "de", "same") for arm in ("none", "nli")])
    filling = filling_of(plan, lambda _: False)
    filling.end(steps["same"].id)
    assert filling.done == filling.planned == {POS: 1, NLI: 1}


def test_a_place_fills_only_with_what_ended_well(small):
    plan, steps = small
    tally = Tally(5, 0, 0.0, filling=filling_of(plan, lambda _: False))
    for state in (State.FAILED, State.STOPPED, State.NOT_RUN):
        tally.end(steps["a"], state)
    assert tally.filling.done.total() == 0
    tally.end(steps["a"], State.DONE)
    tally.end(steps["b"], State.SHARED)
    assert tally.filling.done == {POS: 2}


def test_a_run_without_a_table_fills_none():
    assert (Filling().arms, Filling().targets) == ([], [])


class Watching(Silent):
    """Remembers how far the table was each time it was shown."""

    def __init__(self):
        self.seen, self.last = [], None

    def update(self, tally):
        self.seen.append(dict(tally.filling.done))
        self.last = tally.filling


def watched(plan, store):
    show = Watching()
    report = executor().run(plan, store, jobs=1, show=show)
    return show, report


def test_a_run_fills_the_table_as_its_steps_end_and_a_second_run_begins_with_it_full(tmp_path):
    store = Store(tmp_path / "store")
    plan, _ = plan_of(tmp_path / "journal", CELLS, "train", seconds=0.3)
    show, report = watched(plan, store)
    assert report.fine
    assert show.seen[0] == {}
    assert show.last.done == show.last.planned
    numbers = [sum(done.values()) for done in show.seen]
    assert numbers == sorted(numbers)
    assert set(numbers) & {1, 2, 3, 4}
    more, _ = plan_of(tmp_path / "journal", [*CELLS, ("nli", 1, "ner", "de", "f")], "train", seconds=0.3)
    again, report = watched(more, store)
    assert again.seen[0] == {POS: 3, ("none", "ner"): 1, NLI: 1}
    assert report.counts() == {State.DONE: 1, State.CACHED: 6}


def test_a_failed_score_leaves_its_place_open(tmp_path):
    cells = [("none", 1, "pos", "de", "a"), ("nli", 1, "pos", "de", "fails")]
    show, report = watched(plan_of(tmp_path / "journal", cells)[0], Store(tmp_path / "store"))
    assert not report.fine
    assert show.last.done == {POS: 1}
