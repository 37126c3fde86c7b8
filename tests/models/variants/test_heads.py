"""Heads that matter least: how they are found, how many stay, and what is refused."""

from __future__ import annotations

import json

import pytest
import torch
from made_models import ENCODER, TASKS, answers, change, features_of, running, trained, weights_of
from tiny_networks import settings_of, write_encoder

from isthmus.core.errors import UserError
from isthmus.models import lora
from isthmus.models.trained import load_task_model, new_task_model, save_task_model
from isthmus.models.variant import read_running
from isthmus.models.variants import heads as module
from isthmus.models.variants.heads import importance, masked, most_important

LOUD = {"initializer_range": 0.4, "num_attention_heads": 4, "hidden_dropout_prob": 0.1}


@pytest.fixture(scope="module")
def encoder(pieces_folder, tmp_path_factory):
    return write_encoder(settings_of("roberta-prelayernorm", **LOUD), pieces_folder, tmp_path_factory.mktemp("loud"))


def loaded(folder):
    model, _, _ = load_task_model(ENCODER, ENCODER.load(folder / "encoder"), folder)
    return model


def measured(model, kind="classification", count=None):
    return importance(model, features_of(model, kind)[:count], lambda *_: None)


def pieces_of(model, layer):
    return model.body.encoder.layer[layer].attention.output.dense.weight.data.unflatten(1, (4, -1))


def test_heads_that_nothing_reads_are_found_and_taken_out_without_changing_an_answer(encoder, tmp_path):
    model = new_task_model(ENCODER, encoder, "classification", ["dogs", "foxes"], 3)
    for layer, head in ((0, 1), (1, 0), (1, 3)):
        pieces_of(model, layer)[:, head] = 0
    save_task_model(model, tmp_path / "planted", "classification", ["dogs", "foxes"])
    found = measured(model)
    assert [(own == 0).nonzero().flatten().tolist() for own in found] == [[1], [0, 3]]
    pruned = change("heads", tmp_path / "planted", tmp_path / "pruned", TASKS["classification"][1], heads=5 / 8)
    told = read_running(pruned).changes[-1]
    assert told["kept"] == [[0, 2, 3], [1, 2]]
    before, after = (torch.stack(answers(running(folder))) for folder in (tmp_path / "planted", pruned))
    torch.testing.assert_close(after, before, atol=1e-5, rtol=0)


def test_the_importance_of_a_head_is_the_mean_absolute_slope_of_each_examples_loss(encoder, tmp_path):
    model = loaded(trained(encoder, tmp_path))
    features = features_of(model)[:3]
    slopes = torch.zeros(2, 4, dtype=torch.float64)
    model.eval()

    def loss(feature, layer, head, by):
        masks = [torch.ones(4), torch.ones(4)]
        masks[layer][head] += by
        batch = module.pad([feature], model.network.tokenizer.pad_token_id)
        with torch.no_grad(), masked(model, masks):
            return float(model(batch).total)

    for feature in features:
        for layer in range(2):
            for head in range(4):
                slopes[layer, head] += abs(loss(feature, layer, head, 0.01) - loss(feature, layer, head, -0.01)) / 0.02
    expected = slopes / slopes.norm(dim=1, keepdim=True)
    found = torch.stack(importance(model, features, lambda *_: None))
    torch.testing.assert_close(found, expected, atol=5e-3, rtol=0)


@pytest.mark.parametrize("kind", TASKS)
def test_importance_is_of_length_1_in_each_layer_and_does_not_hang_on_batches(kind, encoder, tmp_path, monkeypatch):
    folder = trained(encoder, tmp_path, kind)
    together = torch.stack(measured(loaded(folder), kind))
    torch.testing.assert_close(together.norm(dim=1), torch.ones(2, dtype=torch.float64))
    assert (together > 0).all()
    monkeypatch.setattr(module, "micro_tokens", lambda _: 1)
    torch.testing.assert_close(torch.stack(measured(loaded(folder), kind)), together, atol=1e-4, rtol=0)


