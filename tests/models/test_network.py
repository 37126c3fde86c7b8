"""Networks: random weights from a configuration, directories that transformers loads, what is refused."""

from __future__ import annotations

import json

import pytest
import torch
from tiny_networks import NETWORKS, encoding_of, settings_of, write_encoder
from transformers import AutoModel, AutoTokenizer

from isthmus.core.errors import SetupError, UnknownName, UserError
from isthmus.models.family import FAMILIES, load_family
from isthmus.models.feature import Feature, pad
from isthmus.models.network import load_network, load_tokenizer, random_encoder

ROBERTA_LIKE = ("xlm-roberta", "roberta-prelayernorm", "camembert", "mpnet")


def sentence(network, text="The quick brown fox", width=1):
    ids, types = network.frame.one(encoding_of(network.tokenizer).ids([text])[0])
    filler = Feature([5] * width, [0] * width, 1, None)
    return pad([Feature(ids, types, 0, None), filler], network.tokenizer.pad_token_id), len(ids)


@pytest.mark.parametrize("model_type", NETWORKS)
def test_a_written_directory_loads_with_transformers_and_with_us(model_type, encoders):
    body = AutoModel.from_pretrained(str(encoders[model_type]))
    assert body.config.model_type == model_type
    network = load_network(encoders[model_type])
    assert network.tokenizer.get_vocab() == AutoTokenizer.from_pretrained(str(encoders[model_type])).get_vocab()
    assert body.config.vocab_size == len(network.tokenizer)
    assert body.config.pad_token_id == network.tokenizer.pad_token_id
    assert network.hidden_size == 16
    for name, weight in body.state_dict().items():
        assert torch.equal(weight, network.body.state_dict()[name])
        assert weight.dtype == torch.float32


@pytest.mark.parametrize("model_type", NETWORKS)
def test_padding_changes_no_hidden_state(model_type, encoders):
    network = load_network(encoders[model_type])
    network.body.eval()
    with torch.no_grad():
        batch, size = sentence(network)
        alone = network.hidden(network.body, batch)[0, :size]
        batch, size = sentence(network, width=60)
        assert batch.ids.shape[1] == 64
        torch.testing.assert_close(network.hidden(network.body, batch)[0, :size], alone, atol=1e-5, rtol=0)


def test_random_weights_depend_on_the_seed_alone(pieces):
    def weights(seed):
        return random_encoder(settings_of("modernbert"), pieces, seed).state_dict()

    first = weights(1)
    torch.manual_seed(99)
    assert all(torch.equal(first[name], weight) for name, weight in weights(1).items())
    assert any(not torch.equal(first[name], weight) for name, weight in weights(2).items())


def test_an_unknown_architecture_is_named_with_the_nearest(pieces):
    with pytest.raises(UnknownName, match=r"unknown model_type .*'xlm-robrta'; did you mean .*'xlm-roberta'"):
        random_encoder({"model_type": "xlm-robrta"}, pieces, 0)
    with pytest.raises(UserError, match="model_type"):
        random_encoder({"hidden_size": 16}, pieces, 0)


@pytest.mark.parametrize("change", [{"num_attention_heads": 3}, {"hidden_act": "gulu"}, {"hidden_size": "wide"}])
def test_a_field_that_cannot_be_built_is_the_users_mistake(change, pieces):
    with pytest.raises(UserError, match="'bert'"):
        random_encoder(settings_of("bert", **change), pieces, 0)


def test_settings_are_not_changed(pieces):
    settings = settings_of("bert")
    random_encoder(settings, pieces, 0)
    assert settings == settings_of("bert")


