"""Each action on tiny data and a tiny network: what it writes, what it refuses, and that a stopped one goes on exactly."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModel, AutoModelForMaskedLM, AutoTokenizer

sys.path.append(str(Path(__file__).parents[1] / "end_to_end"))

from small_world import PRETRAINING, RECIPE, small_study, write_world

from isthmus.core.errors import DataError, SetupError, Stopped
from isthmus.execution.context import Context
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory
from isthmus.tasks.task import load_task

LEARNING = {"learning_rate": 5e-3, "epochs": 30, "batch_examples": 8, "max_length": 48, "stride": 8}
BASELINES = ["majority", "lexicon", "window", "bag", "untrained"]


class Workshop:
    """Runs steps of plans without an executor, each once, after its inputs."""

    def __init__(self, folder):
        self.folder, self.outputs, self.reports = folder, {}, {}

    def do(self, plan, name):
        """Run the step of a name and return the folder of its artifact."""
        return self._do(plan, next(step for step in plan if step.name == name))

    def _do(self, plan, step):
        if step.id not in self.outputs:
            inputs = {role: self._do(plan, plan.steps[id_]) for role, id_ in step.inputs.items()}
            self.outputs[step.id] = self.perform(step, inputs, self.folder / step.id[:16])
        return self.outputs[step.id]

    def perform(self, step, inputs, folder, stopping=lambda: False):
        """Run one step in a folder, which may hold the work of an earlier attempt, and return its output."""
        shutil.rmtree(folder / "out", ignore_errors=True)
        (folder / "out").mkdir(parents=True)
        (folder / "work").mkdir(exist_ok=True)
        reports = self.reports[step.name] = []
        action = importlib.import_module(f"isthmus.execution.actions.{step.kind}")
        action.run(Context(step, inputs, folder / "out", folder / "work", reports.append, stopping))
        return folder / "out"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    return Workshop(tmp_path_factory.mktemp("workshop"))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return write_world(tmp_path_factory.mktemp("world") / "data")


def planned(root, **changes):
    asked = {"seeds": [1], "targets": [*small_study(root).model_dump()["targets"], {"task": "xnli"}], **changes}
    return make_plan(small_study(root, **asked), Directory(root), {"data": str(root)})


@pytest.fixture(scope="module")
def plan(root):
    return planned(root, baselines=BASELINES)


@pytest.fixture(scope="module")
def encoder(workshop, plan):
    """A Hugging Face directory: the encoder of the pretraining."""
    return workshop.do(plan, "pretrain") / "encoder"


def record(folder):
    return json.loads((folder / "training.json").read_text())


def predictions(folder):
    return [json.loads(line) for line in (folder / "predictions.jsonl").read_text().splitlines()]


def weights(folder):
    return load_file(folder / "encoder" / "model.safetensors")


def contents(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_tokenizer_is_learnt_that_transformers_loads_and_that_knows_all_letters_of_its_text(workshop, plan, root):
    tokenizer = AutoTokenizer.from_pretrained(workshop.do(plan, "tokenizer") / "tokenizer")
    assert len(tokenizer) <= PRETRAINING["tokenizer"]["vocab_size"]
    for line in (root / "text/de.txt").read_text().splitlines():
        assert tokenizer.unk_token_id not in tokenizer(line.partition("\t")[2]).input_ids


def test_a_language_model_is_pretrained_that_transformers_loads_with_its_head_and_tokenizer(encoder, workshop, plan):
    made = record(encoder.parent)
    assert made["steps"] == PRETRAINING["tokens"] // PRETRAINING["batch_tokens"]
    assert made["heads"] == {"vocabulary": "new, kept"}
    assert [step for step, _ in made["losses"]] == list(range(1, made["steps"] + 1))
    _, info = AutoModelForMaskedLM.from_pretrained(encoder, output_loading_info=True)
    assert not info["missing_keys"]
    assert AutoModel.from_pretrained(encoder).config.hidden_size == PRETRAINING["network"]["hidden_size"]
    assert AutoTokenizer.from_pretrained(encoder)("Ada").input_ids
    assert workshop.reports["pretrain"][-1].done == made["steps"]


def test_a_pretraining_of_several_streams_tells_of_each_and_writes_16_bits_on_demand(workshop, root):
    keys = {"contrast": 0.3, "pairs": 0.3, "weights": "fp16", "tokens": 4000}
    made = workshop.do(planned(root, model={"pretrain": PRETRAINING | keys}), "pretrain")
    told = record(made)
    assert told["heads"] == {"vocabulary": "new, kept", "pair": "dropped"}
    assert told["losses_by_stream"].keys() == {"mlm", "pairs", "contrast"}
    assert {str(weight.dtype) for weight in weights(made).values()} == {"torch.float16"}
    _, info = AutoModelForMaskedLM.from_pretrained(made / "encoder", output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]


def test_going_on_with_language_modelling_carries_the_vocabulary_head_where_there_is_one(workshop, root):
    stage = {"task": "mlm", "languages": ["en", "sw"]}
    made = planned(root, arms={"text": [stage], "both": [{"task": "panx"}, stage]}, targets=[{"task": "udpos"}])
    first = workshop.do(made, "text/seed 1/stage 1 mlm")
    assert record(first)["heads"] == {"vocabulary": "carried"}
    assert record(workshop.do(made, "both/seed 1/stage 2 mlm"))["heads"] == {"vocabulary": "new"}
    workshop.do(made, "text/seed 1/udpos")


def test_a_model_directory_is_copied_without_anything_that_is_not_needed(workshop, encoder, root, tmp_path):
    folder = shutil.copytree(encoder, tmp_path / "model")
    (folder / "optimizer.pt").write_bytes(b"\x80\x04")
    made = workshop.do(planned(root, model={"path": str(folder)}), "model")
    assert not (made / "encoder/optimizer.pt").exists()
    assert contents(made / "encoder") == contents(encoder)


def test_a_model_directory_that_holds_only_a_pickle_is_refused(workshop, encoder, root, tmp_path):
    folder = shutil.copytree(encoder, tmp_path / "model")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(SetupError, match="no encoder can be loaded"):
        workshop.do(planned(root, model={"path": str(folder)}), "model")


def test_a_model_directory_changed_after_planning_is_refused(workshop, encoder, root, tmp_path):
    folder = shutil.copytree(encoder, tmp_path / "model")
    made = planned(root, model={"path": str(folder)}, seeds=[7])
    (folder / "config.json").write_text((folder / "config.json").read_text() + " ")
    with pytest.raises(DataError, match="changed since this run was planned"):
        workshop.perform(next(iter(made)), {}, tmp_path / "step")


def test_a_configuration_gives_random_weights(workshop, encoder, root):
    model = {"config": PRETRAINING["network"] | {"hidden_size": 16}, "tokenizer": str(encoder)}
    made = workshop.do(planned(root, model=model), "model")
    assert AutoModel.from_pretrained(made / "encoder").config.hidden_size == 16
    assert len(AutoTokenizer.from_pretrained(made / "encoder")) == len(AutoTokenizer.from_pretrained(encoder))


def test_the_untrained_twin_has_the_shape_of_the_model_and_its_own_weights(workshop, plan, encoder):
    twin, model = weights(workshop.do(plan, "untrained/seed 1")), load_file(encoder / "model.safetensors")
    for name, tensor in twin.items():
        assert tensor.shape == model.get(name, model.get(f"model.{name}")).shape
    assert any(not torch.equal(tensor, model.get(name, model.get(f"model.{name}"))) for name, tensor in twin.items())


def test_the_untrained_twin_of_a_directory_is_the_same_for_the_same_seed_only(workshop, encoder, root, tmp_path):
    made = planned(root, model={"path": str(encoder)}, baselines=["untrained"], seeds=[1, 2])
    one, two = (workshop.do(made, f"untrained/seed {seed}") for seed in (1, 2))
    step = next(step for step in made if step.name == "untrained/seed 1")
    again = workshop.perform(step, {"model": workshop.do(made, "model")}, tmp_path / "again")
    assert contents(one) == contents(again)
    assert contents(one) != contents(two)


@pytest.fixture
def hub(encoder, tmp_path, monkeypatch):
    """A stand-in for the hub: a folder, and what was asked for."""
    folder, asked = shutil.copytree(encoder, tmp_path / "hub"), []

    def snapshot_download(name, revision, allow_patterns):
        asked.append((name, revision, allow_patterns))
        return str(folder)

    monkeypatch.setattr("isthmus.models.origin.snapshot_download", snapshot_download)
    return folder, asked


def test_a_model_of_the_hub_is_fetched_at_its_revision_without_pickles(hub, workshop, encoder, root):
    _, asked = hub
    made = workshop.do(planned(root, model={"name": "org/encoder", "revision": "r1"}), "model")
    assert contents(made / "encoder") == contents(encoder)
    ((name, revision, patterns),) = asked
    assert (name, revision) == ("org/encoder", "r1")
    assert not any(pattern.endswith((".bin", ".pt", "*")) for pattern in patterns if pattern != "vocab.*")


def test_a_model_of_the_hub_that_has_only_a_pickle_is_refused(hub, workshop, root, tmp_path):
    folder, _ = hub
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    step = next(iter(planned(root, model={"name": "org/encoder", "revision": "r2"})))
    with pytest.raises(SetupError, match="org/encoder at r2 has no safetensors weights; isthmus reads no pickles"):
        workshop.perform(step, {}, tmp_path / "step")


def test_a_hub_that_cannot_be_reached_is_named(workshop, root, tmp_path, monkeypatch):
    def snapshot_download(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr("isthmus.models.origin.snapshot_download", snapshot_download)
    step = next(iter(planned(root, model={"name": "org/encoder", "revision": "r3"})))
    with pytest.raises(SetupError, match=r"cannot be fetched from the hub \(no route to host\)"):
        workshop.perform(step, {}, tmp_path / "step")


@pytest.mark.parametrize(("task", "kind"), [("udpos", "tagging"), ("xquad", "span"), ("xnli", "classification")])
def test_training_leaves_encoder_head_labels_and_a_record(task, kind, workshop, plan):
    made = workshop.do(plan, f"none/seed 1/{task}")
    assert json.loads((made / "head.json").read_text()) == {"kind": kind, "labels": list(load_task(task).labels)}
    told = record(made)
    assert told["heads"] == {kind: "new"}
    assert told["steps"] == told["planned_steps"] == 6  # two epochs of 24 examples, 8 a batch
    assert told["losses"][-1][0] == 6
    assert told["dev_scores"] == told["collapses"] == []
    assert AutoModel.from_pretrained(made / "encoder").config.hidden_size == 32


def test_only_the_encoder_is_carried_to_the_next_stage_and_the_fate_of_its_head_is_recorded(workshop, plan):
    stage, target = workshop.do(plan, "none/seed 1/panx"), workshop.do(plan, "panx-first/seed 1/udpos")
    assert record(target)["heads"] == {"tagging": "new", "of the stage before": "dropped"}
    assert (
        json.loads((stage / "head.json").read_text())["labels"] != json.loads((target / "head.json").read_text())["labels"]
    )
    alone = weights(workshop.do(plan, "none/seed 1/udpos"))
    assert any(not torch.equal(tensor, alone[name]) for name, tensor in weights(target).items())


def test_early_stopping_asks_the_development_data_and_keeps_the_best_weights(workshop, root):
    recipe = RECIPE | {"epochs": 40, "early_stopping": {"every": 2, "patience": 2, "examples": 6}}
    made = planned(root, recipe=recipe, targets=[{"task": "udpos"}], arms={"none": []})
    told = record(workshop.do(made, "none/seed 1/udpos"))
    steps, scores = zip(*told["dev_scores"], strict=True)
    assert steps == tuple(range(2, told["steps"] + 1, 2))
    assert all(0 <= score <= 100 for score in scores)
    best = scores.index(max(scores))
    assert told["steps"] == min(told["planned_steps"], 2 * (best + 1 + 2))


def test_a_stopped_training_run_goes_on_from_where_it_was_to_the_same_bytes(workshop, plan, tmp_path):
    step = next(step for step in plan if step.name == "none/seed 1/udpos")
    inputs = {"model": workshop.do(plan, "pretrain")}
    asked = iter([False, False, True])
    with pytest.raises(Stopped, match="stopped at step 2 of 6"):
        workshop.perform(step, inputs, tmp_path / "step", lambda: next(asked))
    again = iter([False, True])
    with pytest.raises(Stopped, match="stopped at step 3 of 6"):
        workshop.perform(step, inputs, tmp_path / "step", lambda: next(again))
    assert contents(workshop.perform(step, inputs, tmp_path / "step")) == contents(workshop.do(plan, step.name))


def test_a_stopped_pretraining_goes_on_from_where_it_was_to_the_same_bytes(workshop, plan, tmp_path):
    step = next(step for step in plan if step.name == "pretrain")
    inputs = {"tokenizer": workshop.do(plan, "tokenizer")}
    asked = iter([False] * 4 + [True])
    with pytest.raises(Stopped):
        workshop.perform(step, inputs, tmp_path / "step", lambda: next(asked))
    assert contents(workshop.perform(step, inputs, tmp_path / "step")) == contents(workshop.do(plan, step.name))


def read(root, step):
    """Return the examples that a step predicts."""
    task, data = load_task(step.settings["data"]["task"]), step.settings["data"]
    return Directory(root).read(task.files, data["language"], data["split"], task.labels)


@pytest.mark.parametrize(
    "name",
    [
        *(f"none/seed 1/{place}" for place in ("udpos/sw", "panx/de", "xquad/de", "tatoeba/sw", "xnli/de")),
        *("baseline:majority/udpos/sw", "baseline:majority/xnli/de", "baseline:lexicon/panx/de"),
        *("baseline:window/xquad/de", "baseline:bag/tatoeba/de"),
    ],
)
def test_there_is_one_prediction_an_example_in_the_form_of_its_kind_and_a_score_of_them(name, workshop, plan, root):
    step = next(step for step in plan if step.name == f"{name}/predict")
    rows, examples = predictions(workshop.do(plan, step.name)), read(root, step)
    assert [row["id"] for row in rows] == [example.id for example in examples]
    for row, example in zip(rows, examples, strict=True):
        match step.settings["kind"]:
            case "tagging":
                assert len(row["prediction"]) == len(example.words)
                assert set(row["prediction"]) <= set(step.settings["labels"])
            case "classification":
                assert row["prediction"] in step.settings["labels"]
            case "span":
                assert row["prediction"] in example.context
            case "retrieval":
                assert 0 <= row["prediction"] < len(examples)
    scores = json.loads((workshop.do(plan, f"{name}/score") / "scores.json").read_text())
    assert (scores["main"], scores["n"], scores["labelled"]) == (load_task(name.split("/")[-2]).main, len(examples), True)
    assert all(0 <= value <= 100 for value in scores["values"].values())
    assert scores["main"] in scores["values"]


def test_what_is_trained_long_enough_learns_the_little_language(workshop, root):
    made = planned(root, recipe=LEARNING, arms={"none": []}, targets=[{"task": "udpos"}], baselines=["majority"])
    own, rule = (
        json.loads((workshop.do(made, f"{arm}/udpos/en/score") / "scores.json").read_text())["values"]["accuracy"]
        for arm in ("none/seed 1", "baseline:majority")
    )
    assert own > max(80, rule + 30)


def test_examples_past_the_limit_are_neither_predicted_nor_scored(workshop, root):
    made = planned(root, targets=[{"task": "udpos", "max_examples": 3}])
    assert len(predictions(workshop.do(made, "none/seed 1/udpos/sw/predict"))) == 3
    assert json.loads((workshop.do(made, "none/seed 1/udpos/sw/score") / "scores.json").read_text())["n"] == 3


def test_a_stripped_test_file_gives_predictions_and_no_score(workshop, root, tmp_path):
    other = shutil.copytree(root, tmp_path / "data")
    lines = (other / "udpos/test-sw.tsv").read_text().split("\n")
    (other / "udpos/test-sw.tsv").write_text("\n".join(line.partition("\t")[0] for line in lines))
    made = planned(other, arms={"none": []}, targets=[{"task": "udpos"}])
    rows = predictions(workshop.do(made, "none/seed 1/udpos/sw/predict"))
    assert len(rows) == 12
    scores = json.loads((workshop.do(made, "none/seed 1/udpos/sw/score") / "scores.json").read_text())
    assert scores == {"values": {}, "main": "f1", "n": 12, "labelled": False}


@pytest.mark.parametrize("kind", ["train", "predict", "baseline", "score"])
def test_data_changed_after_planning_are_refused_by_every_action_that_reads_them(kind, workshop, root, tmp_path):
    other = shutil.copytree(root, tmp_path / "data")
    made = planned(root, baselines=["lexicon"])
    name = {"train": "none/seed 1/udpos", "baseline": "baseline:lexicon/udpos/sw/predict"}.get(
        kind, f"none/seed 1/udpos/sw/{kind}"
    )
    step = next(step for step in made if step.name == name)
    inputs = {role: workshop._do(made, made.steps[id_]) for role, id_ in step.inputs.items()}
    for file in ("train-en", "test-sw"):
        with (other / f"udpos/{file}.tsv").open("a") as stream:
            stream.write("\nnew\tNOUN\n")
    moved = replace(step, places={"data": str(other)})
    with pytest.raises(DataError, match="changed since this run was planned"):
        workshop.perform(moved, inputs, tmp_path / "step")


def test_no_artifact_holds_a_pickle(workshop, plan):
    for name in ("panx-first/seed 1/udpos/sw/score", "untrained/seed 1", "baseline:lexicon/udpos/sw/score"):
        workshop.do(plan, name)
    files = [file for output in workshop.outputs.values() for file in output.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".json", ".jsonl", ".safetensors"}
    assert not [file for file in files if file.read_bytes()[:2] in (b"\x80\x04", b"\x80\x02", b"PK")]
