"""How large networks of the hub are, against what their authors say of them."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from isthmus.plan.networks import NetworkSize, known_shapes, network_size, size_on_hub
from isthmus.study.model import ModelSpec
from isthmus.study.network import Shape

NETWORK = {"model_type": "bert", "hidden_size": 10, "num_hidden_layers": 2, "intermediate_size": 20}
# Parameters in millions as papers, cards and configurations of the models state them.
STATED = {
    "FacebookAI/xlm-roberta-base": 278,
    "FacebookAI/xlm-roberta-large": 560,
    "facebook/xlm-roberta-xl": 3_500,
    "facebook/xlm-roberta-xxl": 10_700,
    "google-bert/bert-base-multilingual-cased": 178,
    "microsoft/mdeberta-v3-base": 278,
    "google/rembert": 576,
    "jhu-clsp/mmBERT-small": 140,
    "jhu-clsp/mmBERT-base": 307,
    "facebook/nllb-200-distilled-600M": 615,
    "google/gemma-2b": 2_510,
    "google/gemma-7b": 8_540,
    "meta-llama/Llama-3.2-1B": 1_236,
    "Qwen/Qwen2.5-0.5B": 494,
}
HEADED = {  # with a vocabulary matrix for the output beside that of the input, which an encoder has not
    "google/mt5-small": 300,
    "google/mt5-base": 580,
    "google/mt5-large": 1_230,
    "google/mt5-xl": 3_740,
    "google/mt5-xxl": 12_900,
    "meta-llama/Llama-3.1-8B": 8_030,
    "Qwen/Qwen2.5-7B": 7_620,
    "Qwen/Qwen2.5-32B": 32_800,
    "Qwen/Qwen3-8B": 8_190,
}


@pytest.fixture(autouse=True)
def no_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.mark.parametrize("name", STATED)
def test_a_known_network_has_as_many_weights_as_is_said(name):
    assert size_on_hub(name, None).weights == pytest.approx(STATED[name] * 1e6, rel=0.03)


@pytest.mark.parametrize("name", HEADED)
def test_a_network_with_a_vocabulary_matrix_of_its_own_for_the_output_has_it_twice(name):
    size = size_on_hub(name, None)
    assert size.weights + size.embeddings == pytest.approx(HEADED[name] * 1e6, rel=0.03)


def test_every_network_of_the_table_is_held_against_something():
    assert set(known_shapes()) - STATED.keys() - HEADED.keys() == {"microsoft/infoxlm-large"}  # the same as XLM-R Large


def test_the_weights_of_a_network_are_counted_inside_and_outside_its_embeddings():
    size = network_size(NETWORK, 100)
    assert size == NetworkSize(2 * (4 * 100 + 2 * 200), 1000, layers=2, hidden=10)
    assert size.disk == 4 * 2600


@pytest.mark.parametrize("told", [{"model_type": "modernbert"}, {"gated": True}, {"feed_forward_proj": "gated-gelu"}])
def test_a_gate_is_a_third_matrix(told):
    assert network_size(NETWORK | told, 100).body == 2 * (4 * 100 + 3 * 200)


def test_heads_that_share_keys_and_values_have_fewer_weights():
    heads = {"num_attention_heads": 5, "num_key_value_heads": 1, "head_dim": 3}
    assert network_size(NETWORK | heads, 100).body == 2 * (2 * 10 * 15 + 2 * 10 * 3 + 2 * 200)


def test_a_decoder_attends_twice():
    size = network_size(NETWORK | {"decoder_layers": 3}, 100)
    assert size.decoder == 3 * (8 * 100 + 2 * 200)
    assert size.body == 2 * (4 * 100 + 2 * 200) + size.decoder


def test_the_words_of_other_configurations_are_known():
    t5 = {"d_model": 10, "num_layers": 2, "d_ff": 20, "vocab_size": 7, "num_decoder_layers": 2, "is_gated_act": True}
    assert network_size(t5).body == 2 * (4 * 100 + 3 * 200) + 2 * (8 * 100 + 3 * 200)


def test_narrow_embeddings_are_counted_as_they_are():
    assert network_size(NETWORK | {"input_embedding_size": 4}, 100).embeddings == 400


def test_the_vocabulary_is_that_of_the_configuration_where_no_tokenizer_is_trained():
    assert network_size(NETWORK | {"vocab_size": 7}).embeddings == 70


@pytest.mark.parametrize("config", [{}, {"d_model": 512, "n_layers": 6}, NETWORK, {**NETWORK, "vocab_size": "9"}])
def test_a_network_that_says_too_little_gives_zeros(config):
    assert network_size(config) == NetworkSize()


@pytest.mark.parametrize("name", ["xlm-roberta-large", "facebookai/XLM-RoBERTa-large"])
def test_a_name_without_its_owner_and_in_another_case_is_known_too(name):
    assert size_on_hub(name, None) == size_on_hub("FacebookAI/xlm-roberta-large", None)


def test_what_a_snapshot_in_the_cache_says_goes_before_the_table_and_what_the_study_says_before_both(tmp_path):
    folder = tmp_path / "hub/models--FacebookAI--xlm-roberta-large/snapshots/abc"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(NETWORK | {"vocab_size": 100}), "utf-8")
    name = "FacebookAI/xlm-roberta-large"
    assert size_on_hub(name, "abc").body == 1600
    assert size_on_hub(name, "another").layers == 24
    stated = Shape(hidden_size=1, num_hidden_layers=1, intermediate_size=1, vocab_size=1)
    assert size_on_hub(name, "abc", stated).body == 6


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"hidden_size": 3}'])
def test_a_snapshot_without_a_usable_configuration_is_as_none(tmp_path, content):
    folder = tmp_path / "hub/models--some--model/snapshots/abc"
    folder.mkdir(parents=True)
    (folder / "config.json").write_bytes(content)
    assert size_on_hub("some/model", "abc") == NetworkSize()


def test_a_shape_belongs_to_a_model_of_the_hub_and_is_complete():
    shape = {"hidden_size": 1, "num_hidden_layers": 1, "intermediate_size": 1, "vocab_size": 1}
    assert ModelSpec.model_validate({"name": "a/b", "revision": "r", "network": shape}).network
    with pytest.raises(ValidationError, match="network belongs to name"):
        ModelSpec.model_validate({"path": "somewhere", "network": shape})
    with pytest.raises(ValidationError, match="vocab_size"):
        ModelSpec.model_validate({"name": "a/b", "revision": "r", "network": shape | {"vocab_size": 0}})
