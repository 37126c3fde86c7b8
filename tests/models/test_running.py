"""Loading a directory as it is to be run: what is loaded, what answers the same, and what goes with what."""

from __future__ import annotations

import json
import sys

import pytest
import torch
from made_models import ENCODER, PAIRS, TASKS, answers, change, trained
from tiny_networks import NETWORKS, encoding_of

from isthmus.core.errors import SetupError, UserError
from isthmus.evaluation.predict import predict
from isthmus.models import lora
from isthmus.models.running import check_compiler, load_running, refuse_after, runs_plainly
from isthmus.models.task_model import TaskModel
from isthmus.models.trained import load_task_model, new_task_model, save_task_model
from isthmus.models.variant import Running, copy_model, read_running, write_running

CPU = torch.device("cpu")
LABELS = TASKS["classification"][0]


@pytest.mark.parametrize("model_type", NETWORKS)
def test_a_directory_without_a_variant_is_loaded_as_any_trained_model_is(model_type, encoders, tmp_path):
    folder = trained(encoders[model_type], tmp_path / "full")
    model, labels = load_running(ENCODER, folder, folder, CPU)
    network = ENCODER.load(folder / "encoder")
    network.attend("eager")
    same, _, _ = load_task_model(ENCODER, network, folder)
    assert labels == LABELS
    assert (model.device, model.precision) == (CPU, None)
    assert torch.equal(torch.stack(answers(model)), torch.stack(answers(same.eval())))


def test_a_head_of_another_folder_is_put_on_the_encoder(encoders, tmp_path):
    folder = trained(encoders["bert"], tmp_path / "full")
    trained(encoders["bert"], folder / "heads" / "other", "tagging")
    model, labels = load_running(ENCODER, folder, folder / "heads" / "other", CPU)
    assert labels == ["A", "B"]
    assert len(answers(model, "tagging")) == len(TASKS["tagging"][1])


def test_updates_that_are_not_folded_in_are_put_on(encoders, tmp_path):
    model = new_task_model(ENCODER, encoders["bert"], "classification", LABELS, 3)
    lora.inject(model.network, 2, 4.0, 0)
    for name, weight in model.body.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.3)
    save_task_model(model, tmp_path, "classification", LABELS)
    found, _ = load_running(ENCODER, tmp_path, tmp_path, CPU)
    assert lora.adapted(found.network)
    torch.testing.assert_close(answers(found), answers(model.eval()), atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    "running", [Running(runtime="onnx"), Running(runtime="compile"), Running(precision="bf16"), Running(exit=0.9)]
)
def test_what_is_run_in_another_way_than_a_trained_model_is_not_plain(running, encoders, tmp_path):
    folder = trained(encoders["bert"], tmp_path / "full")
    assert runs_plainly(folder)
    write_running(folder, Running().after("layers", {"layers": 1}))
    assert runs_plainly(folder)
    write_running(folder, running)
    assert not runs_plainly(folder)


def autocast_seen(model, monkeypatch):
    """Return whether autocast was on while a model predicted with bf16 asked for."""
    seen = []

    def watched(batch):
        seen.append(torch.is_autocast_enabled("cpu"))
        return outputs(batch)

    outputs = model.outputs
    monkeypatch.setattr(model, "outputs", watched)
    predict(model, PAIRS, LABELS, encoding_of(model.network.tokenizer), "bf16", lambda *_: None)
    return set(seen)


@pytest.mark.parametrize(("precision", "expected"), [(None, {True}), ("bf16", {False}), ("int8", {False})])
def test_a_model_made_for_a_precision_is_not_cast_again(precision, expected, encoders, tmp_path, monkeypatch):
    folder = trained(encoders["xlm-roberta"], tmp_path / "full")
    write_running(folder, Running(precision=precision))
    model, _ = load_running(ENCODER, folder, folder, CPU)
    assert model.precision == precision
    assert autocast_seen(model, monkeypatch) == expected


@pytest.mark.parametrize("precision", ["bf16", "int8"])
def test_a_model_in_smaller_numbers_computes_with_them(precision, encoders, tmp_path):
    folder = trained(encoders["xlm-roberta"], tmp_path / "full")
    full, _ = load_running(ENCODER, folder, folder, CPU)
    write_running(folder, Running(precision=precision))
    model, _ = load_running(ENCODER, folder, folder, CPU)
    assert isinstance(model, TaskModel)
    gap = (torch.stack(answers(model)) - torch.stack(answers(full))).abs().max()
    assert 0 < gap < 0.05


