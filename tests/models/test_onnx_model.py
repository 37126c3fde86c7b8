"""Graphs under a head: where they run, what they are given, and what is said where they cannot be run."""

from __future__ import annotations

import sys

import onnx
import pytest
import torch
from made_models import TASKS, features_of
from tiny_networks import NETWORKS

from isthmus.core.errors import SetupError
from isthmus.models.feature import pad
from isthmus.models.head import load_head
from isthmus.models.network import load_network, outline
from isthmus.models.onnx_model import OnnxModel, open_session
from isthmus.models.pruning import remove_heads

CPU = torch.device("cpu")


class Session:
    """A session that answers with what it was given."""

    def __init__(self, *names, providers=("CPUExecutionProvider",)):
        self.names, self.providers, self.given = names, list(providers), {}

    def get_inputs(self):
        return [type("Input", (), {"name": name}) for name in self.names]

    def get_providers(self):
        return self.providers

    def run(self, outputs, given):
        assert outputs == ["logits"]
        self.given = given
        return [torch.randn(len(given["input_ids"]), 2).numpy()]


def batch_of(model):
    return pad(features_of(model), model.network.tokenizer.pad_token_id)


@pytest.mark.parametrize("names", [("input_ids", "attention_mask"), ("input_ids", "attention_mask", "token_type_ids")])
def test_a_graph_is_given_the_inputs_that_it_names_and_no_other(names, encoders):
    session = Session(*names)
    model = OnnxModel(session, outline(encoders["bert"]), load_head("classification"), "fp32").eval()
    batch = batch_of(model)
    found = model.outputs(batch)
    expected = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.types}
    assert set(session.given) == set(names)
    assert all((session.given[name] == expected[name].numpy()).all() for name in names)
    assert len(found) == len(TASKS["classification"][1])
    assert all(row.exp().sum().item() == pytest.approx(1) for row in found)


@pytest.mark.parametrize(("providers", "where"), [(["CPUExecutionProvider"], "cpu"), (["CUDAExecutionProvider"], "cuda")])
def test_a_model_says_where_its_graph_runs(providers, where, encoders):
    session = Session("input_ids", "attention_mask", providers=providers)
    assert OnnxModel(session, outline(encoders["bert"]), load_head("choice"), "int8").device.type == where


@pytest.mark.parametrize("model_type", NETWORKS)
def test_an_outline_frames_and_bounds_texts_as_the_network_does_without_a_weight_in_memory(model_type, encoders):
    network, found = load_network(encoders[model_type]), outline(encoders[model_type])
    assert (found.frame, found.positions, found.hidden_size, found.depth) == (
        network.frame, network.positions, network.hidden_size, network.depth,
    )  # fmt: skip
    assert found.device.type == "meta"


def test_an_outline_of_a_folder_without_a_configuration_is_the_users_mistake(tmp_path):
    with pytest.raises(SetupError, match="no configuration can be loaded from here"):
        outline(tmp_path)


def test_an_outline_of_a_network_that_lost_heads_has_the_shapes_that_are_left(encoders, tmp_path):
    network = load_network(encoders["bert"])
    remove_heads(network.body, [[1], [0, 1]])
    network.save(tmp_path)
    shapes = {name: weight.shape for name, weight in network.body.named_parameters()}
    assert {name: weight.shape for name, weight in outline(tmp_path).body.named_parameters()} == shapes


def graph_of_nothing(file):
    """Write a graph that returns what it is given."""
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    given, found = (helper.make_tensor_value_info(name, number, [1]) for name in ("x", "logits"))
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["logits"])], "nothing", [given], [found])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), str(file))
    return file


def test_a_graph_runs_on_the_threads_asked_for_which_rest_between_answers(tmp_path):
    options = open_session(graph_of_nothing(tmp_path / "model.onnx"), CPU, 2).get_session_options()
    assert options.intra_op_num_threads == 2
    assert options.get_session_config_entry("session.force_spinning_stop") == "1"


def test_without_onnxruntime_the_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(SetupError, match=r"pip install 'isthmus\[onnx\]'"):
        open_session(tmp_path / "model.onnx", CPU)


def test_a_file_that_is_no_graph_is_named(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(SetupError, match=r"model\.onnx: onnxruntime cannot read this graph"):
        open_session(tmp_path / "model.onnx", CPU)
