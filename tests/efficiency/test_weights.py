"""What a checkpoint weighs: bytes, parameters, operations; of variants that torch does not run, too."""

from __future__ import annotations

import shutil

import pytest
import torch
from tiny_networks import TEXT, encoders  # noqa: F401

from isthmus.efficiency.disk import needed_bytes, parameters, stored
from isthmus.efficiency.fleet import Checkpoint, Serving
from isthmus.efficiency.flops import flops_of
from isthmus.models.family import load_family
from isthmus.models.trained import new_task_model, save_task_model
from isthmus.models.variant import ENCODER, Making, load_change, read_running, write_running
from isthmus.sources.example import TextPair
from isthmus.training.fine_tune import encoding_for

LABELS = ["a", "b", "c"]
EXAMPLES = [TextPair(str(i), line, None, "a") for i, line in enumerate(TEXT["en"] + TEXT["zh"])]


def server_of(folder):
    return Serving(torch.device("cpu"), 1, 64, 8, "fp32").server(Checkpoint("x", "", "", "", 1, folder, folder))


def variant(name, source, out, **settings):
    out.mkdir()
    given = (load_family("encoder"), settings, lambda network: encoding_for(network, 64, 8), lambda *_: None)
    load_change(name).make(Making(source, out, *given, EXAMPLES, {"en": TEXT["en"]}))
    return out


@pytest.fixture(scope="module", params=["xlm-roberta", "bert", "modernbert"])
def folder(request, tmp_path_factory, encoders):  # noqa: F811
    model = new_task_model(load_family("encoder"), encoders[request.param], "classification", LABELS, 1)
    out = tmp_path_factory.mktemp("full")
    save_task_model(model, out, "classification", LABELS)
    return out


def test_parameters_are_those_of_the_network_and_its_head(folder):
    server = server_of(folder)
    assert parameters(server, folder, folder) == sum(weight.numel() for weight in server.model.parameters())


def test_the_bytes_of_a_trained_directory_are_those_of_its_files(folder):
    (folder / "training.json").write_text("{}")  # nobody needs it to predict
    whole = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    assert needed_bytes(folder, folder) == stored(server_of(folder).model, folder, folder) == whole - 2


def test_operations_are_two_for_each_weight_and_sub_word_and_those_of_attention(encoders, tmp_path):  # noqa: F811
    model = new_task_model(load_family("encoder"), encoders["xlm-roberta"], "classification", LABELS, 1)
    save_task_model(model, tmp_path, "classification", LABELS)
    server = server_of(tmp_path)
    example = next(one for one in EXAMPLES if 16 < len(server.features([one])[0].ids) <= 24)
    hidden, inner, layers, width = 16, 32, 2, 24
    projections, attention = 4 * hidden * hidden + 2 * hidden * inner, 2 * width * hidden
    head = hidden * hidden + hidden * len(LABELS)  # on the first sub-word alone, as the pooler is
    by_hand = 2 * (layers * width * (projections + attention) + hidden * hidden + head)
    assert flops_of(server, tmp_path, [example]) == by_hand


def test_longer_examples_take_more_operations_and_the_mean_is_of_all(folder):
    server = server_of(folder)
    each = [flops_of(server, folder, [one]) for one in EXAMPLES]
    assert flops_of(server, folder, EXAMPLES) == pytest.approx(sum(each) / len(each))
    longest = max(range(len(EXAMPLES)), key=lambda i: len(server.features([EXAMPLES[i]])[0].ids))
    assert each[longest] == max(each) > min(each)


def test_int8_has_the_operations_of_the_network_it_was_made_of_and_fewer_bytes(folder, tmp_path):
    made = variant("int8", folder, tmp_path / "int8")
    full, small = server_of(folder), server_of(made)
    assert flops_of(small, made, EXAMPLES) == flops_of(full, folder, EXAMPLES)
    assert parameters(small, made, made) == parameters(full, folder, folder)
    assert stored(small.model, made, made) < stored(full.model, folder, folder)


def test_bf16_has_about_half_the_bytes_of_weights(folder, tmp_path):
    made = variant("bf16", folder, tmp_path / "bf16")
    server = server_of(made)
    saved = stored(server_of(folder).model, folder, folder) - stored(server.model, made, made)
    assert saved == pytest.approx(2 * parameters(server, made, made), rel=0.25)
    assert flops_of(server, made, EXAMPLES) == flops_of(server_of(folder), folder, EXAMPLES)


def as_graph(source, out):
    """What an export leaves: a graph (which nobody runs here), tokenizer and configuration, no weights of torch's."""
    ignored = shutil.ignore_patterns("*.safetensors")
    shutil.copytree(source, out, ignore=ignored)
    (out / "onnx").mkdir()
    (out / "onnx/model.onnx").write_bytes(b"0" * 5000)
    write_running(out, read_running(source).after("onnx", runtime="onnx"))
    return out


@pytest.mark.parametrize("model_type", ["xlm-roberta", "bert", "modernbert", "pruned"])
def test_a_graph_has_the_operations_and_parameters_of_the_network_it_was_made_of(model_type, encoders, tmp_path):  # noqa: F811
    pruned, source = model_type == "pruned", tmp_path / "full"
    encoder = encoders["xlm-roberta" if pruned else model_type]
    model = new_task_model(load_family("encoder"), encoder, "classification", LABELS, 1)
    save_task_model(model, source, "classification", LABELS)
    source = variant("heads", source, tmp_path / "heads", heads=0.5) if pruned else source
    made, torched = as_graph(source, tmp_path / "onnx"), server_of(source)
    assert flops_of(torched, made, EXAMPLES) == flops_of(torched, source, EXAMPLES)
    assert parameters(torched, made, made) == parameters(torched, source, source)


def test_a_graph_needs_itself_the_labels_and_the_tokenizer(folder, tmp_path):
    made = as_graph(folder, tmp_path / "onnx")
    beside = [made / "variant.json", made / "head.json", *(made / ENCODER).glob("*token*")]
    assert needed_bytes(made, made) == 5000 + sum(file.stat().st_size for file in beside)


def test_an_early_exit_takes_the_operations_of_the_layers_it_used(encoders, tmp_path):  # noqa: F811
    source = tmp_path / "full"
    model = new_task_model(load_family("encoder"), encoders["xlm-roberta"], "classification", LABELS, 1)
    save_task_model(model, source, "classification", LABELS)
    made = variant("exit", source, tmp_path / "exit", exit=0.01)
    server, found, depths = server_of(made), {}, {}
    for server.model.confidence in (0.01, 0.999999):
        found[server.model.confidence] = flops_of(server, made, EXAMPLES)
        depths[server.model.confidence] = (server.depth(EXAMPLES), server.depth(EXAMPLES[:1]))
    whole = flops_of(server_of(source), source, EXAMPLES)
    assert found[0.01] < 0.6 * whole
    assert found[0.999999] >= whole
    assert depths == {0.01: (1.0, 1.0), 0.999999: (2.0, 2.0)}
    assert server_of(source).depth(EXAMPLES) is None
