"""Answers from the first layer that is sure: which layer, whose answer, how far a batch goes, and what is refused."""

from __future__ import annotations

import pytest
import torch
from made_models import ENCODER, TASKS, answers, features_of
from safetensors.torch import load_file, save_file
from tiny_networks import NETWORKS, encoding_of, settings_of, write_encoder

from isthmus.core.errors import SetupError, UserError
from isthmus.evaluation.predict import predict
from isthmus.models.exiting import ExitingModel, load_exiting, new_exits, save_exits, states_below
from isthmus.models.feature import pad
from isthmus.models.stack import layers_of
from isthmus.models.trained import new_task_model

LABELS, PAIRS = TASKS["classification"]
LAYERS = 4
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def deep(pieces_folder, wordpiece_folder, tmp_path_factory):
    """{model_type: folder of an encoder of four layers}."""
    root = tmp_path_factory.mktemp("deep")
    tokenizers = {"bert": wordpiece_folder}
    settings = {"num_hidden_layers": LAYERS, "initializer_range": 0.3}
    return {m: write_encoder(settings_of(m, **settings), tokenizers.get(m, pieces_folder), root / m) for m in NETWORKS}


def exiting(encoder, confidence, seed=0):
    """A model with a random head above each layer, sharp enough that windows differ in where they leave."""
    model = new_task_model(ENCODER, encoder, "classification", LABELS, 3)
    exits = new_exits(model)
    torch.manual_seed(seed)
    for own in exits:
        torch.nn.init.normal_(own.head.dense.weight, std=0.5)
        torch.nn.init.normal_(own.head.out.weight, std=0.4)
    return ExitingModel(model, exits, confidence).eval()


def by_layer(model, features):
    """The log-probabilities of each window at every layer, computed without leaving."""
    batch = pad(features, model.network.tokenizer.pad_token_id)
    below = states_below(model.model, batch)
    with torch.no_grad():
        found = [own(states).log_softmax(-1) for own, states in zip(model.exits, below, strict=True)]
    return torch.stack([*found, torch.stack(model.model.outputs(batch))], 1)


@pytest.mark.parametrize("model_type", NETWORKS)
def test_a_window_is_answered_by_the_first_layer_that_is_sure(model_type, deep):
    model = exiting(deep[model_type], 0.7)
    every = by_layer(model, features_of(model))
    lowest = every[:, 0].exp().amax(-1).sort().values
    widest = lowest.diff().argmax()
    model.confidence = float(lowest[widest : widest + 2].mean())  # some windows are surer at the first layer, some are not
    sure = every.exp().amax(-1) >= model.confidence
    sure[:, -1] = True
    first = sure.int().argmax(1)
    assert len(set(first.tolist())) > 1, "windows leave at several layers"
    expected = every[torch.arange(len(first)), first]
    torch.testing.assert_close(torch.stack(answers(model)), expected, atol=1e-5, rtol=0)
    assert model.layers_used == first.bincount(minlength=LAYERS).tolist()
    assert model.mean_depth == pytest.approx(float(first.double().mean()) + 1)


@pytest.mark.parametrize("model_type", NETWORKS)
def test_the_answer_of_a_window_does_not_hang_on_its_batch(model_type, deep):
    model = exiting(deep[model_type], 0.7)
    together, used = torch.stack(answers(model)), model.layers_used
    model.forget()
    alone = [model.outputs(pad([own], model.network.tokenizer.pad_token_id))[0] for own in features_of(model)]
    torch.testing.assert_close(torch.stack(alone), together, atol=1e-5, rtol=0)
    assert model.layers_used == used


def test_a_batch_goes_no_further_than_its_last_window(deep):
    model = exiting(deep["xlm-roberta"], 0.7)
    ran = []
    for number, layer in enumerate(layers_of(model.network), start=1):
        layer.register_forward_pre_hook(lambda *_, number=number: ran.append(number))
    for feature in features_of(model):
        model.forget()
        ran.clear()
        model.outputs(pad([feature], model.network.tokenizer.pad_token_id))
        assert ran == list(range(1, int(model.mean_depth) + 1))


