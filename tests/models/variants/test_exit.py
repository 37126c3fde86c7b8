"""Exits are learnt while the network stays: what they answer, what is written, and what is refused."""

from __future__ import annotations

import pytest
import torch
from made_models import ENCODER, TASKS, answers, change, features_of, running, trained
from safetensors.torch import load_file
from tiny_networks import settings_of, write_encoder

from isthmus.core.errors import UserError
from isthmus.models import lora
from isthmus.models.exiting import states_below
from isthmus.models.feature import pad
from isthmus.models.trained import new_task_model, save_task_model
from isthmus.models.variant import read_running
from isthmus.models.variants import exit as module

LABELS, PAIRS = TASKS["classification"]


def batch_of(model):
    return pad(features_of(model), model.network.tokenizer.pad_token_id)


@pytest.fixture(autouse=True, scope="module")
def few_steps():
    """Sixteen features are learnt soon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "STEPS", 120)
        yield


@pytest.fixture(scope="module")
def encoder(pieces_folder, tmp_path_factory):
    settings = settings_of("roberta-prelayernorm", num_hidden_layers=3, hidden_size=32, initializer_range=0.2)
    return write_encoder(settings, pieces_folder, tmp_path_factory.mktemp("three"))


@pytest.fixture(scope="module")
def source(encoder, tmp_path_factory):
    """A model that knows nothing: its head is new."""
    return trained(encoder, tmp_path_factory.mktemp("source") / "model")


@pytest.fixture(scope="module")
def early(source, tmp_path_factory):
    return change("exit", source, tmp_path_factory.mktemp("early") / "model", PAIRS, exit=0.9)


def test_exits_learn_what_the_head_of_the_last_layer_does_not_know(early, source):
    model, whole = running(early), running(source)
    gold = torch.tensor([feature.target for feature in features_of(whole)])
    assert (torch.stack(answers(whole)).argmax(-1) == gold).double().mean() < 0.75
    for own, states in zip(model.exits, states_below(whole, batch_of(whole)), strict=True):
        assert (own(states).argmax(-1) == gold).double().mean() > 0.85
    model.confidence = 0.6
    answers(model)
    assert model.mean_depth < 3


def test_the_network_and_the_head_stay_as_they_were(early, source):
    for name in ("encoder/model.safetensors", "encoder/config.json", "encoder/tokenizer.json", "head.safetensors"):
        assert (early / name).read_bytes() == (source / name).read_bytes()


def test_a_folder_with_exits_says_how_it_is_run(early):
    weights = load_file(str(early / "exits.safetensors"))
    assert {name.split(".")[0] for name in weights} == {"1", "2"}
    told = read_running(early)
    assert told.exit == 0.9
    assert told.changes == ({"change": "exit", "confidence": 0.9, "exits": 2, "features": 22},)
    assert {file.suffix for file in early.rglob("*") if file.is_file()} == {".json", ".safetensors"}


def test_the_same_examples_give_the_same_exits(early, source, tmp_path):
    torch.rand(7)  # whatever was drawn before
    again = change("exit", source, tmp_path / "again", PAIRS, exit=0.9)
    assert (again / "exits.safetensors").read_bytes() == (early / "exits.safetensors").read_bytes()


def test_a_confidence_close_to_1_leaves_the_answers_of_the_whole_model_to_who_never_leaves(source, tmp_path):
    late = running(change("exit", source, tmp_path / "late", PAIRS, exit=1 - 1e-9))
    assert all(torch.equal(a, b) for a, b in zip(answers(late), answers(running(source)), strict=True))
    assert late.layers_used == [0, 0, len(features_of(late))]


@pytest.mark.parametrize("kind", ["tagging", "choice", "span", "ranking"])
def test_only_a_classifier_is_answered_from_a_lower_layer(kind, encoder, tmp_path):
    other = trained(encoder, tmp_path / "source", kind)
    with pytest.raises(UserError, match=f"exit answers from a lower layer, which serves classification alone; found {kind}"):
        change("exit", other, tmp_path / "out", TASKS[kind][1], exit=0.9)


@pytest.mark.parametrize("confidence", [0, 1, 2.5])
def test_a_confidence_is_between_0_and_1(confidence, source, tmp_path):
    with pytest.raises(UserError, match=f"exit: found {confidence}; expected a confidence above 0 and below 1"):
        change("exit", source, tmp_path / "out", PAIRS, exit=confidence)


def test_a_network_of_one_layer_is_refused(pieces_folder, tmp_path):
    low = write_encoder(settings_of("xlm-roberta", num_hidden_layers=1), pieces_folder, tmp_path / "low")
    with pytest.raises(UserError, match="has one layer; expected two or more"):
        change("exit", trained(low, tmp_path / "source"), tmp_path / "out", PAIRS, exit=0.9)


def test_without_labelled_examples_there_is_nothing_to_learn(source, tmp_path):
    with pytest.raises(UserError, match="exit: found no labelled example"):
        change("exit", source, tmp_path / "out", exit=0.9)


def test_a_model_with_exits_or_with_updates_is_refused(early, encoder, tmp_path):
    with pytest.raises(UserError, match=r"exit: .*early exits"):
        change("exit", early, tmp_path / "twice", PAIRS, exit=0.9)
    model = new_task_model(ENCODER, encoder, "classification", LABELS, 3)
    lora.inject(model.network, 2, 4.0, 0)
    save_task_model(model, tmp_path / "source", "classification", LABELS)
    with pytest.raises(UserError, match=r"exit: .*low-rank updates that are not folded in"):
        change("exit", tmp_path / "source", tmp_path / "out", PAIRS, exit=0.9)
