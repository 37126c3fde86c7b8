"""Masked language models: the loss of Hugging Face's own forward, at masked positions only; what a directory keeps."""

from __future__ import annotations

import pytest
import torch
from tiny_networks import NETWORKS, settings_of
from transformers import AutoModelForMaskedLM

from isthmus.core.errors import UserError
from isthmus.models.feature import IGNORED, Feature, pad
from isthmus.models.network import load_network
from isthmus.models.pruning import remove_heads
from isthmus.models.task_model import load_language_model, new_language_model


@pytest.fixture(scope="module")
def language_models(pieces_folder, wordpiece_folder):
    folders = {"bert": wordpiece_folder}
    return {m: new_language_model(settings_of(m), folders.get(m, pieces_folder), 0).eval() for m in NETWORKS}


def masked(padding, sizes=(5, 11, 3)):
    targets = [[IGNORED] + [7 + i if i % 2 else IGNORED for i in range(size - 2)] + [IGNORED] for size in sizes]
    return pad([Feature(list(range(5, 5 + len(t))), [0] * len(t), 0, t) for t in targets], padding)


@pytest.mark.parametrize("model_type", NETWORKS)
def test_the_loss_is_that_of_the_models_own_forward(model_type, language_models):
    model = language_models[model_type]
    batch = masked(model.network.tokenizer.pad_token_id)
    labels = torch.full(batch.ids.shape, IGNORED)
    for row, feature in enumerate(batch.features):
        labels[row, : len(feature.target)] = torch.tensor(feature.target)
    with torch.no_grad():
        own = model.model(input_ids=batch.ids, attention_mask=batch.mask, labels=labels).loss
        found = model(batch)
    assert found.weight.item() == (labels != IGNORED).sum().item() == 5
    assert (found.total / found.weight).item() == pytest.approx(own.item(), abs=1e-5)
    assert found.classes is None


def test_a_batch_with_nothing_masked_has_no_loss(language_models):
    batch = pad([Feature([5, 6, 7], [0] * 3, 0, [IGNORED] * 3)], 1)
    found = language_models["modernbert"](batch)
    found.total.backward()
    assert (found.total.item(), found.weight.item()) == (0, 0)


@pytest.mark.parametrize("model_type", NETWORKS)
def test_a_saved_language_model_carries_its_head_and_computes_the_same(model_type, language_models, tmp_path):
    model = language_models[model_type]
    model.save(tmp_path)
    again, fate = load_language_model(tmp_path, 0)
    assert fate == "carried"
    batch = masked(model.network.tokenizer.pad_token_id)
    with torch.no_grad():
        assert again.eval()(batch).total.item() == model(batch).total.item()
        hidden = load_network(tmp_path)
        hidden.body.eval()
        ours = model.network.hidden(model.model.base_model, batch)
        torch.testing.assert_close(hidden.hidden(hidden.body, batch), ours, atol=0, rtol=0)
    assert type(AutoModelForMaskedLM.from_pretrained(str(tmp_path))) is type(model.model)


@pytest.mark.parametrize("model_type", NETWORKS)
def test_an_encoder_alone_gets_a_new_vocabulary_head(model_type, encoders):
    model, fate = load_language_model(encoders[model_type], 1)
    same, other = (load_language_model(encoders[model_type], seed)[0].state_dict() for seed in (1, 2))
    assert fate == "new"
    assert all(torch.equal(weight, same[name]) for name, weight in model.state_dict().items())
    assert any(not torch.equal(weight, other[name]) for name, weight in same.items())
    encoder = load_network(encoders[model_type]).body.state_dict()
    for name, weight in model.model.base_model.state_dict().items():
        assert torch.equal(weight, encoder[name])


def test_random_weights_depend_on_the_seed_alone(pieces_folder):
    drawn = (new_language_model(settings_of("modernbert"), pieces_folder, seed) for seed in (3, 3, 4))
    first, same, other = (model.state_dict() for model in drawn)
    assert all(torch.equal(weight, same[name]) for name, weight in first.items())
    assert any(not torch.equal(weight, other[name]) for name, weight in first.items())


def test_an_architecture_without_a_masked_language_model_is_the_users_mistake(pieces_folder):
    with pytest.raises(UserError, match="'gpt2'"):
        new_language_model({"model_type": "gpt2", "n_embd": 16, "n_layer": 1, "n_head": 2}, pieces_folder, 0)
    distil = {"model_type": "distilbert", "dim": 16, "n_layers": 1, "n_heads": 2, "hidden_dim": 32}
    with pytest.raises(UserError, match="no masked language modelling is known for model_type 'distilbert'"):
        new_language_model(distil, pieces_folder, 0)


def test_a_language_model_is_not_trained_on_from_an_encoder_that_lost_heads(encoders, tmp_path):
    network = load_network(encoders["bert"])
    remove_heads(network.body, [[1], [0, 1]])
    network.save(tmp_path)
    with pytest.raises(UserError, match=r"no language model .*: found an encoder that attention heads were taken out of"):
        load_language_model(tmp_path, 0)
