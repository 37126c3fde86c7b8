"""Fine-tuning: every kind is learnt, a collapse leads to a new start, what cannot be trained is said."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
import torch
from tiny_networks import settings_of, still, write_encoder
from toy_task import LABELS, RECIPE, StopAt, sentences

from isthmus.core.errors import Stopped, TrainingCollapse, UserError
from isthmus.evaluation.predict import predict
from isthmus.models.family import load_family
from isthmus.models.network import load_network
from isthmus.models.task_model import new_language_model
from isthmus.sources.example import Answer, Choice, Question, TaggedSentence, TextPair
from isthmus.study.spec import Recipe
from isthmus.training import fine_tune as module
from isthmus.training.checkpoint import Place
from isthmus.training.fine_tune import encoding_for, fine_tune
from isthmus.training.loop import Session, Watch

ENCODER = load_family("encoder")
ANIMALS = {"dog": "dogs", "fox": "foxes"}
PAIRS = [TextPair("p", f"the {a} " * n, f"and {a}", label) for a, label in ANIMALS.items() for n in range(1, 9)]
QUESTIONS = [Question("q", "Who?", "the the " * n + f"{a} in the", (Answer(a, 8 * n),)) for a in ANIMALS for n in range(5)]
# Which animal the context names, among others: as many endings as there are, the right one anywhere.
CHOICES = [
    Choice("c", f"the {a} " * n, None, (*others[:place], a, *others[place:]), place)
    for a, others in (("dog", ("fox", "sea")), ("fox", ("dog",)), ("sea", ("dog", "fox")))
    for place in range(len(others) + 1)
    for n in (1, 2)
]
TASKS = {
    "tagging": (LABELS, sentences()),
    "classification": (["dogs", "foxes"], PAIRS),
    "span": ([], QUESTIONS),
    "choice": ([], CHOICES),
}


def tune(encoder, work, kind="tagging", examples=None, stopping=lambda: False, dev_score=None, **changes):
    recipe = Recipe(**{**RECIPE.model_dump(), **changes})
    session = Session(work, 1e9, Watch(lambda *_: None, stopping))
    labels, own = TASKS[kind]
    return fine_tune(ENCODER, encoder, kind, labels, own if examples is None else examples, recipe, 0, session, dev_score)


def state(tuned):
    return tuned.model.state_dict()


@pytest.mark.parametrize("kind", TASKS)
def test_every_kind_is_learnt(kind, pieces_folder, tmp_path):
    encoder = write_encoder(still(hidden_size=32, num_hidden_layers=1), pieces_folder, tmp_path / "encoder")
    tuned = tune(encoder, tmp_path / "work", kind, steps=120, batch_tokens=400)
    assert (tuned.steps, tuned.place.step, tuned.collapses) == (120, 120, [])
    labels, examples = TASKS[kind]
    cut = encoding_for(tuned.model.network, 32, 8)
    found = predict(tuned.model, examples, labels, cut, "fp32", lambda *_: None)
    gold = [e.answers[0].text if kind == "span" else list(e.tags) if kind == "tagging" else e.label for e in examples]
    assert found == gold


def test_a_stopped_tuning_ends_as_an_unbroken_one_even_where_weights_were_lacking(pieces_folder, tmp_path):
    new_language_model(settings_of("xlm-roberta"), pieces_folder, 0).save(tmp_path / "encoder")  # saved without a pooler
    whole = tune(tmp_path / "encoder", tmp_path / "whole")
    with pytest.raises(Stopped):
        tune(tmp_path / "encoder", tmp_path / "cut", stopping=StopAt(7))
    again = tune(tmp_path / "encoder", tmp_path / "cut")
    assert all(torch.equal(weight, state(again)[name]) for name, weight in state(whole).items())


def test_epochs_are_counted_in_batches(still_encoder, tmp_path):
    tuned = tune(still_encoder, tmp_path, steps=None, epochs=1.5, batch_tokens=None, batch_examples=10)
    assert tuned.steps == tuned.place.step == 7  # 45 windows of 40 sentences: 5 batches and half of 5


def test_early_stopping_asks_for_the_development_score(still_encoder, tmp_path):
    stop = {"every": 4, "patience": 1, "examples": 5}
    scores = iter([1.0, 0.5, 0.2])
    tuned = tune(still_encoder, tmp_path / "asked", dev_score=lambda model: next(scores), early_stopping=stop)
    assert tuned.place.scores == [(4, 1.0), (8, 0.5)]
    assert tune(still_encoder, tmp_path / "without", early_stopping=stop).place.scores == []
    assert tune(still_encoder, tmp_path / "unasked", dev_score=lambda model: 1 / 0).place.scores == []


def test_after_a_collapse_another_head_and_order_are_tried(still_encoder, tmp_path, monkeypatch):
    seen = []

    def train(model, streams, schedule, seed, padding, checkpoints, *_):
        order = [feature.ids for turn in islice(streams.turns(0, {}), 5) for feature in turn.batch]
        seen.append((model.module.out.weight.detach().clone(), order, seed, checkpoints.folder))
        if len(seen) == 1:
            raise TrainingCollapse("fell")
        return Place(step=schedule.steps)

    monkeypatch.setattr(module, "train", train)
    tuned = tune(still_encoder, tmp_path, restarts=1)
    assert tuned.collapses == ["fell"]
    (first, order, seed, folder), (second, other_order, other_seed, other_folder) = seen
    assert not torch.equal(first, second)
    assert order != other_order
    assert (seed, folder) != (other_seed, other_folder)
    assert seed == 0
    assert torch.equal(tuned.model.module.out.weight, second)


def test_examples_without_labels_are_left_out_and_nothing_but_them_is_the_users_mistake(still_encoder, tmp_path):
    stripped = [TaggedSentence("s", ("the", "dog"), None)]
    whole = tune(still_encoder, tmp_path / "whole")
    mixed = tune(still_encoder, tmp_path / "mixed", examples=[*sentences(), *stripped])
    assert whole.place.tokens == mixed.place.tokens
    with pytest.raises(UserError, match="no labelled example"):
        tune(still_encoder, tmp_path / "none", examples=stripped)


def test_a_window_must_fit_the_network_and_leave_room_for_text(still_encoder):
    network = load_network(still_encoder)
    assert encoding_for(network, 128, 8).max_length == 128
    with pytest.raises(UserError, match="max_length 136 is more than the 128 positions"):
        encoding_for(network, 136, 8)
    assert encoding_for(network, 10, 0)
    with pytest.raises(UserError, match=r"max_length 9 leaves no room for text; .* needs 10"):
        encoding_for(network, 9, 0)


@pytest.mark.parametrize("kind", TASKS)
def test_the_smallest_window_that_is_let_through_works(kind, still_encoder, tmp_path):
    assert tune(still_encoder, Path(tmp_path), kind, steps=1, max_length=10, stride=3).place.step == 1
