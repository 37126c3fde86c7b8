"""Low-rank updates: what they leave alone, what comes back from disk, and what folding them in changes: nothing."""

from __future__ import annotations

import json
import shutil

import peft
import pytest
import torch
from made_models import ENCODER, answers, running, trained
from safetensors.torch import load_file, save_file
from tiny_networks import NETWORKS, TEXT, encoding_of, still, write_encoder
from transformers import AutoModel

from isthmus.core.errors import SetupError, UserError
from isthmus.models import lora
from isthmus.models.feature import Feature, pad
from isthmus.models.network import load_network
from isthmus.models.trained import new_task_model, save_task_model


def hidden(network):
    network.body.eval()
    framed = [network.frame.one(ids) for ids in encoding_of(network.tokenizer).ids(TEXT["en"])]
    batch = pad([Feature(*own, 0, None) for own in framed], network.tokenizer.pad_token_id)
    with torch.no_grad():
        return network.hidden(network.body, batch)


def updated(encoder, rank=4, alpha=8.0):
    """A network with updates that are not 0 any more."""
    network = load_network(encoder)
    lora.inject(network, rank, alpha, 0)
    for name, weight in network.body.named_parameters():
        if "lora_B" in name:
            weight.data = torch.randn(weight.shape, generator=torch.Generator().manual_seed(len(name))) * 0.3
    return network


@pytest.mark.parametrize("model_type", NETWORKS)
def test_new_updates_change_nothing_and_stand_on_every_linear_layer_of_the_stack(model_type, encoders):
    before = hidden(load_network(encoders[model_type]))
    network = load_network(encoders[model_type])
    lora.inject(network, 4, 8.0, 0)
    assert torch.equal(hidden(network), before)
    trainable = [name for name, weight in network.body.named_parameters() if weight.requires_grad]
    linear = 4 if model_type == "modernbert" else 6  # query, key and value are one matrix there
    assert len(trainable) == 2 * linear * network.depth
    assert all(".lora_A." in name or ".lora_B." in name for name in trainable)
    assert not any("pooler" in name for name in trainable)


@pytest.mark.parametrize("model_type", NETWORKS)
def test_updates_folded_in_compute_what_they_did_beside_the_weights(model_type, encoders):
    network = updated(encoders[model_type])
    beside = hidden(network)
    assert (beside - hidden(load_network(encoders[model_type]))).abs().max() > 1e-2
    lora.merge(network)
    torch.testing.assert_close(hidden(network), beside, atol=1e-5, rtol=0)
    assert not lora.adapted(network)
    names = {name for name, _ in network.body.named_parameters()}
    assert names == {name for name, _ in load_network(encoders[model_type]).body.named_parameters()}
    assert all(weight.requires_grad for weight in network.body.parameters())


def test_the_scale_of_an_update_is_alpha_over_rank(encoders):
    network = updated(encoders["bert"], rank=4, alpha=6.0)
    part = network.body.encoder.layer[0].attention.self.query
    first, second = part.lora_A["default"].weight, part.lora_B["default"].weight
    expected = part.base_layer.weight + 6.0 / 4 * second @ first
    lora.merge(network)
    torch.testing.assert_close(network.body.encoder.layer[0].attention.self.query.weight, expected)


def test_updates_are_drawn_from_their_seed_alone(encoders):
    def drawn(seed):
        network = load_network(encoders["bert"])
        lora.inject(network, 2, 4.0, seed)
        return network.body.encoder.layer[1].output.dense.lora_A["default"].weight

    assert torch.equal(drawn(1), drawn(1))
    assert not torch.equal(drawn(1), drawn(2))


@pytest.mark.parametrize("model_type", NETWORKS)
def test_saved_updates_come_back_and_the_encoder_beside_them_is_the_one_they_were_put_on(model_type, encoders, tmp_path):
    model = new_task_model(ENCODER, encoders[model_type], "classification", ["dogs", "foxes"], 3)
    model.network = network = updated(encoders[model_type])
    model.body = network.body
    save_task_model(model, tmp_path / "model", "classification", ["dogs", "foxes"])
    assert torch.equal(hidden(load_network(tmp_path / "model/encoder")), hidden(load_network(encoders[model_type])))
    assert lora.adapted(network)  # saving leaves a model as it was
    model.eval()
    for got, want in zip(answers(running(tmp_path / "model")), answers(model), strict=True):
        torch.testing.assert_close(got, want)
    bare = AutoModel.from_pretrained(str(tmp_path / "model/encoder"))
    theirs = load_network(tmp_path / "model/encoder")
    theirs.body = peft.PeftModel.from_pretrained(bare, str(tmp_path / "model/adapter"))
    torch.testing.assert_close(hidden(theirs), hidden(network))


def test_an_adapter_is_safetensors_and_json_and_the_same_files_each_time(encoders, tmp_path):
    for name in ("first", "second"):
        lora.save(updated(encoders["bert"]), tmp_path / name)
    files = {file.name for file in (tmp_path / "first").iterdir()}
    assert files == {"adapter_model.safetensors", "adapter_config.json"}
    assert all((tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes() for name in files)


def test_a_model_without_updates_is_saved_as_ever(encoders, tmp_path):
    trained(encoders["bert"], tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"encoder", "head.safetensors", "head.json"}


def test_updates_are_put_on_once_and_only_what_is_there_is_folded_in(encoders):
    network = load_network(encoders["bert"])
    with pytest.raises(UserError, match="no low-rank updates to fold in"):
        lora.merge(network)
    lora.inject(network, 2, 4.0, 0)
    with pytest.raises(UserError, match="has low-rank updates already; fold them in first"):
        lora.inject(network, 2, 4.0, 0)


@pytest.fixture
def adapter(encoders, tmp_path):
    lora.save(updated(encoders["bert"]), tmp_path / "adapter")
    return tmp_path / "adapter"


def cut_short(folder):
    file = folder / lora.WEIGHTS
    file.write_bytes(file.read_bytes()[:100])


def without_one(folder):
    tensors = load_file(str(folder / lora.WEIGHTS))
    tensors.pop(min(tensors))
    save_file(tensors, str(folder / lora.WEIGHTS))


def of_another_name(folder):
    tensors = load_file(str(folder / lora.WEIGHTS))
    save_file({name.replace("layer.0", "layer.7"): own for name, own in tensors.items()}, str(folder / lora.WEIGHTS))


FAULTS = {
    "gone": shutil.rmtree,
    "without its configuration": lambda folder: (folder / lora.CONFIG).unlink(),
    "with a configuration of something else": lambda folder: (folder / lora.CONFIG).write_text(json.dumps({"a": 1})),
    "cut short": cut_short,
    "lacking a weight": without_one,
    "naming a layer that there is not": of_another_name,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_damaged_adapter_is_one_clear_error(fault, adapter, encoders):
    fault(adapter)
    with pytest.raises(SetupError, match=f"^{adapter}: no low-rank updates of {encoders['bert']} "):
        lora.attach(load_network(encoders["bert"]), adapter)


def test_the_adapter_of_a_wider_network_is_refused(adapter, wordpiece_folder, tmp_path):
    wider = write_encoder(still("bert", hidden_size=32), wordpiece_folder, tmp_path / "wider")
    with pytest.raises(SetupError, match="no low-rank updates of"):
        lora.attach(load_network(wider), adapter)


def test_without_the_library_the_extra_is_named(encoders, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "peft", None)
    with pytest.raises(SetupError, match=r"pip install 'isthmus\[lora\]'"):
        lora.inject(load_network(encoders["bert"]), 2, 4.0, 0)
