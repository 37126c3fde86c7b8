"""Exported graphs: the answers of torch for every kind, architecture and size of batch; and what such an artifact holds."""

from __future__ import annotations

import json
import logging
import shutil
import sys
import warnings
from pathlib import Path

import numpy
import pytest
import torch
from made_models import ENCODER, TASKS, answers, change, features_of, fine_tuned, running, trained, world_examples
from tiny_networks import encoding_of

import isthmus
from isthmus.core.errors import SetupError, UserError
from isthmus.evaluation.predict import predict
from isthmus.models import lora
from isthmus.models.feature import Feature, pad
from isthmus.models.onnx_model import OnnxModel
from isthmus.models.trained import new_task_model, save_task_model
from isthmus.models.variant import read_running
from isthmus.models.variants import onnx as exporting
from isthmus.tasks.task import load_task
from isthmus.world.source import ENCODERS

GRAPHS = {  # an export takes seconds: each kind is exported once, on another architecture
    "choice": "bert",
    "tagging": "modernbert",
    "span": "xlm-roberta",
    "ranking": "roberta-prelayernorm",
}
QUICK = ("classification", "choice", "span", "span_or_none")
KINDS = (*QUICK, *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("tagging", "ranking")))
CLOSE = {"atol": 1e-4, "rtol": 0.0}


@pytest.fixture(scope="module")
def exported(encoders, world_graph, tmp_path_factory):
    """By kind of task (source, graph), made when first asked for; the encoder under ``ranking`` has low-rank updates."""
    made = {"classification": world_graph}

    def of(kind):
        if kind not in made:
            root = tmp_path_factory.mktemp(kind)
            if kind == "span_or_none":  # the same network, read in another way
                made[kind] = tuple(as_kind(folder, root / folder.name, kind) for folder in of("span"))
            else:
                source = (adapted if kind == "ranking" else trained)(encoders[GRAPHS[kind]], root / "source", kind)
                made[kind] = (source, change("onnx", source, root / "onnx"))
        return made[kind]

    return of


def as_kind(folder, out, kind):
    shutil.copytree(folder, out)
    (out / "head.json").write_text(json.dumps({"kind": kind, "labels": []}))
    return out


def adapted(encoder, folder, kind):
    model = new_task_model(ENCODER, encoder, kind, TASKS[kind][0], 3)
    lora.inject(model.network, 2, 4.0, 0)
    for name, weight in model.body.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.3, generator=torch.Generator().manual_seed(0))
    save_task_model(model, folder, kind, TASKS[kind][0])
    return folder


def logits(model, batch):
    """Return the logits of a batch by torch or by a graph."""
    if isinstance(model, OnnxModel):
        given = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.types}
        return torch.from_numpy(model.session.run(["logits"], {name: given[name].numpy() for name in model.names})[0])
    with torch.no_grad():
        return model.head.logits(model.module, model.network.hidden(model.body, batch))


