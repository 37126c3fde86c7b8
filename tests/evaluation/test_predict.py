"""Predictions and sentence vectors: in the order of the examples, whatever the batches."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.evaluation import predict as module
from isthmus.evaluation.predict import in_batches, predict, sentence_vectors
from isthmus.models.family import load_family
from isthmus.models.feature import Feature
from isthmus.models.network import load_network
from isthmus.models.trained import new_task_model
from isthmus.sources.example import Choice, Question, TaggedSentence, TextPair

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

from tiny_networks import (  # noqa: F401
    TEXT,
    encoders,
    encoding_of,
    one_thread,
    pieces_folder,
    settings_of,
    wordpiece_folder,
    write_encoder,
)

LINES = [line for lines in TEXT.values() for line in lines] * 2 + ["dog"]
LABELS = {"tagging": ["A", "B", "C"], "classification": ["yes", "no", "maybe"], "span": [], "choice": []}
EXAMPLES = {
    "tagging": [TaggedSentence("t", tuple(line.split()), None) for line in LINES],
    "classification": [TextPair("c", line, None, None) for line in LINES],
    "span": [Question("q", "Wer?", line, None) for line in LINES],
    "choice": [
        Choice("c", line, None, ("dog", "the quick fox", "sea", "2019")[: 2 + i % 3], None) for i, line in enumerate(LINES)
    ],
}


def nothing(*_):
    """Hear of no progress."""


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("model_type", ["xlm-roberta", "modernbert"])
def test_a_batch_of_many_lengths_predicts_what_each_example_alone_does(kind, model_type, pieces_folder, tmp_path):  # noqa: F811
    # Weights far from 0 tell sentences apart without training.
    encoder = write_encoder(settings_of(model_type, initializer_range=0.5), pieces_folder, tmp_path / "encoder")
    model = new_task_model(load_family("encoder"), encoder, kind, LABELS[kind], 3)
    cut = encoding_of(model.network.tokenizer, 40, 10)
    together = predict(model, EXAMPLES[kind], LABELS[kind], cut, "fp32", nothing)
    assert together == [predict(model, [e], LABELS[kind], cut, "fp32", nothing)[0] for e in EXAMPLES[kind]]
    assert len(set(map(str, together))) > 1


def test_what_is_computed_does_not_depend_on_how_much_goes_through_at_once(encoders, monkeypatch):  # noqa: F811
    network = load_network(encoders["xlm-roberta"])
    cut = encoding_of(network.tokenizer, 40, 10)
    whole = sentence_vectors(network, LINES, cut, [-1], "mean", "fp32", nothing)[0]
    for tokens in (1, 100):
        monkeypatch.setattr(module, "micro_tokens", lambda _, tokens=tokens: tokens)
        parts = sentence_vectors(network, LINES, cut, [-1], "mean", "fp32", nothing)[0]
        torch.testing.assert_close(parts, whole, atol=1e-5, rtol=0)


def test_texts_cut_into_sub_words_part_by_part_have_the_same_vectors_and_are_counted(encoders, monkeypatch):  # noqa: F811
    network = load_network(encoders["xlm-roberta"])
    cut, ticks = encoding_of(network.tokenizer, 40, 10), []
    whole = sentence_vectors(network, LINES, cut, [0, -1], "mean", "fp32", nothing)
    monkeypatch.setattr(module, "PART", 3)
    parts = sentence_vectors(network, LINES, cut, [0, -1], "mean", "fp32", lambda *tick: ticks.append(tick))
    torch.testing.assert_close(parts, whole, atol=1e-5, rtol=0)
    assert ticks == sorted(ticks)
    assert ticks[-1] == (len(LINES), len(LINES))
    assert ticks.count(ticks[-1]) == 1


def test_a_model_in_training_predicts_without_dropout(encoders):  # noqa: F811
    model = new_task_model(load_family("encoder"), encoders["xlm-roberta"], "classification", LABELS["classification"], 0)
    cut = encoding_of(model.network.tokenizer, 40, 10)
    found = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        found.append(predict(model.train(), EXAMPLES["classification"], LABELS["classification"], cut, "fp32", nothing))
    assert found[0] == found[1]


def test_bf16_is_taken_where_it_is_asked_for(encoders):  # noqa: F811
    network = load_network(encoders["xlm-roberta"])
    cut = encoding_of(network.tokenizer, 40, 10)
    full, half = (sentence_vectors(network, LINES, cut, [-1], "mean", p, nothing)[0] for p in ("fp32", "bf16"))
    assert not torch.equal(full, half)
    torch.testing.assert_close(full, half, atol=0.05, rtol=0)


@settings(deadline=None)
@given(st.lists(st.integers(1, 300), max_size=40))
def test_outputs_stand_in_the_order_of_the_features_and_progress_ends_at_the_end(sizes):
    features = [Feature([i] * size, [0] * size, i, None) for i, size in enumerate(sizes)]
    ticks = []
    found = in_batches(
        features,
        -1,
        torch.device("cpu"),
        "fp32",
        lambda batch: [(int(row[0]), int(m.sum())) for row, m in zip(batch.ids, batch.mask, strict=True)],
        lambda done, total: ticks.append((done, total)),
    )
    assert found == list(enumerate(sizes))
    assert [total for _, total in ticks] == [len(sizes)] * len(ticks)
    assert [done for done, _ in ticks] == sorted({done for done, _ in ticks})
    assert not sizes or ticks[-1][0] == len(sizes)


def test_no_examples_give_no_predictions(encoders):  # noqa: F811
    model = new_task_model(load_family("encoder"), encoders["xlm-roberta"], "tagging", LABELS["tagging"], 0)
    assert predict(model, [], LABELS["tagging"], encoding_of(model.network.tokenizer), "fp32", nothing) == []