def test_heads_are_ranked_over_all_layers_and_each_layer_keeps_its_best():
    low, high = torch.tensor([0.1, 0.2, 0.3, 0.15]), torch.tensor([0.5, 0.9, 0.4, 0.6])
    assert most_important([low, high], 0.5) == [[2], [0, 1, 3]]
    assert most_important([low, high], 0.01) == [[2], [1]]
    assert most_important([low, high], 0.99) == [[0, 1, 2, 3], [0, 1, 2, 3]]
    assert most_important([torch.ones(4), torch.ones(4)], 0.5) == [[0, 1, 2], [0]]  # ties: the lowest first


@pytest.mark.parametrize("kind", ["classification", "tagging", "choice", "ranking"])
def test_a_pruned_model_is_smaller_and_answers_as_the_whole_one_does_with_masked_heads(kind, encoder, tmp_path):
    source = trained(encoder, tmp_path / "source", kind)
    pruned = change("heads", source, tmp_path / "pruned", TASKS[kind][1], heads=0.5)
    told = read_running(pruned).changes[-1]
    assert (told["heads"], told["of"]) == (4, 8)
    assert weights_of(pruned) < weights_of(source)
    whole = loaded(source).eval()
    masks = [torch.tensor([float(head in kept) for head in range(4)]) for kept in told["kept"]]
    with masked(whole, masks):
        expected = answers(whole, kind)
    for got, want in zip(answers(running(pruned), kind), expected, strict=True):
        torch.testing.assert_close(torch.as_tensor(got), torch.as_tensor(want), atol=1e-5, rtol=0)


def test_the_same_examples_take_out_the_same_heads_and_the_head_of_the_task_stays(encoder, tmp_path):
    source = trained(encoder, tmp_path / "source")
    first, second = (change("heads", source, tmp_path / n, TASKS["classification"][1], heads=0.3) for n in ("a", "b"))
    assert read_running(first) == read_running(second)
    for name in ("encoder/model.safetensors", "encoder/config.json", "head.safetensors", "head.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert (first / "head.safetensors").read_bytes() == (source / "head.safetensors").read_bytes()
    assert json.loads((first / "encoder/config.json").read_text())["kept_heads"] == read_running(first).changes[-1]["kept"]


@pytest.mark.parametrize("share", [0, 1, 1.5, -0.5])
def test_a_share_that_keeps_nothing_or_everything_is_refused(share, encoder, tmp_path):
    with pytest.raises(UserError, match=f"heads: found {share}; expected the share that is kept, above 0 and below 1"):
        change("heads", trained(encoder, tmp_path / "source"), tmp_path / "out", TASKS["classification"][1], heads=share)


def test_a_share_that_takes_no_head_out_is_refused_before_anything_is_computed(encoder, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "importance", lambda *_: 1 / 0)
    source = trained(encoder, tmp_path / "source")
    with pytest.raises(UserError, match=r"heads: found 0.99, which leaves all 8 heads in 2 layers; expected less"):
        change("heads", source, tmp_path / "out", TASKS["classification"][1], heads=0.99)


def test_without_labelled_examples_heads_cannot_be_judged(encoder, tmp_path):
    source = trained(encoder, tmp_path / "source")
    with pytest.raises(UserError, match="heads: found no labelled example"):
        change("heads", source, tmp_path / "none", heads=0.5)


def test_a_model_without_a_head_of_its_own_is_refused(encoder, tmp_path):
    source = trained(encoder, tmp_path / "source")
    (source / "head.json").unlink()
    with pytest.raises(UserError, match=r"found no head.json"):
        change("heads", source, tmp_path / "out", TASKS["classification"][1], heads=0.5)


def test_a_model_with_updates_beside_its_weights_is_refused(encoder, tmp_path):
    model = new_task_model(ENCODER, encoder, "classification", ["dogs", "foxes"], 3)
    lora.inject(model.network, 2, 4.0, 0)
    save_task_model(model, tmp_path / "source", "classification", ["dogs", "foxes"])
    with pytest.raises(UserError, match=r"heads: .*low-rank updates that are not folded in"):
        change("heads", tmp_path / "source", tmp_path / "out", TASKS["classification"][1], heads=0.5)


def test_an_architecture_whose_heads_stay_is_refused_before_anything_is_computed(encoders, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "importance", lambda *_: 1 / 0)
    source = trained(encoders["modernbert"], tmp_path / "source")
    with pytest.raises(UserError, match="heads cannot be taken out of a network of model_type 'modernbert'"):
        change("heads", source, tmp_path / "out", TASKS["classification"][1], heads=0.5)
