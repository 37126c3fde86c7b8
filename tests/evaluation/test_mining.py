"""Mining: pairs nearer to each other than to the rest, kept from the threshold on that serves development data best."""

from __future__ import annotations

import json
import math
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from isthmus.core.errors import UserError
from isthmus.evaluation import retrieval
from isthmus.evaluation.mining import (
    Mined,
    Threshold,
    best_layer,
    chosen,
    mine,
    one_to_one,
    thresholds,
    tune,
    write_threshold,
)
from isthmus.evaluation.neighbours import CPU
from isthmus.evaluation.similarity import COSINE, RATIO, Similarity
from isthmus.metrics.pairs_f1 import score
from isthmus.models.network import load_network
from isthmus.sources.example import MinedSentence

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

from tiny_networks import (  # noqa: F401
    TEXT,
    encoding_of,
    one_thread,
    pieces_folder,
    settings_of,
    still,
    write_encoder,
)

LINES = [line for lines in TEXT.values() for line in lines]
# Six of the sentences stand on the other side too, without their last word; the rest of it is about something else.
SHARED = {f"t{i}": line.rpartition(" ")[0] for i, line in enumerate(LINES[:6])} | {"t8": LINES[8][:20], "t9": LINES[10][:14]}
BITEXT = [MinedSentence(f"s{i}", line, SHARED, f"t{i}" if i < 6 else "") for i, line in enumerate(LINES)]


def examples(gold):
    candidates = {f"t{i}": "" for i in range(len(gold))}
    return [MinedSentence(f"s{i}", "", candidates, match) for i, match in enumerate(gold)]


@pytest.fixture
def network(pieces_folder, tmp_path):  # noqa: F811
    return load_network(write_encoder(still(), pieces_folder, tmp_path / "encoder"))


def mined(network, sentences, layer=0, similarity=RATIO):
    how = (encoding_of(network.tokenizer, 40, 10), [layer], "mean", "fp32", lambda *_: None, similarity)
    return mine(network, sentences, *how)[0]


def test_a_toy_bitext_is_mined_without_a_fault(network):
    found = mined(network, BITEXT, 0, COSINE)
    threshold = tune(found, BITEXT)
    assert threshold.f1 == 100
    answers = chosen(found, len(BITEXT), threshold)
    assert answers == [e.match for e in BITEXT]
    assert len(found) > 6  # sentences without a translation have a nearest one too, which the threshold holds off


def test_pairs_stand_by_falling_score_and_share_no_sentence(network):
    found = mined(network, BITEXT)
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)
    assert len({pair.index for pair in found}) == len({pair.candidate for pair in found}) == len(found)


@pytest.fixture
def placed(network, monkeypatch):
    """A function that mines sentences whose vectors are told: {text: vector}, the sentences and candidates by id."""

    def place(vectors, sentences, candidates):
        def told(network, texts, *_):
            return torch.nn.functional.normalize(torch.tensor([[vectors[text] for text in texts]]).float(), dim=-1)

        monkeypatch.setattr(retrieval, "sentence_vectors", told)
        found = mined(network, [MinedSentence(id_, text, candidates, "") for id_, text in sentences.items()], 0, COSINE)
        return [(pair.index, pair.candidate) for pair in found]

    return place


def test_a_sentence_whose_nearest_is_nearer_to_another_gets_what_proposes_itself_or_nothing(placed):
    vectors = {"a": [1, 0], "b": [0.8, 0.6], "x": [0.99, 0.1411], "y": [0, 1]}
    assert placed(vectors, {"a": "a", "b": "b"}, {"tx": "x"}) == [(0, "tx")]
    assert placed(vectors, {"a": "a", "b": "b"}, {"tx": "x", "ty": "y"}) == [(0, "tx"), (1, "ty")]


def test_sentences_that_repeat_are_one_sentence_by_the_id_of_the_first(placed):
    vectors = {"a": [1, 0], "b": [0, 1], "x": [1, 0.1], "y": [0.1, 1]}
    found = placed(vectors, {"s0": "b", "s1": "a", "s2": "a"}, {"t0": "x", "t1": "x", "t2": "y", "t3": "y"})
    assert sorted(found) == [(0, "t2"), (1, "t0")]


ROWS = st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3).filter(any), min_size=1, max_size=7)