def drawn(model, rows, length, seed=0):
    """Return a batch of pairs of random sub-words, each a little shorter than the one before."""
    frame, tokenizer = model.network.frame, model.network.tokenizer
    generator = torch.Generator().manual_seed(seed)
    features = []
    for row in range(rows):
        room = max(length - frame.size - row % 5, 2)
        ids = torch.randint(5, len(tokenizer), (room,), generator=generator).tolist()
        features.append(Feature(*frame.two(ids[: room // 2], ids[room // 2 :]), row, None))
    return pad(features, tokenizer.pad_token_id)


@pytest.mark.parametrize("kind", KINDS)
def test_a_graph_computes_torchs_logits_for_batches_of_every_size(kind, exported):
    full, graph = map(running, exported(kind))
    for rows, length in ((1, 8), (1, 30), (2, 16), (7, 40), (33, 64)):
        batch = drawn(full, rows, length)
        torch.testing.assert_close(logits(graph, batch), logits(full, batch), **CLOSE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_graph_answers_examples_as_torch_does(kind, exported):
    full, graph = map(running, exported(kind))
    assert (graph.device.type, graph.precision) == ("cpu", "fp32")
    torch.testing.assert_close(answers(graph, kind), answers(full, kind), **CLOSE)
    for example in TASKS[kind][1][:3]:
        torch.testing.assert_close(answers(graph, kind, [example]), answers(full, kind, [example]), **CLOSE)


def test_choices_with_different_numbers_of_endings_share_a_batch(exported):
    full, graph = map(running, exported("choice"))
    features = features_of(graph, "choice")
    assert {feature.rows for feature in features} == {2, 3}
    assert answers(graph, "choice") == answers(full, "choice")


def test_a_graph_chooses_the_label_that_torch_does(exported):
    full, graph = map(running, exported("classification"))
    pairs = [(logits(full, batch), logits(graph, batch)) for batch in (drawn(full, 50, 24, seed=seed) for seed in range(20))]
    same = torch.cat([a.argmax(-1) == b.argmax(-1) for a, b in pairs])
    assert len(same) == 1000
    assert same.float().mean() >= 0.999


@pytest.mark.slow
def test_a_fine_tuned_graph_gives_2000_test_examples_the_label_that_torch_does(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    task = load_task("pawsx")
    source = fine_tuned(ENCODERS["world-small"], tmp_path / "full", task, world_examples(task, "en", "dev"))
    out = change("onnx", source, tmp_path / "onnx")
    examples = [one for language in ("en", "near", "mid", "far") for one in world_examples(task, language, "test")]
    full, graph = (
        predict(model, examples, task.labels, encoding_of(model.network.tokenizer, 96, 16), "fp32", lambda *_: None)
        for model in (running(source), running(out))
    )
    assert len(full) == 2000
    assert min(full.count(label) for label in task.labels) > 100
    assert sum(a == b for a, b in zip(full, graph, strict=True)) >= 0.999 * len(full)


@pytest.mark.parametrize("kind", ["classification", "choice"])
def test_an_exported_model_keeps_no_weights_but_the_graphs_and_no_pickle(kind, exported):
    source, out = exported(kind)
    files = {str(file.relative_to(out)) for file in out.rglob("*") if file.is_file()}
    own = {str(file.relative_to(source)) for file in source.rglob("*.json")}
    assert files == {*own, "variant.json", "onnx/model.onnx"}
    (told,) = read_running(out).changes
    assert read_running(out).runtime == told["change"] == "onnx"
    assert told["opset"] == 18
    assert told["bytes"] == (out / "onnx/model.onnx").stat().st_size
    assert 0 <= told["furthest"] < 1e-4


def test_a_graph_names_no_file_of_the_machine_it_was_made_on(exported):
    content = (exported("classification")[1] / "onnx/model.onnx").read_bytes()
    assert b".py" not in content
    assert str(Path(isthmus.__file__).parent).encode() not in content


def test_token_types_go_into_a_graph_where_the_tokenizer_has_them(exported):
    typed, untyped = running(exported("choice")[1]), running(exported("classification")[1])
    assert typed.names == ["input_ids", "attention_mask", "token_type_ids"]
    assert untyped.names == ["input_ids", "attention_mask"]


@pytest.mark.slow
def test_updates_that_are_not_folded_in_are_in_the_graph(exported, encoders, tmp_path):
    source, out = exported("ranking")
    assert (source / "adapter").exists()
    assert not (out / "adapter").exists()
    plain = running(trained(encoders[GRAPHS["ranking"]], tmp_path / "plain", "ranking"))
    batch = drawn(plain, 2, 16)
    assert (logits(running(out), batch) - logits(plain, batch)).abs().max() > 0.01


def test_a_graph_that_computes_something_else_is_no_artifact(exported, encoders, tmp_path, monkeypatch):
    other = trained(encoders["bert"], tmp_path / "other", "choice")
    weights = new_task_model(ENCODER, encoders["bert"], "choice", [], 99)
    save_task_model(weights, other, "choice", [])

    def wrong(model, graph):
        shutil.copyfile(exported("choice")[1] / "onnx/model.onnx", graph)
        return 18

    monkeypatch.setattr(exporting, "export", wrong)
    with pytest.raises(UserError, match="the logits of the exported graph lie"):
        change("onnx", other, tmp_path / "onnx")


def test_an_encoder_that_cannot_be_exported_is_named_by_its_architecture(encoders, tmp_path, monkeypatch):
    def failing(*_args, **_kwargs):
        raise torch.onnx.OnnxExporterError("no operator for this")

    monkeypatch.setattr(torch.onnx, "export", failing)
    source = trained(encoders["bert"], tmp_path / "source")
    with pytest.raises(UserError, match=r"model_type 'bert' cannot be exported \(no operator for this\)"):
        change("onnx", source, tmp_path / "onnx")


@pytest.mark.parametrize("package", ["onnx", "onnxscript", "onnxruntime"])
def test_without_a_package_of_the_extra_the_extra_is_named(package, encoders, tmp_path, monkeypatch):
    source = trained(encoders["bert"], tmp_path / "source")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SetupError, match=r"pip install 'isthmus\[onnx\]'"):
        change("onnx", source, tmp_path / "onnx")


def test_weights_of_more_than_a_file_may_hold_lie_beside_the_graph_and_not_a_word_is_said(
    encoders, tmp_path, monkeypatch, capfd
):
    monkeypatch.setattr(exporting, "LARGEST", 1000)
    logger = logging.getLogger("torch.onnx")
    monkeypatch.setattr(logger, "level", logging.INFO)
    source = trained(encoders["bert"], tmp_path / "source")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        out = change("onnx", source, tmp_path / "onnx")
    assert logger.level == logging.INFO
    assert (said, *capfd.readouterr()) == ([], "", "")
    names = {file.name for file in (out / "onnx").iterdir()}
    assert names == {"model.onnx", "model.onnx.data"}
    (told,) = read_running(out).changes
    assert told["bytes"] == sum(file.stat().st_size for file in (out / "onnx").iterdir())
    torch.testing.assert_close(answers(running(out)), answers(running(source)), **CLOSE)
    smaller = change("int8", out, tmp_path / "int8")
    assert numpy.isfinite(torch.stack(answers(running(smaller))).numpy()).all()
