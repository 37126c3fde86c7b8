"""Heads that are carried from a stage: which one a target takes over, what that makes of its steps, and what is refused."""

from __future__ import annotations

import pytest
from sketches import plan

from isthmus.core.errors import StudyError
from isthmus.plan.heads import Left, head_kept
from isthmus.tasks.task import load_task

MNLI = {"task": "mnli"}
MIX = {"mix": ["mnli", "panx"], "rates": {"scheme": "uniform"}, "recipe": {"steps": 5, "epochs": None}}


def named(made, name):
    return next(step for step in made if step.name == name)


def heads(how, *stages, **target):
    """Return the plan of an arm ``a`` of some stages, seed 1, judged on XNLI with a head of some kind."""
    return plan(seeds=[1], arms={"a": stages}, targets=[{"task": "xnli", "head": how, **target}])


def test_a_target_goes_on_from_the_head_of_the_stage_before_it():
    carried = named(heads("carried", MNLI), "a/seed 1/xnli")
    assert carried.settings["carried"] == {"task": "mnli", "stream": ""}
    new = named(heads("new", MNLI), "a/seed 1/xnli")
    assert "carried" not in new.settings
    assert new.id != carried.id
    assert new.inputs == carried.inputs


@pytest.mark.parametrize("stages", [[], [{"task": "panx"}], [MNLI, {"task": "panx"}], [MNLI, {"task": "mlm"}]])
def test_without_such_a_head_in_the_last_stage_the_head_is_new(stages):
    assert [step.id for step in heads("carried", *stages)] == [step.id for step in heads("new", *stages)]


def test_a_head_of_a_mix_is_named_by_its_stream():
    assert named(heads("carried", MIX), "a/seed 1/xnli").settings["carried"] == {"task": "mnli", "stream": "mnli"}
    made = heads("as-is", MIX)
    assert named(made, "a/seed 1/xnli/de/predict").settings["head"] == "mnli"


def test_a_head_judged_as_it_is_trains_nothing_and_languages_of_its_training_are_not_zero_shot():
    made = heads("as-is", MNLI)
    predicted = named(made, "a/seed 1/xnli/de/predict")
    assert [step.name for step in made if step.kind == "train"] == ["a/seed 1/stage 1 mnli"]
    assert made.steps[predicted.inputs["model"]].name == "a/seed 1/stage 1 mnli"
    assert "head" not in predicted.settings
    assert {cell.language: cell.zero_shot for cell in made.cells} == {"de": True, "en": False}


def test_a_head_judged_as_it_is_has_the_baselines_of_its_own_training_set_where_that_is_at_hand():
    arms, target = {"a": [MNLI]}, {"task": "xnli", "head": "as-is"}
    made = plan(seeds=[1], arms=arms, targets=[target], baselines=["majority"])
    assert named(made, "baseline:majority/xnli/de/predict").settings["train"]["task"] == "mnli"
    spans = plan(
        seeds=[1],
        arms={"a": [{"task": "squad"}]},
        targets=[{"task": "xquad", "head": "as-is"}],
        baselines=["window"],
    )
    assert {cell.arm for cell in spans.cells} == {"a", "baseline:window"}


def test_random_weights_have_no_head_to_be_judged_as_it_is_and_are_the_baseline_of_other_targets_alone():
    as_is, retrieved = {"task": "xnli", "head": "as-is"}, {"task": "tatoeba", "layer": 1}
    made = plan(seeds=[1], arms={"a": [MNLI]}, targets=[as_is, retrieved], baselines=["untrained"])
    assert {cell.task for cell in made.cells if cell.arm == "baseline:untrained"} == {"tatoeba"}
    alone = plan(seeds=[1], arms={"a": [MNLI]}, targets=[as_is], baselines=["untrained"])
    assert not [step.name for step in alone if "untrained" in step.name]


def test_a_stage_goes_on_from_the_head_of_the_stage_before_it():
    made = heads("new", MNLI, {"task": "mnli", "head": "carried", "max_examples": 3})
    assert named(made, "a/seed 1/stage 2 mnli").settings["carried"] == {"task": "mnli", "stream": ""}


@pytest.mark.parametrize(
    ("stages", "target", "key", "what"),
    [
        ([], {"head": "as-is"}, "targets[0].head", "'a' trained no head that xnli could be judged with"),
        ([{"task": "panx"}], {"head": "as-is"}, "targets[0].head", "trained no head"),
        ([MNLI], {"head": "as-is", "train_examples": 5}, "targets[0].train_examples", "trains nothing"),
        ([MNLI], {"head": "as-is", "train": "mnli"}, "targets[0].train", "trains nothing"),
        ([{"task": "panx"}, {"task": "mnli", "head": "carried"}], {}, "arms.a[1].head", "the stage before trained no head"),
    ],
)
def test_what_makes_no_sense_of_a_head_is_refused(stages, target, key, what):
    with pytest.raises(StudyError, match=what) as caught:
        heads("new", *stages, **target)
    assert caught.value.key == key


