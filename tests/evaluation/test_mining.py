"""Mining: each other's nearest, kept from the threshold on that serves development data best."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from isthmus.core.errors import UserError
from isthmus.evaluation import mining as module
from isthmus.evaluation.mining import Mined, Threshold, chosen, mine, tune, write_threshold
from isthmus.metrics.pairs_f1 import score
from isthmus.models.network import load_network
from isthmus.sources.example import MinedSentence

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

from tiny_networks import (  # noqa: F401
    TEXT,
    encoding_of,
    one_thread,
    pieces_folder,
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


def mined(network, sentences, layer=0):
    return mine(network, sentences, encoding_of(network.tokenizer, 40, 10), layer, "mean", "fp32", lambda *_: None)


def test_a_toy_bitext_is_mined_without_a_fault(network):
    found = mined(network, BITEXT)
    threshold = tune(found, BITEXT)
    assert threshold.f1 == 100
    answers = chosen(found, len(BITEXT), threshold)
    assert answers == [e.match for e in BITEXT]
    assert len(found) > 6  # sentences without a translation have a nearest one too, which the threshold holds off


def test_pairs_are_mutual_and_stand_by_falling_cosine(network):
    found = mined(network, BITEXT)
    assert [pair.cosine for pair in found] == sorted((pair.cosine for pair in found), reverse=True)
    assert len({pair.index for pair in found}) == len({pair.candidate for pair in found}) == len(found)


def test_a_sentence_whose_nearest_is_nearer_to_another_is_left_alone(network, monkeypatch):
    monkeypatch.setattr(
        module, "sentence_vectors", lambda n, texts, *_: torch.tensor([[v.get(t, [0, 1]) for t in texts]]).float()
    )
    v = {"a": [1.0, 0.0], "b": [0.8, 0.6], "x": [0.99, 0.1411]}
    candidates = {"tx": "x", "ty": "y"}
    found = mined(network, [MinedSentence(i, i, candidates, "") for i in ("a", "b")])
    assert [(pair.index, pair.candidate) for pair in found] == [(0, "tx")]


def test_nothing_is_mined_from_nothing(network):
    assert mined(network, []) == []


def test_the_threshold_lies_midway_below_the_last_pair_that_is_worth_keeping():
    found = [Mined(0, "t0", 0.9), Mined(1, "t1", 0.8), Mined(2, "t0", 0.4), Mined(3, "t9", 0.2)]
    assert tune(found, examples(["t0", "t1", "t5", ""])) == Threshold(pytest.approx(0.6), pytest.approx(80))


def test_pairs_of_one_cosine_are_kept_together_or_not_at_all():
    found = [Mined(0, "t0", 0.5), Mined(1, "wrong", 0.5), Mined(2, "wrong", 0.5)]
    threshold = tune(found, examples(["t0", "", ""]))
    assert threshold == Threshold(0.5, 50)
    assert chosen(found, 3, threshold) == ["t0", "wrong", "wrong"]


@pytest.mark.parametrize("found", [[], [Mined(0, "wrong", 0.9)]])
def test_where_no_pair_is_right_none_is_kept(found, tmp_path):
    threshold = tune(found, examples(["t0", ""]))
    assert threshold == Threshold(math.inf, 0)
    assert chosen(found, 2, threshold) == ["", ""]
    write_threshold(tmp_path / "threshold.json", threshold)
    assert json.loads((tmp_path / "threshold.json").read_text()) == {"cosine": None, "dev_f1": 0}


@pytest.mark.parametrize(("gold", "what"), [(["t0", None], "gold pairs are missing"), (["", ""], "no pair of translations")])
def test_development_data_without_pairs_cannot_tune_anything(gold, what):
    with pytest.raises(UserError, match=what):
        tune([Mined(0, "t0", 0.9)], examples(gold))


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(1, 9)), min_size=1, max_size=30))
def test_no_threshold_reaches_a_better_f1_than_the_one_chosen(rows):
    """A row: whether the sentence has a translation, whether the mined pair is that one, and the pair's cosine."""
    gold = [f"t{i}" if has else "" for i, (has, _, _) in enumerate(rows)] + ["t-"]
    found = [Mined(i, f"t{i}" if right else "wrong", cosine / 10) for i, (_, right, cosine) in enumerate(rows)]
    found.sort(key=lambda pair: -pair.cosine)
    threshold = tune(found, examples(gold))
    reached = [score(gold, chosen(found, len(gold), Threshold(k / 20, 0)))["f1"] for k in range(1, 21)]
    assert threshold.f1 == pytest.approx(max(reached))
    assert score(gold, chosen(found, len(gold), threshold))["f1"] == pytest.approx(threshold.f1)
