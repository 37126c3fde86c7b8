"""Scores that arms are chosen by: planned beside the cells, never of them, on data that nothing judges or trains on."""

from __future__ import annotations

import pytest
from sketches import HELD, FakeSource, ids, plan

from isthmus.core.errors import StudyError
from isthmus.world.source import World

ARMS = {"none": [], "nli-first": [{"task": "mnli"}]}


UDPOS = {"task": "udpos"}


def chosen(data_source=None, **changes):
    return plan(data_source, selection="dev", **{"arms": ARMS, "targets": [UDPOS]} | changes)


def dev_of(made, choice):
    return made.steps[choice.step].settings["data"]


def test_every_arm_and_seed_is_scored_on_the_dev_data_of_the_source_language():
    made = chosen(seeds=[1, 2])
    assert [(c.arm, c.seed, c.task, c.language, c.split) for c in made.choices] == [
        (arm, seed, "udpos", "en", "dev") for arm in ARMS for seed in (1, 2)
    ]
    assert {(dev_of(made, c)["task"], dev_of(made, c)["split"]) for c in made.choices} == {("udpos", "dev")}


def test_choosing_adds_steps_and_changes_none_and_no_cell():
    without, made = plan(arms=ARMS, targets=[UDPOS]), chosen()
    assert ids(without) < ids(made)
    assert made.cells == without.cells
    assert without.choices == without.notes == ()
    added = [made.steps[id_] for id_ in ids(made) - ids(without)]
    assert {step.kind for step in added} == {"predict", "score"}
    assert all("/en dev/" in step.name for step in added)


def test_a_target_without_dev_data_takes_those_of_the_task_it_is_trained_on(monkeypatch):
    monkeypatch.setitem(HELD, "squad/dev-v1.1.json", "en")
    made = chosen(targets=[{"task": "xquad"}])
    assert [(c.task, c.main) for c in made.choices] == [("xquad", "f1")] * 4
    assert {dev_of(made, c)["task"] for c in made.choices} == {"squad"}


def test_dev_data_that_a_test_set_was_made_of_choose_and_a_note_says_so(monkeypatch):
    monkeypatch.setitem(HELD, "squad/dev-v1.1.json", "en")
    [note] = chosen(targets=[UDPOS, {"task": "xquad"}]).notes
    assert note.startswith("xquad: its test set was made of squad dev, which its arm is chosen on")

    class Drawn(FakeSource, World):
        """Holds what FakeSource does, each data set drawn apart from the others."""

        def __init__(self):
            object.__setattr__(self, "changed", {})

    apart = chosen(Drawn(), targets=[UDPOS, {"task": "xquad"}])
    assert {c.task for c in apart.choices} == {"udpos", "xquad"}
    assert apart.notes == ()


def test_what_trains_nothing_has_no_choice_and_a_note_says_so():
    made = chosen(targets=[UDPOS, {"task": "tatoeba", "layer": 1}])
    assert {c.task for c in made.choices} == {"udpos"}
    assert made.notes == ("tatoeba: no arm is chosen on en dev (it is retrieval, which trains nothing)",)


def test_dev_data_that_a_target_is_judged_on_choose_nothing():
    made = chosen(targets=[{"task": "udpos", "splits": ["dev"]}], languages=["en"])
    assert made.choices == ()
    assert made.notes == ("udpos: no arm is chosen on en dev (that of udpos is what the target udpos is judged on)",)


def test_data_are_told_apart_by_content_not_by_name():
    same = {("udpos/dev-{language}.tsv", "en"): "x", ("panx/test-{language}.tsv", "en"): "x"}
    made = chosen(targets=[UDPOS, {"task": "panx"}], data_source=FakeSource(same))
    assert {c.task for c in made.choices} == {"panx"}
    assert made.notes == ("udpos: no arm is chosen on en dev (that of udpos is what the target panx is judged on)",)


def test_a_stage_may_not_train_on_what_chooses_it():
    with pytest.raises(StudyError) as caught:
        chosen(arms={"none": [], "cheat": [{"task": "udpos", "split": "dev"}]})
    assert caught.value.key == "arms.cheat[0]"
    assert "chosen by (selection: dev)" in caught.value.what