@pytest.mark.parametrize("name", ["cosine", "csls", "ratio"])
@settings(deadline=None)
@given(queries=ROWS, candidates=ROWS, k=st.integers(1, 8), block=st.integers(1, 8))
def test_pairs_are_those_of_a_slow_search_of_everything(name, queries, candidates, k, block):
    """The oracle proposes the best of the k nearest for each row and takes, over and over, the highest that is free."""
    sides = [torch.nn.functional.normalize(torch.tensor(side).float(), dim=-1) for side in (queries, candidates)]
    table = torch.tensor([[float(torch.dot(q, c)) for c in sides[1]] for q in sides[0]])
    assume(len(set(table.mul(1e4).round().flatten().tolist())) == table.numel())
    found = one_to_one(*sides, Similarity(name, k), CPU, block)
    near = [sorted(range(len(candidates)), key=lambda j, i=i: -table[i, j])[:k] for i in range(len(queries))]
    near_back = [sorted(range(len(queries)), key=lambda i, j=j: -table[i, j])[:k] for j in range(len(candidates))]
    forth = [table[i, row].mean() for i, row in enumerate(near)]
    back = [table[row, j].mean() for j, row in enumerate(near_back)]

    def value(pair):
        i, j = pair
        return float(Similarity(name, k).of(table[i, j], forth[i], back[j]))

    proposals = [max(((i, j) for j in row), key=value) for i, row in enumerate(near)]
    proposals += [max(((i, j) for i in row), key=value) for j, row in enumerate(near_back)]
    ordered = sorted({value(pair) for pair in proposals})
    assume(all(after - before > 1e-4 for before, after in pairwise(ordered)))
    expected = []
    while free := [(i, j) for i, j in proposals if all(i != one and j != two for one, two in expected)]:
        expected.append(max(free, key=value))
    assert [(i, j) for i, j, _ in found] == expected
    assert [score for *_, score in found] == pytest.approx([value(pair) for pair in expected], abs=1e-5)


def test_nothing_is_mined_from_nothing(network):
    assert mined(network, []) == []


def test_the_threshold_lies_midway_below_the_last_pair_that_is_worth_keeping():
    found = [Mined(0, "t0", 0.9), Mined(1, "t1", 0.8), Mined(2, "t0", 0.4), Mined(3, "t9", 0.2)]
    assert tune(found, examples(["t0", "t1", "t5", ""])) == Threshold(pytest.approx(0.6), pytest.approx(80))


def test_pairs_of_one_score_are_kept_together_or_not_at_all():
    found = [Mined(0, "t0", 0.5), Mined(1, "wrong", 0.5), Mined(2, "wrong", 0.5)]
    threshold = tune(found, examples(["t0", "", ""]))
    assert threshold == Threshold(0.5, 50)
    assert chosen(found, 3, threshold) == ["t0", "wrong", "wrong"]


@pytest.mark.parametrize("found", [[], [Mined(0, "wrong", 0.9)]])
def test_where_no_pair_is_right_none_is_kept(found, tmp_path):
    threshold = tune(found, examples(["t0", ""]))
    assert threshold == Threshold(math.inf, 0)
    assert chosen(found, 2, threshold) == ["", ""]
    write_threshold(tmp_path / "threshold.json", {3: threshold}, 3)
    told = {"layer": 3, "threshold": None, "dev_f1": {"3": 0}}
    assert json.loads((tmp_path / "threshold.json").read_text()) == told


@pytest.mark.parametrize(("gold", "what"), [(["t0", None], "gold pairs are missing"), (["", ""], "no pair of translations")])
def test_development_data_without_pairs_cannot_tune_anything(gold, what):
    with pytest.raises(UserError, match=what):
        tune([Mined(0, "t0", 0.9)], examples(gold))


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(1, 9)), min_size=1, max_size=30))
def test_no_threshold_reaches_a_better_f1_than_the_one_chosen(rows):
    """A row: whether the sentence has a translation, whether the mined pair is that one, and the pair's score."""
    gold = [f"t{i}" if has else "" for i, (has, _, _) in enumerate(rows)] + ["t-"]
    found = [Mined(i, f"t{i}" if right else "wrong", level / 10) for i, (_, right, level) in enumerate(rows)]
    found.sort(key=lambda pair: -pair.score)
    threshold = tune(found, examples(gold))
    reached = [score(gold, chosen(found, len(gold), Threshold(k / 20, 0)))["f1"] for k in range(1, 21)]
    assert threshold.f1 == pytest.approx(max(reached))
    assert score(gold, chosen(found, len(gold), threshold))["f1"] == pytest.approx(threshold.f1)


def test_the_best_layer_on_development_data_is_the_lowest_of_equals(tmp_path):
    tuned = {2: Threshold(1.5, 70), 0: Threshold(1.2, 10), 1: Threshold(1.1, 70)}
    assert best_layer(tuned) == 1
    write_threshold(tmp_path / "threshold.json", tuned, 1)
    told = json.loads((tmp_path / "threshold.json").read_text())
    assert told == {"layer": 1, "threshold": 1.1, "dev_f1": {"2": 70, "0": 10, "1": 70}}


def test_every_layer_is_tuned_as_if_it_were_alone(pieces_folder, tmp_path):  # noqa: F811
    # Weights far from 0 make layers differ without training.
    settings = settings_of("xlm-roberta", initializer_range=0.5)
    network = load_network(write_encoder(settings, pieces_folder, tmp_path / "encoder"))
    how = ("mean", "fp32", lambda *_: None)
    cut = encoding_of(network.tokenizer, 40, 10)
    together = thresholds(network, BITEXT, cut, range(network.depth + 1), *how)
    alone = {layer: thresholds(network, BITEXT, cut, [layer], *how)[layer] for layer in together}
    for layer, threshold in together.items():
        assert threshold.f1 == alone[layer].f1
        assert threshold.score == pytest.approx(alone[layer].score, abs=1e-5)
    assert len({t.f1 for t in together.values()}) > 1
