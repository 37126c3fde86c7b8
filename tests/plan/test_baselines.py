"""Which baselines a study has, what their steps read, and the part of a plan that they need."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sketches import below, ids, plan, with_text

from isthmus.plan.baselines import SERVES, baselines_of

TARGETS = {"udpos": {}, "xnli": {}, "xquad": {}, "tatoeba": {"layer": 0}}


def named(plan, name):
    return next(step for step in plan if step.name == name)


def arms(plan):
    return {(cell.arm.removeprefix("baseline:"), cell.task) for cell in plan.cells if cell.arm.startswith("baseline:")}


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        (["udpos"], {("lexicon", "udpos"), ("majority", "udpos")}),
        (["xnli"], {("majority", "xnli"), ("one_side", "xnli"), ("order", "xnli"), ("overlap", "xnli")}),
        (["xquad", "tatoeba"], {("one_side", "xquad"), ("window", "xquad"), ("bag", "tatoeba")}),
    ],
)
def test_a_study_that_names_no_baselines_has_every_rule_that_serves_a_target_and_no_other(tasks, expected):
    made = plan(targets=[{"task": task, **TARGETS[task]} for task in tasks], baselines=None)
    assert arms(made) == expected


def test_a_study_that_names_an_empty_list_has_none():
    assert arms(plan(baselines=[])) == set()


@given(st.lists(st.sampled_from(sorted(TARGETS)), min_size=1, unique=True))
@settings(max_examples=15)
def test_naming_the_rules_that_serve_is_the_same_as_naming_none(tasks):
    asked = {"targets": [{"task": task, **TARGETS[task]} for task in tasks]}
    assert ids(plan(**asked, baselines=None)) == ids(plan(**asked, baselines=[*SERVES]))


def test_rules_on_sub_words_wait_for_the_tokenizer_and_the_others_for_nothing():
    made = plan(targets=[{"task": "xnli"}, {"task": "xquad"}], baselines=None)
    inputs = {
        step.name.split("/")[0].removeprefix("baseline:"): set(step.inputs) for step in made if step.kind == "baseline"
    }
    waiting = {"one_side": {"tokenizer"}, "order": {"tokenizer"}, "overlap": {"tokenizer"}}
    assert inputs == {"majority": set(), **waiting, "window": set()}


def test_mining_learns_its_threshold_on_the_development_data_of_the_same_language():
    made = plan(targets=[{"task": "bucc2018", "layer": 0}], languages=["de"], baselines=["bag"])
    learnt = named(made, "baseline:bag/bucc2018/de/predict").settings["train"]
    assert (learnt["task"], learnt["language"], learnt["split"]) == ("bucc2018", "de", "dev")
    assert all(cell.zero_shot for cell in made.cells)


def test_a_training_set_cut_short_is_cut_for_the_rules_as_for_the_arms_and_moves_no_other_step():
    asked = {"targets": [{"task": "udpos"}, {"task": "panx"}], "arms": {"none": []}, "baselines": ["lexicon"]}
    whole = plan(**asked)
    few = plan(**asked | {"targets": [{"task": "udpos", "train_examples": 9}, {"task": "panx"}]})
    assert {step.settings["train_examples"] for step in few if "train_examples" in step.settings} == {9}
    learnt = [step.id for step in whole if step.kind in ("train", "baseline") and "/udpos" in step.name]
    assert ids(whole) - ids(few) == set().union(*(below(whole, id_) for id_ in learnt))


def test_the_part_of_a_plan_that_baselines_need_trains_a_tokenizer_but_no_encoder(tmp_path):
    made = with_text(tmp_path)
    part = baselines_of(made)
    assert {cell.arm for cell in part.cells} == {"baseline:untrained", "baseline:majority"}
    assert {step.kind for step in part} == {"tokenizer", "model", "train", "predict", "baseline", "score"}
    assert all(set(step.inputs.values()) <= set(part.steps) for step in part)
    assert list(part.steps) == [id_ for id_ in made.steps if id_ in part.steps]


def test_without_baselines_that_part_is_empty():
    assert len(baselines_of(plan(baselines=[]))) == 0
