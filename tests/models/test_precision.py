"""Smaller numbers: how close to full precision they stay, what they take, and that nothing is said of them on the way."""

from __future__ import annotations

import warnings

import pytest
import torch
from made_models import ENCODER, TASKS, features_of
from tiny_networks import NETWORKS

from isthmus.models.feature import pad
from isthmus.models.precision import stored_bytes, to_bf16, to_int8
from isthmus.models.trained import new_task_model

SMALLER = {"bf16": to_bf16, "int8": to_int8}


def model_of(encoders, model_type, kind="classification"):
    model = new_task_model(ENCODER, encoders[model_type], kind, TASKS[kind][0], 3).eval()
    model.network.attend("eager")
    return model


def logits_of(model):
    """Return what the head is given to read."""
    seen = []
    hook = model.module.register_forward_hook(lambda _module, _given, logits: seen.append(logits))
    with torch.no_grad():
        model.outputs(pad(features_of(model), model.network.tokenizer.pad_token_id))
    hook.remove()
    return seen[0]


@pytest.mark.parametrize("precision", SMALLER)
@pytest.mark.parametrize("model_type", NETWORKS)
def test_logits_in_smaller_numbers_are_near_those_in_fp32_and_not_the_same(model_type, precision, encoders):
    model = model_of(encoders, model_type)
    before = logits_of(model)
    SMALLER[precision](model)
    after = logits_of(model)
    assert after.dtype == torch.float32
    assert 0 < (after - before).abs().max() < 0.05 * before.abs().max()
    assert model.precision == precision


def test_bf16_halves_the_encoder_and_leaves_the_head(encoders):
    model = model_of(encoders, "xlm-roberta")
    body, head = stored_bytes(model.body), stored_bytes(model.module)
    to_bf16(model)
    floats = sum(4 * weight.numel() for weight in model.body.parameters())
    assert stored_bytes(model.body) == body - floats / 2
    assert stored_bytes(model.module) == head


def test_bf16_leaves_the_angles_of_positions_as_exact_as_they_were(encoders):
    model = model_of(encoders, "modernbert")
    before = {name: buffer.clone() for name, buffer in model.body.named_buffers()}
    to_bf16(model)
    assert any(buffer.is_floating_point() for buffer in before.values())
    for name, buffer in model.body.named_buffers():
        assert torch.equal(buffer, before[name])


def test_int8_takes_a_byte_a_weight_and_a_scale_a_row_of_each_linear_layer(encoders):
    model = model_of(encoders, "bert")
    before = stored_bytes(model)
    linear = [part for part in model.modules() if isinstance(part, torch.nn.Linear)]
    weights, rows = sum(part.weight.numel() for part in linear), sum(part.out_features for part in linear)
    to_int8(model)
    assert stored_bytes(model) == before - 3 * weights + 16 * rows  # scale and zero point of 8 bytes each
    assert not any(type(part) is torch.nn.Linear for part in model.modules())


def test_torch_has_nothing_to_say_of_its_quantisation(encoders):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        to_int8(model_of(encoders, "xlm-roberta"))
    assert not said


def test_other_warnings_are_not_silenced_with_it():
    from isthmus.models import precision

    with pytest.warns(UserWarning, match="something else"), precision._quiet():
        warnings.warn("something else", UserWarning, stacklevel=1)
