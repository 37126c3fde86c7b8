"""What a worker keeps in memory: one encoder under all heads of an artifact, and variants loaded as they are run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

import isthmus
from isthmus.execution.loaded import encoder_of, task_model_of
from isthmus.models import lora
from isthmus.models.family import load_family
from isthmus.models.trained import new_task_model, save_head, save_task_model
from isthmus.models.variant import Running, write_running

WORLD = Path(isthmus.__file__).parent / "world/encoder"


@pytest.fixture
def artifact(tmp_path):
    """A trained directory with a head of its own and one of a stream."""
    encoder_of.cache_clear()
    task_model_of.cache_clear()
    model = new_task_model(load_family("encoder"), WORLD, "classification", ["a", "b"], 0)
    save_task_model(model, tmp_path / "full", "classification", ["a", "b"])
    save_head(model, tmp_path / "full/heads/other", "classification", ["c", "d"])
    yield tmp_path / "full"
    encoder_of.cache_clear()
    task_model_of.cache_clear()


def variant(artifact, running):
    out = artifact.parent / "variant"
    shutil.copytree(artifact, out)
    write_running(out, running)
    return out


@pytest.mark.parametrize("changes", [None, Running().after("layers", {"layers": 2})])
def test_all_heads_of_an_artifact_share_one_encoder(changes, artifact):
    folder = artifact if changes is None else variant(artifact, changes)
    own, labels = task_model_of("encoder", folder, folder)
    other, others = task_model_of("encoder", folder, folder / "heads/other")
    assert (labels, others) == (["a", "b"], ["c", "d"])
    assert own.network is other.network is encoder_of("encoder", folder)


def test_a_variant_is_run_as_it_says_and_leaves_shared_encoders_as_they_were(artifact):
    folder = variant(artifact, Running(precision="bf16"))
    sentences = encoder_of("encoder", folder)
    model, _ = task_model_of("encoder", folder, folder)
    assert model.precision == "bf16"
    assert {weight.dtype for weight in model.network.body.parameters()} == {torch.bfloat16}
    assert {weight.dtype for weight in sentences.body.parameters()} == {torch.float32}
    assert task_model_of("encoder", folder, folder)[0] is model


def test_low_rank_updates_beside_an_encoder_are_part_of_it(artifact):
    whole = adapted_copy(artifact)
    plain, found = encoder_of("encoder", artifact), encoder_of("encoder", whole)
    assert lora.adapted(found)
    assert not lora.adapted(plain)
    model, _ = task_model_of("encoder", whole, whole)
    assert model.network is found


def adapted_copy(artifact):
    model = new_task_model(load_family("encoder"), artifact / "encoder", "classification", ["a", "b"], 0)
    lora.inject(model.network, 2, 4.0, 0)
    save_task_model(model, artifact.parent / "adapted", "classification", ["a", "b"])
    return artifact.parent / "adapted"
