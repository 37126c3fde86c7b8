"""Mixes, stages with a recipe of their own and low-data settings: their steps, their names, and what is refused."""

from __future__ import annotations

import pytest
from sketches import RECIPE, SIZE, plan

from isthmus.core.errors import StudyError

STEPS = {"recipe": {"steps": 50}}

TEXT = {"mix": ["panx", "mlm"], "rates": {"panx": 0.5, "mlm": 0.5}, **STEPS}


def planned(stage, **changes):
    return plan(
        arms={"none": [], "a": [stage]}, **{"targets": [{"task": "udpos"}], "seeds": [1], "baselines": [], **changes}
    )


def stage_of(stage, **changes):
    return next(step for step in planned(stage, **changes) if step.name.startswith("a/seed 1/stage 1"))


def mix(**changes):
    return {
        "mix": ["mnli", "panx", "mlm"],
        "rates": {"scheme": "temperature", "temperature": 2, "mlm": 0.4},
        **STEPS,
        **changes,
    }


def test_a_mix_is_one_training_step_that_names_all_of_its_data():
    step = stage_of(mix(languages={"mlm": "all"}))
    assert (step.kind, step.name) == ("train", "a/seed 1/stage 1 mnli+panx+mlm")
    streams = {stream["name"]: stream for stream in step.settings["streams"]}
    assert {name: [data["language"] for data in stream["data"]] for name, stream in streams.items()} == {
        "mnli": ["en"],
        "panx": ["en"],
        "mlm": ["de", "en"],
    }
    assert streams["mnli"]["kind"] == "classification"
    assert step.settings["rates"] == {"scheme": "temperature", "cap": None, "temperature": 2.0, "mlm": 0.4}
    assert step.settings["recipe"]["steps"] == 50
    assert step.cost.tokens == 50 * RECIPE["batch_examples"] * 40


def test_the_order_of_a_mix_and_the_scale_of_its_rates_are_no_part_of_what_it_is():
    turned = {"mix": ["panx", "mnli"], "rates": {"panx": 0.75, "mnli": 0.25}, **STEPS}
    same = {"mix": ["mnli", "panx"], "rates": {"mnli": 1, "panx": 3}, **STEPS}
    assert stage_of(turned).id == stage_of(same).id
    assert stage_of(turned | {"rates": {"panx": 0.5, "mnli": 0.5}}).id != stage_of(same).id


def test_only_a_mix_with_text_has_settings_of_masking():
    assert {"mask", "alpha"} <= stage_of(TEXT).settings.keys()
    assert (
        not {"mask", "alpha"} & stage_of({"mix": ["mnli", "panx"], "rates": {"scheme": "uniform"}, **STEPS}).settings.keys()
    )


def test_a_mix_has_the_recipe_of_the_study_and_its_own_changes_but_no_override_of_a_task():
    made = planned(
        mix(recipe={"steps": 9, "learning_rate": 1.0}), overrides={"udpos": {"clip": 3.0}},
        targets=[{"task": "udpos"}, {"task": "panx"}],
    )  # fmt: skip
    recipe = next(step for step in made if "mnli+panx+mlm" in step.name and "stage" in step.name).settings["recipe"]
    assert (recipe["steps"], recipe["epochs"], recipe["learning_rate"], recipe["clip"]) == (9, None, 1.0, 1.0)
    with pytest.raises(StudyError, match=r"trains on 'mnli' alone \(the recipe of a mix is its stage's\); known: udpos"):
        planned(mix(), overrides={"mnli": {"epochs": 1}})


@pytest.mark.parametrize(
    ("stage", "key", "expected"),
    [
        (mix(mix=["mnli", "pnax", "mlm"]), "arms.a[0].mix[1]", "unknown task 'pnax'; did you mean 'panx'"),
        (mix(mix=["mnli", "tatoeba", "mlm"]), "arms.a[0].mix[1]", "nothing can be trained on tatoeba (retrieval)"),
        (mix(languages={"panx": ["en", "sw"]}), "arms.a[0]", "no train data of panx in 'sw'"),
        (mix(split="dev", languages={"panx": ["en", "de"]}), "arms.a[0]", "no dev data of mlm in 'en'"),
        ({"task": "tatoeba", "languages": "all"}, "arms.a[0].task", "nothing can be trained on tatoeba"),
        ({"task": "squad", "languages": "all", "split": "dev"}, "arms.a[0]", "no dev split of squad in any language"),
    ],
)
def test_a_stage_that_cannot_be_is_refused(stage, key, expected):
    with pytest.raises(StudyError) as caught:
        planned(stage)
    assert caught.value.key == key
    assert expected in str(caught.value)


