"""Retrieval: the nearest of all candidates, in blocks of any size, at every layer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import torch

from isthmus.core.seeds import stream
from isthmus.evaluation import retrieval as module
from isthmus.evaluation.predict import sentence_vectors
from isthmus.evaluation.retrieval import CPU, nearest_both_ways, nearest_rows, retrieve, write_layers
from isthmus.models.network import load_network
from isthmus.sources.example import SentencePair

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

from tiny_networks import TEXT, encoders, encoding_of, one_thread, pieces_folder, wordpiece_folder  # noqa: F401

LINES = [line for lines in TEXT.values() for line in lines]
PAIRS = [SentencePair(str(i), line, LINES[-1 - i], None) for i, line in enumerate(LINES)]


def vectors(purpose, size):
    draw = stream(0, purpose)
    return torch.nn.functional.normalize(torch.tensor([[draw.gauss(0, 1) for _ in range(8)] for _ in range(size)]), dim=-1)


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_the_nearest_is_the_nearest_of_all_in_both_directions(block):
    queries, candidates = vectors("queries", 50), vectors("candidates", 90)
    table = (queries.double() @ candidates.double().T).tolist()
    forth = [max(range(90), key=row.__getitem__) for row in table]
    back = [max(range(50), key=lambda i, j=j: table[i][j]) for j in range(90)]
    nearest, cosines, nearest_back = nearest_both_ways(queries, candidates, CPU, block)
    assert nearest.tolist() == nearest_rows(queries, candidates, CPU, block) == forth
    assert nearest_back.tolist() == back
    assert cosines.tolist() == pytest.approx([table[i][j] for i, j in enumerate(forth)], abs=1e-6)


@pytest.mark.parametrize("block", [1, 2, 3, 9])
def test_of_equally_near_rows_the_first_is_taken(block):
    queries, candidates = torch.eye(2), torch.tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert nearest_rows(queries, candidates, CPU, block) == [1, 0]
    assert nearest_both_ways(candidates, queries, CPU, block)[2].tolist() == [1, 0]


def test_a_candidate_that_points_away_is_still_the_nearest_where_it_is_the_only_one():
    assert nearest_rows(torch.tensor([[1.0, 0.0]]), torch.tensor([[-1.0, 0.0]])) == [0]


@pytest.mark.parametrize("model_type", ["xlm-roberta", "modernbert"])
def test_every_layer_answers_as_its_own_vectors_say(model_type, encoders):  # noqa: F811
    network = load_network(encoders[model_type])
    encoding = encoding_of(network.tokenizer, 40, 10)
    how = ("mean", "fp32", lambda *_: None)
    found = retrieve(network, PAIRS, encoding, *how)
    assert len(found) == 3
    for layer, rows in enumerate(found):
        queries, candidates = (
            sentence_vectors(network, texts, encoding, [layer], *how)[0]
            for texts in ([p.query for p in PAIRS], [p.candidate for p in PAIRS])
        )
        assert rows == (queries @ candidates.T).argmax(-1).tolist()
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


def test_rows_are_written_by_the_number_of_their_layer(tmp_path):
    write_layers(tmp_path / "layers.json", [[0, 1], [1, 0]])
    assert json.loads((tmp_path / "layers.json").read_text()) == {"0": [0, 1], "1": [1, 0]}
