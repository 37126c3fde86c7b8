"""Estimates, against numbers worked out by hand."""

from __future__ import annotations

import pytest
from sketches import HELD, NETWORK, PRETRAINING, SIZE, plan, with_text

from isthmus.plan.cost import (
    AT_ONCE,
    NOTHING,
    Amount,
    Stream,
    amount_of,
    measuring_cost,
    prediction_cost,
    pretraining_cost,
    stream_of,
    training_cost,
    training_memory,
    translation_cost,
)
from isthmus.plan.networks import NetworkSize
from isthmus.sources.source import Fingerprint
from isthmus.study.pretraining import Pretraining
from isthmus.study.spec import Recipe
from isthmus.study.variant import Efficiency

# Two layers of 10 x 10 (query, key, value, output) and 10 x 20 (there and back); 100 pieces of 10 numbers.
BODY, EMBEDDINGS = 2 * (4 * 100 + 2 * 200), 1000
SMALL = NetworkSize(BODY, EMBEDDINGS, layers=2, hidden=10)
TEN_OF_TWENTY = Amount(10, 20)
CHOICES = Amount(10, 80, rows=4)


def recipe(**keys):
    return Recipe(**{"learning_rate": 1e-4, "epochs": 3, "batch_examples": 8, **keys})


def of(*amounts, share=1.0, mask=0.0):
    return Stream(share, amounts, mask)


def test_an_amount_is_bytes_by_four_shared_among_its_examples():
    assert amount_of("tagging", Fingerprint("", 400, 5)) == Amount(5, 20)


def test_where_nobody_counted_them_examples_have_forty_sub_words():
    assert amount_of("tagging", Fingerprint("", 400)) == Amount(2.5, 40)


def test_a_choice_is_read_with_its_context_for_every_ending():
    assert amount_of("choice", Fingerprint("", 400, 5)) == Amount(5, 40, rows=4)


def test_nothing_costs_nothing():
    assert amount_of("tagging", Fingerprint("", 0)).tokens == 0
    assert training_cost(recipe(), [of(NOTHING)], SMALL).tokens == 0


def test_epochs_count_the_text_as_often():
    cost = training_cost(recipe(), [of(TEN_OF_TWENTY)], SMALL)
    assert (cost.tokens, cost.flops, cost.disk) == (600, 6 * 600 * BODY, 4 * 2600)


def test_the_first_examples_of_every_language_are_counted():
    assert training_cost(recipe(), [of(TEN_OF_TWENTY, Amount(2, 30))], SMALL, examples=4).tokens == 3 * (4 * 20 + 2 * 30)


def test_steps_count_batches_of_mean_length_languages_being_one_pool():
    found = training_cost(recipe(epochs=None, steps=10), [of(Amount(10, 20), Amount(30, 60))], SMALL)
    assert found.tokens == 10 * 8 * 50
    by_tokens = recipe(epochs=None, steps=10, batch_examples=None, batch_tokens=512)
    assert training_cost(by_tokens, [of(TEN_OF_TWENTY)], SMALL).tokens == 5120


def test_a_long_example_is_one_window_of_a_batch():
    long = recipe(epochs=None, steps=10, max_length=16, stride=4)
    assert training_cost(long, [of(Amount(10, 100))], SMALL).tokens == 10 * 8 * 16
    assert training_cost(long, [of(CHOICES)], SMALL).tokens == 10 * 8 * 4 * 16


def test_a_mix_counts_each_stream_by_its_share():
    streams = [of(TEN_OF_TWENTY, share=0.25), of(CHOICES, share=0.75)]
    assert training_cost(recipe(epochs=None, steps=10), streams, SMALL).tokens == 10 * 8 * (0.25 * 20 + 0.75 * 80)


def test_raw_text_fills_its_windows_and_multiplies_the_vocabulary_where_it_hides_something():
    streams = [of(TEN_OF_TWENTY, share=0.5), of(Amount(1000, 9), share=0.5, mask=0.2)]
    found = training_cost(recipe(epochs=None, steps=10, max_length=60, stride=4), streams, SMALL)
    assert found.tokens == 10 * 8 * (0.5 * 20 + 0.5 * 60)
    assert found.flops == pytest.approx(6 * found.tokens * (BODY + 0.75 * 0.2 * EMBEDDINGS))
    by_tokens = recipe(epochs=None, steps=10, batch_examples=None, batch_tokens=512)
    assert training_cost(by_tokens, streams, SMALL).flops == pytest.approx(6 * 5120 * (BODY + 0.5 * 0.2 * EMBEDDINGS))


def test_a_task_hides_nothing_beside_raw_text():
    assert stream_of("tagging", [Fingerprint("", 8)], mask=0.15).mask == 0
    assert stream_of("mlm", [Fingerprint("", 8)], mask=0.15).mask == 0.15


