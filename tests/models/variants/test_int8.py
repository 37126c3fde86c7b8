"""int8 in torch and as a graph: near the full model, smaller, and without a word."""

from __future__ import annotations

import warnings

import pytest
import torch
from made_models import TASKS, answers, change, running, trained

from isthmus.models.onnx_model import OnnxModel
from isthmus.models.task_model import TaskModel
from isthmus.models.variant import read_running


@pytest.fixture(scope="module")
def variants(world_graph, tmp_path_factory):
    """A shipped encoder under a new head: full, exported, and both in int8."""
    root = tmp_path_factory.mktemp("int8")
    full, graph = world_graph
    return {
        "torch": full,
        "onnx": graph,
        "torch-int8": change("int8", full, root / "torch-int8"),
        "onnx-int8": change("int8", graph, root / "onnx-int8"),
    }


@pytest.mark.parametrize(("runtime", "model"), [("torch", TaskModel), ("onnx", OnnxModel)])
def test_a_model_in_int8_answers_nearly_as_before(runtime, model, variants):
    small = running(variants[f"{runtime}-int8"])
    assert isinstance(small, model)
    assert (small.precision, small.device.type) == ("int8", "cpu")
    found, full = (torch.stack(answers(m)) for m in (small, running(variants["torch"])))
    assert 0 < (found - full).abs().max() < 0.05


@pytest.mark.parametrize("kind", ["tagging", "span", "ranking", "choice"])
def test_every_kind_is_answered_in_int8(kind, encoders, tmp_path):
    source = trained(encoders["xlm-roberta"], tmp_path / "source", kind)
    small = running(change("int8", source, tmp_path / "int8"))
    assert len(answers(small, kind)) == len(answers(running(source), kind)) >= len(TASKS[kind][1])


def test_a_graph_in_int8_is_less_than_half_as_large(variants):
    sizes = {name: (variants[name] / "onnx/model.onnx").stat().st_size for name in ("onnx", "onnx-int8")}
    assert sizes["onnx-int8"] < 0.5 * sizes["onnx"]
    running_ = read_running(variants["onnx-int8"])
    assert [told["change"] for told in running_.changes] == ["onnx", "int8"]
    assert running_.changes[-1]["bytes"] == sizes["onnx-int8"]
    assert {f.name for f in (variants["onnx-int8"] / "onnx").iterdir()} == {"model.onnx"}


def test_in_torch_the_weights_stay_as_they_were_on_disk_and_what_they_take_is_told(variants):
    full, small = variants["torch"], variants["torch-int8"]
    files = {str(file.relative_to(small)) for file in small.rglob("*") if file.is_file()}
    assert files == {*(str(f.relative_to(full)) for f in full.rglob("*") if f.is_file()), "variant.json"}
    name = "encoder/model.safetensors"
    assert (small / name).read_bytes() == (full / name).read_bytes()
    (told,) = read_running(small).changes
    assert 0.3 * (full / name).stat().st_size < told["bytes"] < 0.8 * (full / name).stat().st_size


@pytest.mark.parametrize("runtime", ["torch", "onnx"])
def test_nothing_is_said_while_a_model_is_quantised(runtime, variants, tmp_path, capfd, caplog):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        answers(running(change("int8", variants[runtime], tmp_path / "int8")))
    assert (said, caplog.records, *capfd.readouterr()) == ([], [], "", "")
