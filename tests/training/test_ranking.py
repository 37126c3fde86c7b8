"""Training to rank: what is learnt is the same whatever goes through a machine at once, alone and in a mix."""

from __future__ import annotations

from random import Random

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_networks import encoding_of
from toy_task import LABELS, sentences

from isthmus.evaluation.predict import predict
from isthmus.models.family import load_family
from isthmus.models.feature import pad
from isthmus.models.head import load_head
from isthmus.models.trained import new_task_model
from isthmus.sources.example import Ranked
from isthmus.study.spec import Recipe
from isthmus.training import loop
from isthmus.training.batches import labelled_rounds, micro_batches
from isthmus.training.fine_tune import fine_tune
from isthmus.training.loop import Session, Watch
from isthmus.training.multitask import Labelled, train_together

DRAW = Random(5)
WORDS = [
    "the",
    "quick",
    "brown",
    "fox",
    "jumps",
    "over",
    "lazy",
    "dog",
    "sleeps",
    "sells",
    "sea",
    "shells",
    "shore",
    "morning",
    "evening",
    "city",
    "Paris",
    "Berlin",
]
POOL = {str(i): (" ".join(DRAW.sample(WORDS, 3)), " ".join(DRAW.sample(WORDS, 5))) for i in range(30)}
# A query has two words of its candidate; of some candidates several are asked, and some queries have two right ones.
EXAMPLES = [
    Ranked(str(i), " ".join(POOL[str(i % 30)][0].split()[:2]), POOL, (str(i % 30), *(["29"] if i % 7 == 0 else [])))
    for i in range(48)
]
RECIPE = Recipe(learning_rate=3e-3, epochs=2, batch_examples=8, max_length=32, stride=8, restarts=0)


def session(work):
    return Session(work, 1e9, Watch(lambda *_: None, lambda: False))


def tuned(encoder, work, recipe=RECIPE):
    return fine_tune(load_family("encoder"), encoder, "ranking", [], EXAMPLES, recipe, 0, session(work))


def test_how_much_goes_through_a_machine_at_once_changes_nothing_that_is_learnt(still_encoder, tmp_path, monkeypatch):
    ends = []
    for bound in (10**6, 40):
        monkeypatch.setattr(loop, "micro_tokens", lambda _, bound=bound: bound)
        found = tuned(still_encoder, tmp_path / str(bound))
        ends.append((found.model.state_dict(), found.place.losses))
    (first, losses), (second, others) = ends
    assert losses == others
    assert all(torch.equal(weight, second[name]) for name, weight in first.items())


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 4), st.integers(2, 12), st.integers(0, 9))
def test_the_loss_of_a_batch_is_the_same_whatever_the_micro_batches(still_encoder, bound, processes, size, seed):
    model = new_task_model(load_family("encoder"), still_encoder, "ranking", [], 0).eval()
    features = load_head("ranking").features(EXAMPLES[:20], [], encoding_of(model.network.tokenizer))
    recipe = RECIPE.model_copy(update={"batch_examples": size})
    for batch in labelled_rounds(features, recipe, seed, whole=True)(0)[:2]:
        parts = micro_batches(batch, bound, processes)
        losses = [model(pad(part, model.network.tokenizer.pad_token_id)) for part in parts]
        (whole,) = batch
        assert sum(loss.weight.item() for loss in losses) == len(whole.target) <= size
        alone = model(pad([whole], model.network.tokenizer.pad_token_id)).total
        assert sum(loss.total.item() for loss in losses) == pytest.approx(alone.item())


def test_what_is_asked_is_found_after_training_and_hardly_before(still_encoder, tmp_path):
    def right(model):
        model.eval()
        found = predict(model, EXAMPLES, [], encoding_of(model.network.tokenizer), "fp32", lambda *_: None)
        return sum(best[0] in e.matches for best, e in zip(found, EXAMPLES, strict=True)) / len(EXAMPLES)

    before = new_task_model(load_family("encoder"), still_encoder, "ranking", [], 0)
    longer = RECIPE.model_copy(update={"epochs": 25.0, "batch_examples": 16, "learning_rate": 1e-2})
    after = tuned(still_encoder, tmp_path, longer).model
    assert right(before) < 0.3
    assert right(after) > 0.6


def test_a_mix_with_a_task_to_rank_learns_both_and_cuts_no_batch(still_encoder, tmp_path, monkeypatch):
    recipe = Recipe(learning_rate=1e-2, steps=60, batch_examples=8, max_length=32, stride=8, restarts=0)
    members = {"tags": Labelled("tagging", LABELS, sentences()), "ranks": Labelled("ranking", [], EXAMPLES)}
    ends = []
    for bound in (10**6, 40):
        monkeypatch.setattr(loop, "micro_tokens", lambda _, bound=bound: bound)
        work = session(tmp_path / str(bound))
        mixed = train_together(load_family("encoder"), still_encoder, members, {"tags": 1, "ranks": 1}, recipe, 0, work)
        ends.append(mixed.place.by_stream)
    first, second = ends
    assert first.keys() == {"tags", "ranks"}
    for stream, points in first.items():
        values, others = ([loss for _, loss in own[stream]] for own in (first, second))
        assert values == pytest.approx(others, rel=0.02)
        assert sum(values[-5:]) < 0.8 * sum(values[:5]), (stream, points)
