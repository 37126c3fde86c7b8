"""Training with low-rank updates as a step of a plan: what is left on disk, what is recorded, and what may follow."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from pathlib import Path

import pytest
import torch

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("end_to_end", "models")]

from small_world import small_study, write_world
from tiny_networks import one_thread, pieces_folder, still, write_encoder  # noqa: F401

from isthmus.core.errors import Stopped, UserError
from isthmus.execution.context import Context
from isthmus.models.network import load_network
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory

LORA = {"rank": 2, "alpha": 8}
VARIANTS = {"thin": {"lora": LORA}, "folded": {"lora": LORA, "merge": True}}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory, pieces_folder):  # noqa: F811
    return write_encoder(still(hidden_size=32), pieces_folder, tmp_path_factory.mktemp("network") / "encoder")


@pytest.fixture(scope="module")
def plan(encoder, tmp_path_factory):
    root = write_world(tmp_path_factory.mktemp("world") / "data", 12)
    asked = {"targets": [{"task": "udpos"}], "arms": {"none": []}, "model": {"path": str(encoder)}, "seeds": [1]}
    study = small_study(root, baselines=[], variants=VARIANTS, **asked)
    return make_plan(study, Directory(root), {"data": str(root)})


def named(plan, *ends):
    return next(step for step in plan.steps.values() if step.name.endswith(ends))


def perform(step, model, folder, stopping=lambda: False):
    shutil.rmtree(folder / "out", ignore_errors=True)
    (folder / "out").mkdir(parents=True)
    (folder / "work").mkdir(exist_ok=True)
    action = importlib.import_module(f"isthmus.execution.actions.{step.kind}")
    action.run(Context(step, {"model": model}, folder / "out", folder / "work", lambda _: None, stopping))
    return folder / "out"


@pytest.fixture(scope="module")
def thin(plan, encoder, tmp_path_factory):
    return perform(named(plan, "/thin/train"), encoder.parent, tmp_path_factory.mktemp("thin"))


def contents(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.safetensors")}


def test_both_variants_train_one_model_and_the_full_one_is_another(plan):
    train = [step for step in plan.steps.values() if step.kind == "train"]
    assert [step.settings.get("lora") for step in train] == [None, {"rank": 2, "alpha": 8.0}]
    assert "lora" not in train[0].settings


def test_the_encoder_stays_and_the_updates_lie_beside_it(thin, encoder):
    assert {file.name for file in thin.iterdir()} == {"encoder", "adapter", "head.safetensors", "head.json", "training.json"}
    before, after = (load_network(folder).body.state_dict() for folder in (encoder, thin / "encoder"))
    assert all(torch.equal(weight, after[name]) for name, weight in before.items())


def test_the_record_says_how_many_weights_were_trained(thin):
    told = json.loads((thin / "training.json").read_text())["lora"]
    assert (told["rank"], told["alpha"]) == (2, 8.0)
    head = (thin / "head.safetensors").stat().st_size // 4
    wide = 32 + 32
    updates = 2 * (4 * 2 * wide + 2 * 2 * (32 + 32))  # two layers: attention's four matrices, and feed-forward's two
    assert updates < told["trained"] < updates + head
    assert told["weights"] > 3 * told["trained"]


def test_a_stop_changes_no_byte_of_the_updates(thin, plan, encoder, tmp_path):
    asked = iter([False, True])
    with pytest.raises(Stopped):
        perform(named(plan, "/thin/train"), encoder.parent, tmp_path, lambda: next(asked))
    assert contents(perform(named(plan, "/thin/train"), encoder.parent, tmp_path)) == contents(thin)


def test_folded_in_they_make_a_model_that_training_may_go_on_from(thin, plan, tmp_path):
    with pytest.raises(UserError, match=r"found a model with low-rank updates; expected one they are folded into"):
        perform(named(plan, "/thin/train"), thin, tmp_path / "refused")
    folded = perform(named(plan, "/folded/merge"), thin, tmp_path / "folded")
    assert not (folded / "adapter").exists()
    assert (perform(named(plan, "/thin/train"), folded, tmp_path / "on") / "adapter").exists()