def test_where_nothing_is_sure_the_answers_are_those_of_the_whole_model(deep):
    model = exiting(deep["roberta-prelayernorm"], 1 - 1e-9)
    for got, want in zip(answers(model), answers(model.model), strict=True):
        assert torch.equal(got, want)
    assert model.layers_used == [0, 0, 0, len(features_of(model))]
    assert model.mean_depth == LAYERS


def test_it_predicts_like_any_model_and_leaves_no_hook_behind(deep):
    model = exiting(deep["bert"], 0.7)
    cut = encoding_of(model.network.tokenizer)
    first = predict(model, PAIRS, LABELS, cut, "fp32", lambda *_: None)
    assert set(first) <= set(LABELS)
    assert len(first) == len(PAIRS)
    assert not any(layer._forward_hooks for layer in layers_of(model.network))
    whole = predict(model.model, PAIRS, LABELS, cut, "fp32", lambda *_: None)
    assert len(whole) == len(PAIRS)


def test_layers_are_counted_until_they_are_forgotten(deep):
    model = exiting(deep["bert"], 0.7)
    assert model.mean_depth is None
    answers(model)
    answers(model)
    assert sum(model.layers_used) == 2 * len(features_of(model))
    model.forget()
    assert model.mean_depth is None


def test_new_exits_are_copies_that_leave_the_head_of_the_last_layer_alone(deep):
    model = new_task_model(ENCODER, deep["bert"], "classification", LABELS, 3)
    exits = new_exits(model)
    assert len(exits) == LAYERS - 1
    for own in exits:
        assert torch.equal(own.head.out.weight, model.module.out.weight)
        torch.nn.init.zeros_(own.head.out.weight)
    assert (model.module.out.weight != 0).any()


def test_saved_exits_come_back(deep, tmp_path):
    model = exiting(deep["bert"], 0.7)
    save_exits(model.exits, tmp_path / "exits.safetensors")
    fresh = new_task_model(ENCODER, deep["bert"], "classification", LABELS, 3)
    again = load_exiting(fresh, tmp_path / "exits.safetensors", 0.7, CPU)
    assert all(torch.equal(a, b) for a, b in zip(answers(again), answers(model), strict=True))


def write_others(file, tensors):
    save_file({name: own.clone() for name, own in tensors.items()}, str(file))


FAULTS = {
    "gone": lambda file, _: file.unlink(),
    "no tensors": lambda file, _: file.write_bytes(b"nothing"),
    "a layer too few": lambda file, own: write_others(file, {k: v for k, v in own.items() if not k.startswith("3.")}),
    "a layer too many": lambda file, own: write_others(file, own | {"4" + k[1:]: v for k, v in own.items() if k[0] == "3"}),
    "other labels": lambda file, own: write_others(file, {k: v[:1] if "out" in k else v for k, v in own.items()}),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_exits_of_something_else_are_one_clear_error(fault, deep, tmp_path):
    file = tmp_path / "exits.safetensors"
    model = new_task_model(ENCODER, deep["bert"], "classification", LABELS, 3)
    save_exits(new_exits(model), file)
    fault(file, load_file(str(file)))
    with pytest.raises(SetupError, match=f"^{file}: no exits of {deep['bert']} "):
        load_exiting(model, file, 0.7, CPU)


@pytest.mark.parametrize("confidence", [0, 1, 1.2, -0.1])
def test_a_confidence_that_decides_nothing_is_refused(confidence, deep):
    model = new_task_model(ENCODER, deep["bert"], "classification", LABELS, 3)
    with pytest.raises(UserError, match=f"exit: found {confidence}; expected a confidence above 0 and below 1"):
        ExitingModel(model, new_exits(model), confidence)


def test_a_network_of_one_layer_has_nowhere_to_leave(pieces_folder, tmp_path):
    encoder = write_encoder(settings_of("xlm-roberta", num_hidden_layers=1), pieces_folder, tmp_path / "low")
    model = new_task_model(ENCODER, encoder, "classification", LABELS, 3)
    with pytest.raises(UserError, match=r"exit: .* has one layer; expected two or more"):
        new_exits(model)
