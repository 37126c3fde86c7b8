"""bf16 on disk and in memory: half the bytes, nearly the same answers."""

from __future__ import annotations

import pytest
import torch
from made_models import answers, change, running, trained
from safetensors.torch import load_file, save
from tiny_networks import NETWORKS

from isthmus.models.variant import read_running
from isthmus.models.variants import bf16 as module


@pytest.mark.parametrize("model_type", NETWORKS)
def test_a_model_in_bf16_answers_nearly_as_before(model_type, encoders, tmp_path):
    source = trained(encoders[model_type], tmp_path / "source")
    model = running(change("bf16", source, tmp_path / "bf16"))
    full, found = (torch.stack(answers(m)) for m in (running(source), model))
    assert model.precision == "bf16"
    assert next(model.body.parameters()).dtype == torch.bfloat16
    assert 0 < (found - full).abs().max() < 0.05


def test_its_encoder_takes_half_the_bytes_and_its_head_is_untouched(encoders, tmp_path):
    source = trained(encoders["bert"], tmp_path / "source")
    out = change("bf16", source, tmp_path / "bf16")
    weights = load_file(out / "encoder/model.safetensors")
    assert {weight.dtype for weight in weights.values()} == {torch.bfloat16}
    assert {name: weight.shape for name, weight in weights.items()} == {
        name: weight.shape for name, weight in load_file(source / "encoder/model.safetensors").items()
    }
    assert (out / "head.safetensors").read_bytes() == (source / "head.safetensors").read_bytes()
    (told,) = read_running(out).changes
    assert told == {"change": "bf16", "bytes": (out / "encoder/model.safetensors").stat().st_size}
    assert {file.suffix for file in out.rglob("*") if file.is_file()} == {".json", ".safetensors"}


def test_the_weights_it_was_made_of_stay_where_a_library_writes_into_files_that_are_there(encoders, tmp_path, monkeypatch):
    source = trained(encoders["bert"], tmp_path / "source")
    before = {file: file.read_bytes() for file in source.rglob("*") if file.is_file()}
    monkeypatch.setattr(module, "save_file", lambda weights, file, _metadata: file.write_bytes(save(weights)))
    change("bf16", source, tmp_path / "bf16")
    assert {file: file.read_bytes() for file in before} == before
