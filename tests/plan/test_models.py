"""A study of several models: one origin each, everything within a model, and what needs none once."""

from __future__ import annotations

import json

import pytest
from sketches import NETWORK, FakeSource, ids, study

from isthmus.core.errors import StudyError
from isthmus.plan.planner import UNTRAINED, make_plan

HUB = {name: {"name": f"org/{name}", "revision": "r1"} for name in ("small", "large")}


def several(models=None, **changes):
    """Return the plan of a study of a small and a large model."""
    asked = study(model=None, models=models or HUB, **changes).by_model()
    return make_plan(asked, FakeSource(), {"data": asked.data})


def refusal(**changes):
    with pytest.raises(StudyError) as caught:
        several(**changes)
    return f"{caught.value.key}: {caught.value.what}"


def sized(tmp_path, **layers):
    """Return models that are directories with as many layers."""
    models = {}
    for name, number in layers.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps(NETWORK | {"num_hidden_layers": number, "vocab_size": 100}), "utf-8")
        models[name] = {"path": str(folder)}
    return models


def test_each_model_has_the_steps_that_it_has_in_a_study_of_its_own():
    together = several(baselines=["untrained"])
    for spec in HUB.values():
        alone = make_plan(study(model=spec, baselines=["untrained"]), FakeSource(), {"data": "data"})
        assert ids(alone) <= ids(together)
    assert len(ids(together, "model")) == 2 * (1 + 2)  # and a twin of random weights for each of two seeds


def test_every_arm_of_every_model_has_its_cells():
    plan = several()
    arms = ["none@small", "panx-first@small", "none@large", "panx-first@large"]
    assert list(dict.fromkeys(cell.arm for cell in plan.cells)) == arms
    per_arm = {arm: [(c.seed, c.task, c.language) for c in plan.cells if c.arm == arm] for arm in arms}
    assert len({tuple(places) for places in per_arm.values()}) == 1


def test_a_step_of_an_arm_hangs_on_its_own_model():
    plan = several()
    for cell in plan.cells:
        step = plan.steps[cell.step]
        while step.inputs:
            step = plan.steps[next(iter(step.inputs.values()))]
        assert step.settings["name"] == f"org/{cell.arm.partition('@')[2]}"


def test_rules_that_cut_sub_words_come_once_a_model_and_others_once():
    plan = several(
        baselines=["majority", "overlap", "bag", UNTRAINED], targets=[{"task": "xnli"}, {"task": "tatoeba", "layer": 1}]
    )
    named = {cell.arm for cell in plan.cells if cell.arm.startswith("baseline:")}
    both = {f"baseline:{name}@{model}" for name in ("overlap", "bag", UNTRAINED) for model in HUB}
    assert named == {"baseline:majority", *both}
    assert len(plan.cells) == len({(c.arm, c.seed, c.task, c.language) for c in plan.cells})


def test_a_layer_by_model_is_that_of_each_step():
    plan = several(targets=[{"task": "tatoeba", "layer": {"small": 1, "large": 2}}])
    layers = {(step.name.partition("/")[0], step.settings["layer"]) for step in plan if step.kind == "predict"}
    assert layers == {
        ("none@small", 1), ("panx-first@small", 1), ("none@large", 2), ("panx-first@large", 2)
    }  # fmt: skip


def test_a_layer_must_be_there_in_every_model(tmp_path):
    models, targets = sized(tmp_path, small=2, large=3), [{"task": "tatoeba", "layer": 3}]
    said = refusal(models=models, targets=targets)
    assert said.startswith("targets[0].layer: the model 'small' has no such layer: found 3, expected 0 (embeddings) to 2")
    assert several(models=models, targets=[{"task": "tatoeba", "layer": {"small": 2, "large": 3}}])


def test_models_stand_from_the_smallest_to_the_largest_where_their_size_is_known(tmp_path):
    models = sized(tmp_path, large=3, small=2)
    said = refusal(models=models)
    assert said.startswith(
        "models: models stand from the smallest to the largest; found large with about 3,400 weights before"
    )
    assert several(models=dict(reversed(models.items())))


def test_a_fault_of_a_model_is_told_at_that_model(tmp_path):
    (tmp_path / "empty").mkdir()
    models = sized(tmp_path, small=2) | {"large": {"path": str(tmp_path / "empty")}}
    assert refusal(models=models).startswith("models.large.path: ")


def test_a_fault_of_an_arm_is_told_where_the_arm_was_written():
    said = refusal(arms={"none": [], "wrong": [{"task": "panks"}]})
    assert said.startswith("arms.wrong[0].task: unknown task 'panks'")
    said = refusal(arms={"none": [], "wrong": [{"task": "panx", "head": "carried"}]})
    assert said.startswith("arms.wrong[0].head: ")
