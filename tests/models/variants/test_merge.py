"""Low-rank updates folded in: the same answers without an adapter, and a clear word where there is none."""

from __future__ import annotations

import pytest
import torch
from made_models import ENCODER, answers, change, features_of, running, trained, weights_of

from isthmus.core.errors import UserError
from isthmus.models import lora
from isthmus.models.trained import new_task_model, save_task_model
from isthmus.models.variant import read_running


@pytest.fixture
def adapted(encoders, tmp_path):
    """A model with updates that move its answers."""
    model = new_task_model(ENCODER, encoders["roberta-prelayernorm"], "classification", ["dogs", "foxes"], 3)
    lora.inject(model.network, 4, 8.0, 0)
    for name, weight in model.body.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.3, generator=torch.Generator().manual_seed(0))
    save_task_model(model, tmp_path / "adapted", "classification", ["dogs", "foxes"])
    return tmp_path / "adapted"


def test_a_folded_model_answers_as_the_unfolded_one_did(adapted, encoders, tmp_path):
    folded = change("merge", adapted, tmp_path / "folded")
    plain = running(trained(encoders["roberta-prelayernorm"], tmp_path / "plain"))
    before, after, base = (torch.stack(answers(model)) for model in (running(adapted), running(folded), plain))
    torch.testing.assert_close(after, before, atol=1e-5, rtol=0)
    assert (before - base).abs().max() > 1e-3
    assert len(features_of(plain)) == len(before)


def test_a_folded_model_has_no_adapter_and_no_more_weights_than_before(adapted, encoders, tmp_path):
    folded = change("merge", adapted, tmp_path / "folded")
    assert {file.name for file in folded.iterdir()} == {"encoder", "head.safetensors", "head.json", "variant.json"}
    assert weights_of(folded) == weights_of(adapted)
    assert [done["change"] for done in read_running(folded).changes] == ["merge"]
    assert (adapted / "adapter").exists()  # its source stays


def test_a_model_that_was_trained_without_lora_has_nothing_to_fold_in(encoders, tmp_path):
    source = trained(encoders["bert"], tmp_path / "source")
    with pytest.raises(UserError, match="merge found no adapter/; expected a model that was trained with lora"):
        change("merge", source, tmp_path / "folded")