def test_early_stopping_reads_development_data_at_every_evaluation():
    stopping = recipe(epochs=None, steps=25, early_stopping={"every": 10, "patience": 3, "examples": 4})
    plain = training_cost(recipe(epochs=None, steps=25), [of(TEN_OF_TWENTY)], SMALL)
    found = training_cost(stopping, [of(TEN_OF_TWENTY)], SMALL, dev=Amount(9, 7))
    assert found.tokens - plain.tokens == 3 * 4 * 7
    assert found.flops - plain.flops == 2 * 3 * 4 * 7 * BODY


def test_pretraining_multiplies_the_vocabulary_matrix_at_masked_places_only():
    cost = pretraining_cost(Pretraining(**PRETRAINING, mask=0.25), SMALL)
    assert (cost.tokens, cost.flops, cost.disk) == (2000, 6 * 2000 * (1600 + 0.25 * 1000), 10400)


def test_prediction_is_a_third_of_training_and_ends_at_the_last_example_asked_for():
    found = prediction_cost(TEN_OF_TWENTY, None, SMALL)
    assert (found.tokens, found.flops, found.disk) == (200, 2 * 200 * BODY, 160)
    assert prediction_cost(TEN_OF_TWENTY, 5, SMALL).tokens == 100
    assert prediction_cost(TEN_OF_TWENTY, 50, SMALL).tokens == 200
    assert prediction_cost(TEN_OF_TWENTY, 5, SMALL, beside=30).tokens == 130


def test_measuring_reads_queries_one_by_one_and_all_examples_in_each_pass_with_every_checkpoint():
    found = measuring_cost([TEN_OF_TWENTY], 3, Efficiency(queries=7, passes=5), SMALL)
    assert found.tokens == 3 * (7 * 20 + 6 * 200)
    assert found.flops == 2 * found.tokens * BODY


def test_training_takes_sixteen_bytes_a_weight_and_the_activations_of_one_pass():
    assert training_memory(SMALL, 100, "bf16") == 16 * 2600 + 100 * 2 * 10 * 34
    assert training_memory(SMALL, 100, "fp32") == 16 * 2600 + 100 * 2 * 10 * 68
    assert training_memory(SMALL, 1e9, "bf16") == 16 * 2600 + AT_ONCE * 2 * 10 * 34
    assert training_memory(SMALL, 100, "bf16", masked=0.5) == training_memory(SMALL, 100, "bf16") + 8 * 100 * 0.5 * 100


def test_as_much_goes_through_a_gpu_at_once_as_the_device_says():
    from isthmus.compute.device import MICRO_TOKENS

    assert MICRO_TOKENS["cuda"] == AT_ONCE


def test_a_translation_is_read_by_the_encoder_and_written_by_the_decoder_for_every_beam():
    size = NetworkSize(body=300, embeddings=50, decoder=200)
    cost = translation_cost(10, size, beams=4, disk=7)
    assert (cost.tokens, cost.flops, cost.disk) == (20, 2 * 10 * (100 + 4 * 250), 7)


def test_of_a_network_of_unknown_size_only_tokens_are_known():
    found = training_cost(recipe(), [of(TEN_OF_TWENTY)], NetworkSize())
    assert (found.tokens, found.flops, found.disk, found.memory, found.sized) == (600, 0, 0, 0, False)
    assert not translation_cost(10, NetworkSize(), 4, 1).sized
    assert prediction_cost(TEN_OF_TWENTY, None, SMALL).sized


def test_every_step_of_a_plan_bears_its_estimate(tmp_path):
    costs = {step.name: step.cost for step in with_text(tmp_path)}
    assert costs["pretrain"].tokens == 2000
    assert costs["none/seed 1/udpos"].tokens == 2 * SIZE / 4
    assert costs["none/seed 1/udpos/sw/predict"].flops == 2 * SIZE / 4 * 1600
    assert costs["text-first/seed 1/stage 1 mlm"].tokens == 2 * 2 * SIZE / 4
    assert costs["text-first/seed 1/stage 1 mlm"].flops == 6 * 2 * 2 * SIZE / 4 * (1600 + 0.15 * 1000)


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


def test_a_model_of_the_hub_that_nobody_knows_has_no_known_size():
    assert {step.cost.flops for step in plan()} == {0.0}


def test_a_model_that_the_study_describes_has_one_and_its_ids_are_the_same():
    described = {"name": "org/encoder", "revision": "r1", "network": {k: v for k, v in NETWORK.items() if k != "model_type"}}
    described["network"]["vocab_size"] = 100
    known = plan(model=described)
    assert list(known.steps) == list(plan().steps)
    assert all(step.cost.sized for step in known)