def test_a_mix_with_data_that_a_target_is_judged_on_is_refused():
    cheat = {"mix": ["mnli", "panx"], "rates": {"scheme": "uniform"}, "split": "dev", "languages": {"panx": ["de"]}, **STEPS}
    with pytest.raises(StudyError, match="panx de dev is what the target panx is judged on") as caught:
        planned(cheat, targets=[{"task": "panx", "splits": ["test", "dev"]}])
    assert caught.value.key == "arms.a[0]"


def test_a_stage_or_a_target_with_a_recipe_of_its_own_leaves_the_others_alone():
    made = planned(
        {"task": "panx", "recipe": {"steps": 7}}, targets=[{"task": "udpos"}, {"task": "panx", "recipe": {"clip": 2.0}}]
    )
    recipes = {step.name: step.settings["recipe"] for step in made if step.kind == "train"}
    assert (recipes["a/seed 1/stage 1 panx"]["steps"], recipes["a/seed 1/stage 1 panx"]["clip"]) == (7, 1.0)
    assert (recipes["a/seed 1/udpos"]["epochs"], recipes["a/seed 1/udpos"]["clip"]) == (2.0, 1.0)
    assert (recipes["none/seed 1/panx"]["epochs"], recipes["none/seed 1/panx"]["clip"]) == (2.0, 2.0)


def test_a_recipe_of_a_target_cuts_its_windows_too():
    made = planned({"task": "panx"}, targets=[{"task": "udpos", "recipe": {"max_length": 64, "stride": 9}}])
    predicted = [step.settings for step in made if step.kind == "predict"]
    assert {(settings["max_length"], settings["stride"]) for settings in predicted} == {(64, 9)}


@pytest.mark.parametrize(
    ("recipe", "what"), [({"lerning_rate": 1.0}, "learning_rate"), ({"stride": 300}, "stride 300 must be")]
)
def test_a_recipe_of_a_target_that_makes_no_sense_is_refused_at_its_key(recipe, what):
    with pytest.raises(StudyError, match=what) as caught:
        planned({"task": "panx"}, targets=[{"task": "udpos", "recipe": recipe}])
    assert caught.value.key.startswith("targets[0].recipe")


def test_early_stopping_may_be_asked_for_by_one_target_alone():
    stop = {"early_stopping": {"every": 5, "patience": 2}}
    made = planned({"task": "panx"}, targets=[{"task": "udpos", "recipe": stop}])
    assert {step.name: step.settings["dev"] is None for step in made if step.kind == "train"} == {
        "a/seed 1/stage 1 panx": True,
        "a/seed 1/udpos": False,
        "none/seed 1/udpos": False,
    }


def test_a_few_examples_are_a_step_of_their_own_and_cost_less():
    whole, few, more = stage_of({"task": "panx"}), *(stage_of({"task": "panx", "max_examples": n}) for n in (2, 10**6))
    assert len({whole.id, few.id, more.id}) == 3
    assert few.cost.tokens == 2 * 2 * 40
    assert more.cost.tokens == whole.cost.tokens == 2 * SIZE / 4
    assert stage_of({"task": "mlm", "max_examples": 2}).settings["train_examples"] == 2
    assert stage_of(mix(max_examples=3)).settings["train_examples"] == 3


def test_a_low_data_target_is_the_same_run_as_a_stage_on_as_many_examples():
    made = planned(
        {"task": "panx", "max_examples": 100}, targets=[{"task": "udpos"}, {"task": "panx", "train_examples": 100}]
    )
    stage = next(step for step in made if step.name == "a/seed 1/udpos").inputs["model"]
    assert made.steps[stage].name == "none/seed 1/panx"


def test_a_rule_learns_from_as_few_examples_as_the_target():
    made = planned({"task": "panx"}, targets=[{"task": "udpos", "train_examples": 5}], baselines=["majority"])
    assert {step.settings["train_examples"] for step in made if step.kind == "baseline"} == {5}


def test_retrieval_has_no_training_examples():
    with pytest.raises(StudyError, match="tatoeba is retrieval, which trains nothing") as caught:
        planned({"task": "panx"}, targets=[{"task": "tatoeba", "layer": 1, "train_examples": 5}])
    assert caught.value.key == "targets[0].train_examples"


def test_what_is_not_asked_for_is_no_setting():
    plain = {"data", "dev", "family", "kind", "labels", "main", "metrics", "recipe", "seed"}
    assert all(step.settings.keys() == plain for step in planned({"task": "panx"}) if step.kind == "train")
    assert stage_of({"task": "mlm"}).settings.keys() == {"data", "recipe", "mask", "alpha", "seed"}