def test_a_graph_holds_one_head_and_takes_no_other(encoders, tmp_path):
    folder = trained(encoders["bert"], tmp_path / "full")
    write_running(folder, Running(runtime="onnx"))
    with pytest.raises(UserError, match="this graph holds one head, its own"):
        load_running(ENCODER, folder, tmp_path / "other", CPU)


def test_a_graph_that_is_not_there_is_named(encoders, tmp_path):
    folder = trained(encoders["bert"], tmp_path / "full")
    write_running(folder, Running(runtime="onnx"))
    with pytest.raises(SetupError, match=r"onnx/model\.onnx"):
        load_running(ENCODER, folder, folder, CPU)


def test_compiling_on_a_cpu_without_a_compiler_says_what_is_missing(monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(SetupError, match=r"needs a C\+\+ compiler; found no no-such-compiler"):
        check_compiler(CPU)
    check_compiler(torch.device("cuda"))
    monkeypatch.delenv("CXX")
    monkeypatch.setenv("PATH", "")
    for platform, compiler in (("linux", r"g\+\+"), ("darwin", r"clang\+\+")):
        monkeypatch.setattr(sys, "platform", platform)
        with pytest.raises(SetupError, match=f"found no {compiler} "):
            check_compiler(CPU)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("{", "does not say how a model is run"),
        ("[]", "does not say how a model is run"),
        (json.dumps({"runtime": "torch"}), "does not say how a model is run"),
        (json.dumps({"runtime": "torch", "changes": [], "colour": "red"}), "does not say how a model is run .*colour"),
        (json.dumps({"runtime": "tensorrt", "changes": []}), "runtime: found 'tensorrt'; expected one of torch, onnx"),
        (json.dumps({"precision": "int4", "changes": []}), "precision: found 'int4'; expected one of None, bf16, int8"),
    ],
)
def test_a_record_that_says_nothing_known_is_one_clear_error(record, told, tmp_path):
    (tmp_path / "variant.json").write_text(record)
    with pytest.raises(SetupError, match=rf"variant\.json: {told}"):
        read_running(tmp_path)


def test_weights_that_are_links_to_elsewhere_are_copied_whole(encoders, tmp_path):
    source = trained(encoders["bert"], tmp_path / "source")
    weights = source / "encoder/model.safetensors"
    content = weights.read_bytes()
    weights.rename(tmp_path / "blob")
    weights.symlink_to("../../blob")
    (tmp_path / "far/away").mkdir(parents=True)
    copy_model(source, tmp_path / "far/away")
    assert (tmp_path / "far/away/encoder/model.safetensors").read_bytes() == content


WRONG = {
    ("onnx", "runtime 'onnx'"): Running(runtime="onnx"),
    ("onnx", "precision 'int8'"): Running(precision="int8"),
    ("onnx", "early exits"): Running(exit=0.9),
    ("bf16", "runtime 'onnx'"): Running(runtime="onnx"),
    ("bf16", "precision 'int8'"): Running(precision="int8"),
    ("int8", "runtime 'compile'"): Running(runtime="compile"),
    ("int8", "precision 'int8'"): Running(runtime="onnx", precision="int8"),
    ("compile", "runtime 'onnx'"): Running(runtime="onnx"),
    ("compile", "early exits"): Running(exit=0.5),
}


@pytest.mark.parametrize(("name", "found"), WRONG)
def test_changes_that_do_not_go_together_are_refused(name, found, encoders, tmp_path):
    folder = trained(encoders["bert"], tmp_path / "full")
    write_running(folder, WRONG[name, found])
    with pytest.raises(UserError, match=f"{name}: this cannot be done to a model with {found}; expected"):
        change(name, folder, tmp_path / "out")
    assert not any((tmp_path / "out").iterdir())


@pytest.mark.parametrize("name", ["bf16", "int8"])
def test_smaller_numbers_want_updates_folded_in(name, encoders, tmp_path):
    folder = trained(encoders["bert"], tmp_path / "full")
    (folder / "adapter").mkdir()
    with pytest.raises(UserError, match="updates that are not folded in; expected merge: true before it"):
        change(name, folder, tmp_path / "out")
    assert refuse_after(folder, "onnx", adapter=True) == Running()
