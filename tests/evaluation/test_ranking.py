"""Ranking a pool: the nearest of all candidates, best first, whatever the size of the parts in which they are encoded."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from isthmus.evaluation import ranking
from isthmus.evaluation.ranking import encode_pool, rank
from isthmus.models.family import load_family
from isthmus.models.trained import new_task_model
from isthmus.sources.example import Ranked

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

from tiny_networks import encoding_of, one_thread, pieces_folder, still_encoder  # noqa: F401

TEXT = [
    "the",
    "quick",
    "brown",
    "fox",
    "jumps",
    "over",
    "the",
    "lazy",
    "dog",
    "and",
    "sells",
    "sea",
    "shells",
    "by",
    "the",
    "sea",
    "shore",
    "in",
    "the",
    "morning",
]
POOL = {f"c{i}": (" ".join(TEXT[i % 15 : i % 15 + 1 + i % 4]), "" if i % 3 else " ".join(TEXT[: i % 7])) for i in range(40)}
EXAMPLES = [Ranked(str(i), " ".join(TEXT[i : i + 3]), POOL, None) for i in range(7)]


@pytest.fixture(scope="module")
def model(still_encoder):  # noqa: F811
    return new_task_model(load_family("encoder"), still_encoder, "ranking", [], 0)


def tick(*_):
    return None


def ranked(model):
    encoding = encoding_of(model.network.tokenizer)
    pool = encode_pool(model, POOL, encoding, "fp32", tick)
    return pool, rank(model, EXAMPLES, pool, encoding, "fp32", tick)


def test_the_twenty_nearest_of_the_pool_are_named_best_first(model):
    pool, found = ranked(model)
    assert pool.shape == (40, 16)
    assert torch.allclose(pool.norm(dim=1), torch.ones(40))
    queries = encode_pool(model, {e.id: (e.query, "") for e in EXAMPLES}, encoding_of(model.network.tokenizer), "fp32", tick)
    for example, best in enumerate(found):
        cosines = dict(zip(POOL, (pool @ queries[example]).tolist(), strict=True))
        assert [cosines[id_] for id_ in best] == pytest.approx(sorted(cosines.values(), reverse=True)[:20], abs=1e-5)
        assert len(set(best)) == 20


def test_a_pool_in_parts_is_the_same_pool_and_is_counted_to_its_end(model, monkeypatch):
    whole, _ = ranked(model)
    monkeypatch.setattr(ranking, "CHUNK", 7)
    told = []
    pool = encode_pool(model, POOL, encoding_of(model.network.tokenizer), "fp32", lambda *place: told.append(place))
    assert torch.allclose(pool, whole, atol=1e-5)
    assert told[-1] == (40, 40)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_of_a_small_pool_all_are_named(model):
    few = {"x": ("the dog", ""), "y": ("the sea", "by the sea")}
    encoding = encoding_of(model.network.tokenizer)
    pool = encode_pool(model, few, encoding, "fp32", tick)
    (best,) = rank(model, [Ranked("0", "the fox", few, ("x",))], pool, encoding, "fp32", tick)
    assert sorted(best) == ["x", "y"]
