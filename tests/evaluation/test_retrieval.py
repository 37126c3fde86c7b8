"""Retrieval: the nearest of all candidates at every layer."""

from __future__ import annotations

import json
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
import torch

from isthmus.core.errors import UserError
from isthmus.evaluation import retrieval as module
from isthmus.evaluation.predict import sentence_vectors
from isthmus.evaluation.retrieval import layers_asked, retrieve, write_layers
from isthmus.evaluation.similarity import COSINE, RATIO, Similarity, nearest_rows
from isthmus.models.network import load_network
from isthmus.sources.example import SentencePair

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

from tiny_networks import TEXT, encoders, encoding_of, one_thread, pieces_folder, wordpiece_folder  # noqa: F401

LINES = [line for lines in TEXT.values() for line in lines]
PAIRS = [SentencePair(str(i), line, LINES[-1 - i], None) for i, line in enumerate(LINES)]


@pytest.mark.parametrize("similarity", [COSINE, RATIO, Similarity("csls", 2)])
@pytest.mark.parametrize("model_type", ["xlm-roberta", "modernbert"])
def test_every_layer_answers_as_its_own_vectors_say(model_type, similarity, encoders):  # noqa: F811
    network = load_network(encoders[model_type])
    encoding = encoding_of(network.tokenizer, 40, 10)
    how = ("mean", "fp32", lambda *_: None)
    found = retrieve(network, PAIRS, encoding, *how, similarity)
    assert len(found) == 3
    for layer, rows in enumerate(found):
        queries, candidates = (
            sentence_vectors(network, texts, encoding, [layer], *how)[0]
            for texts in ([p.query for p in PAIRS], [p.candidate for p in PAIRS])
        )
        assert rows == nearest_rows(queries, candidates, similarity=similarity)
    # Here the same sentences stand on both sides, the other way round.
    assert found[-1] == list(reversed(range(len(PAIRS))))


def test_little_memory_means_more_passes_and_the_same_answers(encoders, monkeypatch):  # noqa: F811
    network = load_network(encoders["xlm-roberta"])
    ticks = []
    how = (encoding_of(network.tokenizer, 40, 10), "mean", "fp32", lambda done, total: ticks.append(done == total))
    whole = retrieve(network, PAIRS, *how)
    assert sum(ticks) == 2
    ticks.clear()
    monkeypatch.setattr(module, "MEMORY", 1)
    assert retrieve(network, PAIRS, *how) == whole
    assert sum(ticks) == 2 * 3


def test_the_vectors_of_a_pass_are_gone_before_the_next_begins(encoders, monkeypatch):  # noqa: F811
    """Two passes over a million sentences would hold twice what memory is planned for."""
    network, made, held = load_network(encoders["xlm-roberta"]), [], []

    def vectors(network, texts, encoding, layers, *_):
        held.append(sum(array() is not None for array in made))
        array = np.ones((len(layers), len(texts), 2), np.float32)
        made.append(weakref.ref(array))
        return torch.from_numpy(array)  # holds the array as long as any view of it lives

    monkeypatch.setattr(module, "sentence_vectors", vectors)
    monkeypatch.setattr(module, "MEMORY", 1)
    retrieve(network, PAIRS, encoding_of(network.tokenizer, 40, 10), "mean", "fp32", lambda *_: None)
    assert held == [0, 1] * 3


def test_rows_are_written_by_the_number_of_their_layer(tmp_path):
    write_layers(tmp_path / "layers.json", [[0, 1], [1, 0]])
    assert json.loads((tmp_path / "layers.json").read_text()) == {"0": [0, 1], "1": [1, 0]}


def test_a_layer_is_asked_for_by_its_number_and_all_are_where_one_is_to_be_chosen(encoders):  # noqa: F811
    network = load_network(encoders["xlm-roberta"])
    assert [layers_asked(network, layer) for layer in (0, 2, -1, -3, "chosen")] == [[0], [2], [2], [0], [0, 1, 2]]
    with pytest.raises(UserError, match="no layer 3"):
        layers_asked(network, 3)