@pytest.mark.parametrize("model_type", [*ROBERTA_LIKE, "bert", "modernbert"])
def test_the_longest_input_that_is_promised_goes_through(model_type, pieces_folder, tmp_path):
    # RoBERTa and its like leave out two of their positions; the rest is what padding to full widths would go beyond.
    settings = settings_of(model_type, max_position_embeddings=137 if model_type in ROBERTA_LIKE else 135)
    network = load_network(write_encoder(settings, pieces_folder, tmp_path / "encoder"))
    assert network.positions == 128
    batch = pad([Feature([7] * network.positions, [0] * network.positions, 0, None)], 1)
    assert network.hidden(network.body, batch).shape == (1, 128, 16)
    if model_type in ROBERTA_LIKE:
        with pytest.raises((IndexError, RuntimeError)):
            network.body(torch.full((1, 136), 7))


def test_dropout_is_the_classifiers_where_it_has_its_own(pieces_folder, tmp_path):
    changes = [{"hidden_dropout_prob": 0.3}, {"hidden_dropout_prob": 0.3, "classifier_dropout": 0.2}]
    found = [
        load_network(write_encoder(settings_of("xlm-roberta", **change), pieces_folder, tmp_path / str(i))).dropout
        for i, change in enumerate(changes)
    ]
    assert found == [0.3, 0.2]


def test_types_are_given_to_networks_that_know_them(encoders):
    network = load_network(encoders["bert"])
    network.body.eval()
    ids, types = network.frame.two([7, 8], [9])
    with torch.no_grad():
        with_types = network.hidden(network.body, pad([Feature(ids, types, 0, None)], 0))
        without = network.hidden(network.body, pad([Feature(ids, [0] * len(ids), 0, None)], 0))
    assert not torch.allclose(with_types, without)


@pytest.mark.parametrize("model_type", NETWORKS)
def test_layers_are_counted_from_the_embeddings(model_type, encoders):
    network = load_network(encoders[model_type])
    network.body.eval()
    with torch.no_grad():
        batch, _ = sentence(network)
        layers = network.layers(batch)
        assert len(layers) == network.depth + 1 == 3
        assert torch.equal(layers[2], network.hidden(network.body, batch))
        torch.testing.assert_close(layers[0], network.body.embeddings(batch.ids))


@pytest.mark.parametrize("layer", [3, -4])
def test_a_layer_that_is_not_there_is_the_users_mistake(layer, encoders):
    network = load_network(encoders["xlm-roberta"])
    for there in (0, 2, -1, -3):
        network.check_layer(there)
    with pytest.raises(UserError, match=rf"no layer {layer}; expected 0 \(embeddings\) to 2, or -1 \(the last\) down to -3"):
        network.check_layer(layer)


def test_a_saved_network_is_the_same_network(encoders, tmp_path):
    network = load_network(encoders["modernbert"])
    network.save(tmp_path / "copy")
    again = load_network(tmp_path / "copy")
    assert all(torch.equal(w, again.body.state_dict()[n]) for n, w in network.body.state_dict().items())
    assert again.frame == network.frame


def test_an_empty_directory_holds_no_encoder_and_no_tokenizer(tmp_path):
    with pytest.raises(SetupError, match="no encoder"):
        load_network(tmp_path)
    with pytest.raises(SetupError, match="no tokenizer"):
        load_tokenizer(tmp_path)


def test_weights_in_a_pickle_are_refused(encoders, tmp_path):
    network = load_network(encoders["bert"])
    network.save(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    torch.save(network.body.state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(SetupError, match="no encoder"):
        load_network(tmp_path)


def test_a_damaged_tokenizer_file_is_named(encoders, tmp_path):
    load_network(encoders["bert"]).save(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(SetupError, match="no tokenizer"):
        load_tokenizer(tmp_path)


def test_a_tokenizer_without_a_padding_token_is_given_one(pieces_folder, tmp_path):
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((pieces_folder / name).read_bytes())
    settings = json.loads((tmp_path / "tokenizer_config.json").read_text())
    del settings["pad_token"]
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    assert load_tokenizer(tmp_path).pad_token == "</s>"


def test_the_family_of_encoders_is_on_the_shelf():
    assert "encoder" in FAMILIES.names()
    with pytest.raises(UnknownName, match="did you mean 'encoder'"):
        load_family("encodr")
