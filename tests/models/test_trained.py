"""A trained model on disk: the same outputs after loading, and nothing but safetensors and JSON."""

from __future__ import annotations

import json

import pytest
import torch
from tiny_networks import NETWORKS, TEXT, encoding_of, settings_of

from isthmus.evaluation.predict import predict
from isthmus.models.family import load_family
from isthmus.models.feature import pad
from isthmus.models.task_model import new_language_model
from isthmus.models.trained import load_task_model, new_task_model, save_task_model
from isthmus.sources.example import Question, TaggedSentence, TextPair

ENCODER = load_family("encoder")
LABELS = {"tagging": ["A", "B", "C"], "classification": ["yes", "no"], "span": []}
EXAMPLES = {
    "tagging": [TaggedSentence("t", tuple(line.split()), None) for line in TEXT["en"]],
    "classification": [TextPair("c", a, b, None) for a, b in zip(TEXT["zh"], TEXT["th"], strict=True)],
    "span": [Question("q", "Who sleeps?", line, None) for line in TEXT["en"]],
}


def outputs(model, kind):
    model.eval()
    features = model.head.features(EXAMPLES[kind], LABELS[kind], encoding_of(model.network.tokenizer, 48, 8))
    batch = pad(features, model.network.tokenizer.pad_token_id)
    with torch.no_grad():
        return model.module(model.network.hidden(model.body, batch))


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("model_type", NETWORKS)
def test_a_loaded_model_computes_what_the_saved_one_did(model_type, kind, encoders, tmp_path):
    model = new_task_model(ENCODER, encoders[model_type], kind, LABELS[kind], 5)
    save_task_model(model, tmp_path, kind, LABELS[kind])
    again, *rest = load_task_model(ENCODER, ENCODER.load(tmp_path / "encoder"), tmp_path)
    assert rest == [kind, LABELS[kind]]
    assert torch.equal(outputs(again, kind), outputs(model, kind))
    cut = encoding_of(model.network.tokenizer, 48, 8)
    first, second = (predict(m, EXAMPLES[kind], LABELS[kind], cut, "fp32", lambda *_: None) for m in (model, again))
    assert first == second
    assert len(first) == len(EXAMPLES[kind])


def test_only_safetensors_and_json_are_written(encoders, tmp_path):
    model = new_task_model(ENCODER, encoders["bert"], "tagging", ["A", "B"], 0)
    save_task_model(model, tmp_path, "tagging", ["A", "B"])
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".json", ".safetensors"}
    assert {file.relative_to(tmp_path).parts[0] for file in files} == {"encoder", "head.safetensors", "head.json"}
    assert json.loads((tmp_path / "head.json").read_text()) == {"kind": "tagging", "labels": ["A", "B"]}


def test_a_new_head_depends_on_its_seed_alone(encoders):
    def head(seed):
        return new_task_model(ENCODER, encoders["bert"], "tagging", ["A", "B"], seed).module.out.weight

    first = head(1)
    torch.manual_seed(77)
    assert torch.equal(head(1), first)
    assert not torch.equal(head(2), first)


def test_weights_that_the_directory_lacks_are_drawn_from_the_seed(pieces_folder, tmp_path):
    new_language_model(settings_of("xlm-roberta"), pieces_folder, 0).save(tmp_path)  # saved without a pooler
    first, second = (new_task_model(ENCODER, tmp_path, "tagging", ["A"], 1).state_dict() for _ in range(2))
    assert any("pooler" in name for name in first)
    assert all(torch.equal(weight, second[name]) for name, weight in first.items())
