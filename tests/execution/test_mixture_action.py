"""Training on a mix and on few examples: what is left on disk, what is recorded, and that a stop changes no byte."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("end_to_end", "models")]

from small_world import RECIPE, small_study, write_world
from tiny_networks import one_thread, pieces_folder, still, write_encoder  # noqa: F401

from isthmus.core.errors import DataError, Stopped, UserError
from isthmus.execution.context import Context
from isthmus.execution.preflight import check_data
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory

MIX = {
    "mix": ["mnli", "panx", "squad", "mlm"],
    "rates": {"scheme": "temperature", "temperature": 2, "mlm": 0.4},
    "languages": {"mlm": "all"},
    "recipe": {"steps": 25, "max_length": 48},
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return write_world(tmp_path_factory.mktemp("world") / "data", 12)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory, pieces_folder):  # noqa: F811
    return write_encoder(still(hidden_size=32), pieces_folder, tmp_path_factory.mktemp("network") / "encoder")


def planned(root, encoder, *stages, **changes):
    asked = {"targets": [{"task": "udpos"}], "arms": {"a": stages}, "model": {"path": str(encoder)}, "seeds": [1], **changes}
    return make_plan(small_study(root, baselines=[], **asked), Directory(root), {"data": str(root)})


def perform(step, model, folder, stopping=lambda: False):
    shutil.rmtree(folder / "out", ignore_errors=True)
    (folder / "out").mkdir(parents=True)
    (folder / "work").mkdir(exist_ok=True)
    action = importlib.import_module(f"isthmus.execution.actions.{step.kind}")
    action.run(Context(step, {"model": model}, folder / "out", folder / "work", lambda _: None, stopping))
    return folder / "out"


def named(plan, name):
    return next(step for step in plan if step.name == name)


def stage_of(plan):
    return next(step for step in plan if "/stage 1" in step.name)


def contents(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def record(folder):
    return json.loads((folder / "training.json").read_text())


def test_a_mix_leaves_an_encoder_and_says_what_became_of_every_stream(root, encoder, tmp_path):
    plan = planned(root, encoder, MIX)
    made = perform(stage_of(plan), encoder.parent, tmp_path / "mix")
    assert {file.split("/")[0] for file in contents(made)} == {"encoder", "heads", "training.json"}
    told = record(made)
    assert told["heads"].pop("vocabulary") == "new, kept"
    assert told["heads"] == dict.fromkeys(["mnli", "panx", "squad"], "new, kept")
    assert told["rates"] == pytest.approx({"mlm": 0.4, "mnli": 0.2, "panx": 0.2, "squad": 0.2})  # 12 examples each
    assert sum(told["steps_by_stream"].values()) == told["steps"] == told["planned_steps"] == 25
    assert told["losses_by_stream"].keys() == {name for name, steps in told["steps_by_stream"].items() if steps}
    perform(named(plan, "a/seed 1/udpos"), made, tmp_path / "target")


def test_a_stage_after_a_single_task_and_before_text_records_which_heads_are_left(root, encoder, tmp_path):
    without = MIX | {"mix": ["mnli", "panx"], "rates": {"scheme": "uniform"}, "languages": []}
    plan = planned(root, encoder, {"task": "panx"}, without, {"task": "mlm"})
    first = perform(named(plan, "a/seed 1/stage 1 panx"), encoder.parent, tmp_path / "1")
    second = perform(named(plan, "a/seed 1/stage 2 mnli+panx"), first, tmp_path / "2")
    assert record(second)["heads"] == {"mnli": "new, kept", "panx": "new, kept", "of the stage before": "dropped"}
    assert record(perform(named(plan, "a/seed 1/stage 3 mlm"), second, tmp_path / "3"))["heads"] == {"vocabulary": "new"}


def test_a_target_goes_on_from_the_head_of_a_mix_or_judges_it_as_it_is(root, encoder, tmp_path):
    without = MIX | {"mix": ["mnli", "panx"], "rates": {"scheme": "uniform"}, "languages": []}
    frozen = {"steps": 1, "epochs": None, "learning_rate": 1e-12, "max_length": 128}
    targets = [{"task": "xnli", "head": "carried", "recipe": frozen}]
    plan = planned(root, encoder, without, targets=targets)
    mixed = perform(stage_of(plan), encoder.parent, tmp_path / "mix")
    trained = perform(named(plan, "a/seed 1/xnli"), mixed, tmp_path / "xnli")
    assert record(trained)["heads"] == {"classification": "carried from mnli"}
    kept, gone_on = (load_file(folder / "head.safetensors") for folder in (mixed / "heads/mnli", trained))
    assert all(torch.allclose(kept[name], gone_on[name], atol=1e-6) for name in kept)
    new = planned(root, encoder, without, targets=[{"task": "xnli", "recipe": frozen}])
    other = load_file(perform(named(new, "a/seed 1/xnli"), mixed, tmp_path / "new") / "head.safetensors")
    assert not all(torch.allclose(kept[name], other[name], atol=1e-3) for name in kept)
    as_is = planned(root, encoder, without, targets=[{"task": "xnli", "head": "as-is", "recipe": frozen}])
    found = [
        perform(named(made, "a/seed 1/xnli/de/predict"), model, tmp_path / "predict")
        .joinpath("predictions.jsonl")
        .read_bytes()
        for made, model in ((as_is, mixed), (plan, trained))
    ]
    assert found[0] == found[1]


def test_a_schedule_translation_and_languages_are_recorded_and_a_stop_changes_no_byte(root, encoder, tmp_path):
    legs = [{"until": 0.4, "rates": {"mlm": 1, "tlm": 1}}, {"until": 1, "rates": {"panx": 3, "tlm": 1}}]
    mix = {
        "mix": ["panx", "mlm", "tlm"],
        "rates": {"schedule": legs},
        "split": "train",
        "languages": {"mlm": "all", "tlm": "all"},
        "language_rates": {"tlm": {"de": 1, "sw": 3}},
        "mask": 0.3,
        "recipe": {"steps": 25, "max_length": 128},
    }
    step = stage_of(planned(root, encoder, mix))
    whole = perform(step, encoder.parent, tmp_path / "whole")
    told, before = record(whole), contents(whole)
    assert told["rates"] == pytest.approx({"mlm": 0.2, "tlm": 0.2 + 0.15, "panx": 0.45})
    assert told["schedule"] == [
        {"until": 0.4, "rates": {"mlm": 0.5, "tlm": 0.5}},
        {"until": 1.0, "rates": {"panx": 0.75, "tlm": 0.25}},
    ]
    assert told["language_rates"] == {"tlm": {"de": 0.25, "sw": 0.75}}
    assert sum(told["steps_by_stream"].values()) == 25
    assert told["heads"] == {"panx": "new, kept", "vocabulary": "new, kept"}
    asked = iter([False] * 12 + [True])
    with pytest.raises(Stopped):
        perform(step, encoder.parent, tmp_path / "cut", lambda: next(asked))
    assert contents(perform(step, encoder.parent, tmp_path / "cut")) == before


def test_translation_alone_is_a_stage_whose_vocabulary_head_goes_on(root, encoder, tmp_path):
    stage = {"task": "tlm", "languages": ["de"], "recipe": {"epochs": 2, "max_length": 128}}
    plan = planned(root, encoder, stage, {"task": "mlm", "recipe": {"steps": 2, "max_length": 48}})
    first = perform(stage_of(plan), encoder.parent, tmp_path / "1")
    assert record(first)["heads"] == {"vocabulary": "new"}
    second = perform(named(plan, "a/seed 1/stage 2 mlm"), first, tmp_path / "2")
    assert record(second)["heads"] == {"vocabulary": "carried"}


def test_a_single_task_in_several_languages_is_trained_at_their_rates(root, encoder, tmp_path):
    stage = {"task": "panx", "split": "dev", "languages": ["en", "de"], "language_rates": {"en": 1, "de": 3}}
    plan = planned(root, encoder, stage)
    told = record(perform(stage_of(plan), encoder.parent, tmp_path / "rates"))
    assert told["language_rates"] == {"en": 0.25, "de": 0.75}
    pool = {key: value for key, value in stage.items() if key != "language_rates"}
    assert "language_rates" not in record(perform(stage_of(planned(root, encoder, pool)), encoder.parent, tmp_path / "pool"))


def test_a_stopped_mix_goes_on_from_where_it_was_to_the_same_bytes(root, encoder, tmp_path):
    step = stage_of(planned(root, encoder, MIX))
    whole = contents(perform(step, encoder.parent, tmp_path / "whole"))
    for steps in (6, 9):
        asked = iter([False] * steps + [True])
        with pytest.raises(Stopped):
            perform(step, encoder.parent, tmp_path / "cut", lambda asked=asked: next(asked))
    assert contents(perform(step, encoder.parent, tmp_path / "cut")) == whole


def test_faulty_data_of_a_mix_are_known_before_any_training_and_changed_data_are_refused(root, encoder, tmp_path):
    other = shutil.copytree(root, tmp_path / "data")
    (other / "squad/train-v1.1.json").write_text("[]")
    with pytest.raises(UserError, match=r"squad/train-v1\.1\.json"):
        check_data([stage_of(planned(other, encoder, MIX))])
    step = stage_of(planned(other, encoder, MIX))
    shutil.copy(root / "squad/train-v1.1.json", other / "squad/train-v1.1.json")
    with pytest.raises(DataError, match="the train data of squad in 'en' changed since this run was planned"):
        perform(step, encoder.parent, tmp_path / "step")


@pytest.mark.parametrize(("few", "steps"), [(8, 2), (9, 4), (None, 4)])  # two epochs of 8 examples a batch
def test_a_low_data_target_is_trained_on_its_first_examples(few, steps, root, encoder, tmp_path):
    plan = planned(root, encoder, targets=[{"task": "xnli", "train_examples": few}], recipe=RECIPE | {"max_length": 128})
    assert record(perform(named(plan, "a/seed 1/xnli"), encoder.parent, tmp_path))["steps"] == steps


def test_the_examples_of_a_mix_and_of_text_are_limited_too(root, encoder, tmp_path):
    step = stage_of(planned(root, encoder, MIX | {"max_examples": 3, "rates": {"scheme": "proportional", "mlm": 0.5}}))
    assert record(perform(step, encoder.parent, tmp_path / "mix"))["rates"]["panx"] == pytest.approx(1 / 6)
    recipe, steps = {"epochs": 4, "max_length": 48}, []
    for name, limit in (("few", {"max_examples": 3}), ("all", {})):
        step = stage_of(planned(root, encoder, {"task": "mlm", "recipe": recipe, **limit}))
        steps.append(record(perform(step, encoder.parent, tmp_path / name))["steps"])
    assert steps[0] * 2 < steps[1]


def test_text_of_two_domains_shares_a_vocabulary_head_and_a_stop_changes_no_byte(root, encoder, tmp_path):
    for domain in ("news", "law"):
        (root / "text" / domain).mkdir(exist_ok=True)
        shutil.copyfile(root / ("text/en.txt" if domain == "news" else "text/de.txt"), root / "text" / domain / "en.txt")
    mix = {
        "mix": ["mnli", "mlm/news", "mlm/law"],
        "rates": {"scheme": "uniform", "mlm/news": 0.4, "mlm/law": 0.2},
        "recipe": {"steps": 20, "max_length": 48},
    }
    step = stage_of(planned(root, encoder, mix))
    whole = perform(step, encoder.parent, tmp_path / "whole")
    told = record(whole)
    assert told["heads"] == {"mnli": "new, kept", "vocabulary": "new, kept"}
    assert told["rates"] == pytest.approx({"mnli": 0.4, "mlm/news": 0.4, "mlm/law": 0.2})
    assert sum(told["steps_by_stream"].values()) == 20
    assert all(told["steps_by_stream"][name] for name in mix["mix"])
    assert [folder.name for folder in (whole / "heads").iterdir()] == ["mnli"]
    stopped = iter([False] * 9 + [True])
    with pytest.raises(Stopped):
        perform(step, encoder.parent, tmp_path / "stopped", lambda: next(stopped, False))
    assert contents(perform(step, encoder.parent, tmp_path / "stopped")) == contents(whole)


def test_a_kept_head_answers_from_the_encoder_that_a_later_stage_made_of_its_own(root, encoder, tmp_path):
    kept = [{"task": "xnli", "head": "kept"}]
    plan = planned(root, encoder, {"task": "mnli"}, {"task": "panx"}, targets=kept)
    first = perform(named(plan, "a/seed 1/stage 1 mnli"), encoder.parent, tmp_path / "1")
    second = perform(named(plan, "a/seed 1/stage 2 panx"), first, tmp_path / "2")
    step = named(plan, "a/seed 1/xnli/de/predict")
    action = importlib.import_module("isthmus.execution.actions.predict")

    def predicted(folder, inputs):
        folder.mkdir()
        action.run(Context(step, inputs, folder, folder, lambda _: None, lambda: False))
        return (folder / "predictions.jsonl").read_bytes()

    found = predicted(tmp_path / "kept", {"model": second, "head": first})
    both = shutil.copytree(second, tmp_path / "both")  # the encoder of the second stage with the head of the first
    for name in ("head.safetensors", "head.json"):
        shutil.copy(first / name, both / name)
    assert found == predicted(tmp_path / "composed", {"model": both})
    assert step.inputs.keys() == {"model", "head"}
    with pytest.raises(AttributeError, match="words"):  # the second stage's own head tags words and cannot answer
        predicted(tmp_path / "own", {"model": second})