def test_retrieval_has_no_head():
    with pytest.raises(StudyError, match="tatoeba is retrieval, which has no head"):
        plan(targets=[{"task": "tatoeba", "layer": 1, "head": "carried"}])


def test_a_mix_has_new_heads():
    with pytest.raises(ValueError, match="the heads of a mix are new"):
        heads("new", MNLI, MIX | {"head": "carried"})


KEPT = {"task": "xnli", "head": "kept"}
PANX, SQUAD = {"task": "panx"}, {"task": "squad"}


def test_a_kept_head_is_judged_on_the_encoder_that_later_stages_made_of_it():
    made = heads("kept", MNLI, PANX, SQUAD)
    predicted = named(made, "a/seed 1/xnli/de/predict")
    assert {role: made.steps[id_].name for role, id_ in predicted.inputs.items()} == {
        "model": "a/seed 1/stage 3 squad",
        "head": "a/seed 1/stage 1 mnli",
    }
    assert [step.name for step in made if step.kind == "train" and "/stage" not in step.name] == []
    assert {cell.language: cell.zero_shot for cell in made.cells} == {"de": True, "en": False}


def test_a_kept_head_is_that_of_the_latest_stage_on_the_task():
    made = heads("kept", MNLI, PANX, MNLI, SQUAD)
    head = made.steps[named(made, "a/seed 1/xnli/de/predict").inputs["head"]]
    assert head.name == "a/seed 1/stage 3 mnli"


def test_a_kept_head_of_the_last_stage_is_that_head_judged_as_it_is():
    assert {step.id for step in heads("kept", PANX, MNLI)} == {step.id for step in heads("as-is", PANX, MNLI)}


def test_a_kept_head_of_a_mix_is_named_by_its_stream():
    made = heads("kept", MIX, SQUAD)
    predicted = named(made, "a/seed 1/xnli/de/predict")
    assert predicted.settings["head"] == "mnli"
    assert made.steps[predicted.inputs["head"]].name == "a/seed 1/stage 1 mnli+panx"


def test_a_stage_on_the_task_goes_before_a_later_one_with_the_same_labels():
    def left(name):
        return (Left(load_task(name), ("en",), "", f"the run on {name}"),)

    xnli = load_task("xnli")
    assert head_kept([left("mnli"), left("snli"), left("panx")], xnli, "").step == "the run on mnli"
    assert head_kept([left("anli"), left("snli"), left("panx")], xnli, "").step == "the run on snli"
    assert head_kept([left("panx"), left("squad")], xnli, "") is None


def test_an_arm_that_trained_no_such_head_has_no_cell_and_all_of_them_none_is_an_error():
    arms = {"none": [], "panx": [PANX], "mnli": [MNLI], "mnli.panx": [MNLI, PANX]}
    made = plan(seeds=[1], arms=arms, targets=[KEPT, {"task": "tatoeba", "layer": 1}], baselines=["majority", "untrained"])
    assert {cell.arm for cell in made.cells if cell.task == "xnli"} == {"mnli", "mnli.panx", "baseline:majority"}
    assert {cell.arm for cell in made.cells if cell.task == "tatoeba"} == {*arms, "baseline:untrained"}
    with pytest.raises(StudyError, match="no arm trains a head that xnli could be judged with") as caught:
        plan(arms={"none": [], "panx": [PANX]}, targets=[KEPT])
    assert caught.value.key == "targets[0].head"


@pytest.mark.parametrize(("claim", "key"), [({}, "against"), ({"against": "mnli", "arm": "panx"}, "arm")])
def test_a_claim_on_an_arm_without_the_kept_head_is_refused_before_anything_runs(claim, key):
    asked = {"text": "?", "arm": "mnli", "target": "xnli", "expect": "lower", **claim}
    with pytest.raises(StudyError, match="trained no head that xnli could be judged with") as caught:
        plan(arms={"none": [], "panx": [PANX], "mnli": [MNLI]}, targets=[KEPT], claims=[asked])
    assert caught.value.key == f"claims[0].{key}"


def test_a_target_with_a_kept_head_trains_nothing():
    with pytest.raises(StudyError, match="head: kept judges a head of a stage and trains nothing"):
        heads("kept", MNLI, train_examples=5)
