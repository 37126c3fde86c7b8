"""Estimates, against numbers worked out by hand."""

from __future__ import annotations

import pytest
from sketches import HELD, NETWORK, PRETRAINING, SIZE, plan, with_text

from isthmus.plan.cost import NetworkSize, network_size, prediction_cost, pretraining_cost, training_cost
from isthmus.plan.step import Cost
from isthmus.study.pretraining import Pretraining
from isthmus.study.spec import Recipe

# Two layers of 10 x 10 (query, key, value, output) and 10 x 20 (there and back); 100 pieces of 10 numbers.
BODY, EMBEDDINGS = 2 * (4 * 100 + 2 * 200), 1000


def recipe(**keys):
    return Recipe(**{"learning_rate": 1e-4, "epochs": 3, "batch_examples": 8, **keys})


def test_the_weights_of_a_network_are_counted_inside_and_outside_its_embeddings():
    size = network_size(NETWORK, 100)
    assert (size.body, size.embeddings) == (BODY, EMBEDDINGS) == (1600, 1000)
    assert size.disk == 4 * 2600


def test_the_gate_of_modernbert_is_a_third_matrix():
    assert network_size(NETWORK | {"model_type": "modernbert"}, 100).body == 2 * (4 * 100 + 3 * 200)


def test_the_vocabulary_is_that_of_the_configuration_where_no_tokenizer_is_trained():
    assert network_size(NETWORK | {"vocab_size": 7}).embeddings == 70


@pytest.mark.parametrize("config", [{}, {"d_model": 512, "n_layers": 6}, NETWORK])
def test_a_network_of_unknown_size_gives_zeros(config):
    size = network_size(config)
    assert size == NetworkSize()
    assert training_cost(recipe(), [400], size) == Cost(300.0, 0.0, 0.0)


def test_pretraining_multiplies_the_vocabulary_matrix_at_masked_places_only():
    spec = Pretraining(**PRETRAINING, mask=0.25)
    cost = pretraining_cost(spec, NetworkSize(BODY, EMBEDDINGS))
    assert cost == Cost(2000.0, 6 * 2000 * (1600 + 0.25 * 1000), 10400.0)


def test_training_counts_the_text_once_an_epoch():
    assert training_cost(recipe(), [400], NetworkSize(1600, 1000)) == Cost(300.0, 6 * 300 * 1600.0, 10400.0)


def test_training_for_some_steps_counts_its_batches():
    size = NetworkSize(1600, 1000)
    assert training_cost(recipe(epochs=None, steps=10), [400], size).tokens == 10 * 8 * 40
    by_tokens = recipe(epochs=None, steps=10, batch_examples=None, batch_tokens=512)
    assert training_cost(by_tokens, [400], size).tokens == 5120


def test_prediction_is_a_third_of_training_and_ends_at_the_last_example_asked_for():
    size = NetworkSize(1600, 1000)
    assert prediction_cost(4000, None, size) == Cost(1000.0, 2 * 1000 * 1600.0, 800.0)
    assert prediction_cost(4000, 5, size).tokens == 200
    assert prediction_cost(400, 5, size).tokens == 100
    assert prediction_cost(4000, 5, size, 400).tokens == 300


def test_every_step_of_a_plan_bears_its_estimate(tmp_path):
    costs = {step.name: step.cost for step in with_text(tmp_path)}
    assert costs["pretrain"].tokens == 2000
    assert costs["none/seed 1/udpos"].tokens == 2 * SIZE / 4
    assert costs["none/seed 1/udpos/sw/predict"].flops == 2 * SIZE / 4 * 1600


@pytest.mark.parametrize("few", [None, 1])
def test_a_pool_is_counted_once_a_model_and_candidates_whole_however_few_examples_ask_for_them(few, monkeypatch):
    monkeypatch.setitem(HELD, "lareqa/xquad-r/{language}.json", "de en")
    targets = [{"task": "lareqa", "train": "squad_sentences"}, {"task": "bucc2018", "layer": 1}]
    made = plan(
        seeds=[1], arms={"none": []}, targets=[one | {"max_examples": few} for one in targets], languages=["de", "en"]
    )
    costs = {step.name: step.cost.tokens for step in made}
    assert [costs[f"none/seed 1/lareqa/{language}/predict"] for language in ("de", "en")] == [SIZE / 4 / 2] * 2
    assert costs["none/seed 1/bucc2018/de/predict"] == 2 * SIZE / 4


def test_a_model_of_the_hub_has_no_known_size():
    assert {step.cost.flops for step in plan()} == {0.0}
