"""Training with low-rank updates: what moves, what stays, and that a broken run ends as an unbroken one."""

from __future__ import annotations

import pytest
import torch
from toy_task import LABELS, RECIPE, StopAt, sentences

from isthmus.core.errors import Stopped
from isthmus.evaluation.predict import predict
from isthmus.models import lora
from isthmus.models.family import load_family
from isthmus.models.network import load_network
from isthmus.models.trained import new_task_model, save_task_model
from isthmus.study.spec import Recipe
from isthmus.training.fine_tune import encoding_for, fine_tune
from isthmus.training.loop import Session, Watch

ENCODER = load_family("encoder")
LORA = {"rank": 4, "alpha": 8.0}


def tune(encoder, work, stopping=lambda: False, dev_score=None, updates=LORA, seed=0, **changes):
    recipe = Recipe(**{**RECIPE.model_dump(), **changes})
    session = Session(work, 1e9, Watch(lambda *_: None, stopping))
    return fine_tune(
        ENCODER, encoder, "tagging", LABELS, sentences(), recipe, seed, session, dev_score, lora=updates
    )  # fmt: skip


def state(tuned):
    return {name: weight.detach().clone() for name, weight in tuned.model.state_dict().items()}


@pytest.mark.parametrize("model_type", ["xlm-roberta", "bert", "modernbert", "roberta-prelayernorm"])
def test_updates_and_the_head_are_trained_and_the_encoder_stays(model_type, encoders, tmp_path):
    tuned = tune(encoders[model_type], tmp_path / "work", weight_decay=0.1)
    save_task_model(tuned.model, tmp_path / "out", "tagging", LABELS)
    before, after = (load_network(f).body.state_dict() for f in (encoders[model_type], tmp_path / "out/encoder"))
    assert before.keys() == after.keys()
    assert all(torch.equal(weight, after[name]) for name, weight in before.items())
    moved = [weight for name, weight in tuned.model.named_parameters() if "lora_B" in name]
    assert moved
    assert all((weight != 0).any() for weight in moved)
    new = new_task_model(ENCODER, encoders[model_type], "tagging", LABELS, 0).module.out.weight
    assert not torch.equal(tuned.model.module.out.weight, new)


def test_a_toy_task_is_learnt_by_updates_alone(encoders, tmp_path):
    tuned = tune(encoders["xlm-roberta"], tmp_path, steps=40, batch_tokens=400, updates={"rank": 8, "alpha": 32.0})
    cut = encoding_for(tuned.model.network, 32, 8)
    found = predict(tuned.model, sentences(), LABELS, cut, "fp32", lambda *_: None)
    right = [tag == gold for own, s in zip(found, sentences(), strict=True) for tag, gold in zip(own, s.tags, strict=True)]
    assert sum(right) > 0.9 * len(right)


def test_a_stopped_run_with_updates_ends_as_an_unbroken_one(encoders, tmp_path):
    whole = tune(encoders["bert"], tmp_path / "whole")
    with pytest.raises(Stopped):
        tune(encoders["bert"], tmp_path / "cut", stopping=StopAt(7))
    again = tune(encoders["bert"], tmp_path / "cut")
    assert again.place.step == whole.place.step
    assert state(again).keys() == state(whole).keys()
    assert all(torch.equal(weight, state(again)[name]) for name, weight in state(whole).items())


def test_early_stopping_gives_the_updates_of_the_best_step_back(encoders, tmp_path):
    stop = {"every": 3, "patience": 2, "examples": 5}
    seen = []

    def dev_score(model):
        seen.append({name: weight.detach().clone() for name, weight in model.state_dict().items()})
        return [1.0, 5.0, 3.0, 2.0][len(seen) - 1]

    tuned = tune(encoders["bert"], tmp_path, dev_score=dev_score, early_stopping=stop)
    assert tuned.place.scores == [(3, 1.0), (6, 5.0), (9, 3.0), (12, 2.0)]
    assert all(torch.equal(weight, seen[1][name]) for name, weight in state(tuned).items())
    assert any(not torch.equal(weight, seen[3][name]) for name, weight in state(tuned).items())


def test_updates_are_drawn_from_the_seed_of_the_run(encoders, tmp_path):
    first, same, other = (tune(encoders["bert"], tmp_path / str(i), seed=s, steps=1) for i, s in enumerate((0, 0, 1)))
    name = next(name for name in state(first) if "lora_A" in name)
    assert torch.equal(state(first)[name], state(same)[name])
    assert not torch.equal(state(first)[name], state(other)[name])


def test_without_lora_nothing_is_frozen(encoders, tmp_path):
    tuned = tune(encoders["bert"], tmp_path, updates=None)
    assert not lora.adapted(tuned.model.network)
    assert all(weight.requires_grad for weight in tuned.model.parameters())
