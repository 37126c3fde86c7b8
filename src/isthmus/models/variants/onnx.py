"""Exporting: encoder and head as one ONNX graph, which onnxruntime runs without torch.

Into the graph go token ids and their mask, B x T of any size, and token types where the tokenizer has them; logits come out.
Positions and segments that the network derives of the ids are computed in it.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from isthmus.core.errors import SetupError, UserError
from isthmus.models.feature import WIDTH, Batch
from isthmus.models.onnx_model import onnxruntime, open_session
from isthmus.models.running import load_running, refuse_after
from isthmus.models.task_model import TaskModel
from isthmus.models.trained import ENCODER, HEADS, WEIGHTS
from isthmus.models.variant import ADAPTER, GRAPH, ONNX, Change, Making, copy_model, write_running

OPSET = 18  # what torch's exporter makes first; later ones are made of it and run no faster
LARGEST = 1_900_000_000  # bytes of weights in one file: protocol buffers end at 2 GB
FURTHEST = 1e-3  # how far the logits of a graph may lie from torch's, as a part of the largest
SIZES = ((1, WIDTH), (3, 2 * WIDTH), (2, 4 * WIDTH))  # of the batches they are compared on; the second is exported


class Exported(nn.Module):
    """Body and head of a task model, from tensors to logits."""

    def __init__(self, model: TaskModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
        """Return the head's logits of B x T token ids."""
        types = torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids
        hidden = self.model.network.hidden(self.model.body, Batch(input_ids, types, attention_mask, ()))
        return self.model.head.logits(self.model.module, hidden).float()


def make(making: Making) -> None:
    """Write the graph of a model, and beside it the tokenizer, the configuration and the labels, without torch's weights.

    The graph's logits are held against torch's on sub-words drawn at random. Raises SetupError where the packages of the
    extra are missing, UserError for a model with early exits or in smaller numbers, and for an encoder that cannot be
    exported or whose graph computes something else.
    """
    running = refuse_after(making.source, "onnx", adapter=True)
    onnx_package()
    onnxruntime()
    model, _ = load_running(making.family, making.source, making.source, torch.device("cpu"))
    assert isinstance(model, TaskModel)
    copy_model(making.source, making.out, but={ENCODER, WEIGHTS, HEADS, ADAPTER})
    weights = shutil.ignore_patterns("*.safetensors", "*.safetensors.index.json")
    shutil.copytree(making.source / ENCODER, making.out / ENCODER, ignore=weights)
    (making.out / ONNX).mkdir()
    graph = making.out / ONNX / GRAPH
    opset = export(model, graph)
    making.tick(1, 2)
    told = {"opset": opset, "bytes": graph_bytes(graph.parent), "furthest": _compared(model, graph)}
    write_running(making.out, running.after("onnx", told, runtime="onnx"))
    making.tick(2, 2)


def export(model: TaskModel, graph: Path) -> int:
    """Write body and head of a model as a graph and return its opset; weights of more than 2 GB lie in a file beside it."""
    names = _inputs(model)
    batch = _drawn(model, SIZES[1], names)
    dynamic = {name: {0: "batch", 1: "length"} for name in names}
    with _quiet():
        try:
            program = torch.onnx.export(
                Exported(model).eval(), tuple(batch.values()), dynamo=True, opset_version=OPSET, verbose=False,
                input_names=names, output_names=["logits"], dynamic_shapes=dynamic,
            )  # fmt: skip
        except torch.onnx.OnnxExporterError as error:
            kind = getattr(model.network.body.config, "model_type", type(model.network.body).__name__)
            why = next((line for line in str(error.__cause__ or error).splitlines() if line.strip()), "no reason given")
            raise UserError(f"onnx: an encoder of model_type {kind!r} cannot be exported ({why.strip()[:200]})") from error
        assert program is not None, "torch returns a program where no file is named"
        size = _bare(program.model)
        program.save(str(graph), external_data=in_parts(size))
    return int(program.model.opset_imports[""])


def _bare(model: Any) -> int:
    """Take out of a graph what nobody needs to run it, and return the bytes of its weights.

    Its notes name the files it was made of on this machine. And the shape of a weight that is said beside the weight itself
    stays as it was where a quantiser turns the weight over, which is then an error.
    """
    graph = model.graph
    for thing in (model, graph, *graph.inputs, *graph.outputs, *graph.all_nodes()):
        thing.metadata_props.clear()
    size = 0
    for value in (*graph.initializers.values(), *(value for node in graph.all_nodes() for value in node.outputs)):
        value.metadata_props.clear()
        if value.const_value is not None:
            size += value.const_value.nbytes
            value.shape = value.type = None
    return size


def _inputs(model: TaskModel) -> list[str]:
    typed = "token_type_ids" in model.network.tokenizer.model_input_names
    return ["input_ids", "attention_mask", *(["token_type_ids"] if typed else [])]


def _drawn(model: TaskModel, size: tuple[int, int], names: list[str]) -> dict[str, Tensor]:
    """Return inputs of pairs of random sub-words, of which the last has the least and is padded."""
    frame, tokenizer = model.network.frame, model.network.tokenizer
    rows, length = size[0], min(size[1], model.network.positions or size[1])
    ids = torch.full((rows, length), tokenizer.pad_token_id)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    generator = torch.Generator().manual_seed(0)
    for row in range(rows):
        room = length - frame.size - 2 * row
        drawn = torch.randint(len(tokenizer), (max(room, 2),), generator=generator).tolist()
        own, kinds = frame.two(drawn[: len(drawn) // 2], drawn[len(drawn) // 2 :])
        ids[row, : len(own)], types[row, : len(own)] = torch.tensor(own), torch.tensor(kinds)
        mask[row, : len(own)] = 1
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    return {name: given[name] for name in names}


@torch.no_grad()
def _compared(model: TaskModel, graph: Path) -> float:
    """Return how far the graph's logits lie from the model's at most; raises UserError where that is too far."""
    session, exported, names = open_session(graph, torch.device("cpu")), Exported(model).eval(), _inputs(model)
    furthest = 0.0
    for size in SIZES:
        batch = _drawn(model, size, names)
        expected = exported(**batch)
        taken = {given.name: batch[given.name].numpy() for given in session.get_inputs()}
        found = torch.from_numpy(session.run(["logits"], taken)[0])
        gap = (found - expected).abs()[batch["attention_mask"].bool()] if expected.dim() > 2 else (found - expected).abs()
        furthest = max(furthest, gap.max().item())
        if not gap.max() <= FURTHEST * max(1.0, expected.abs().max().item()):
            what = f"{gap.max().item():.2g} from torch's on {size[0]} x {size[1]} sub-words; expected at most {FURTHEST:g}"
            raise UserError(f"onnx: the logits of the exported graph lie {what} of the largest")
    return furthest


def in_parts(size: int) -> bool:
    """Return whether so many bytes of weights must lie in a file beside their graph."""
    return size > LARGEST


def graph_bytes(folder: Path) -> int:
    """Return what a graph takes on disk, its weights with it."""
    return sum(file.stat().st_size for file in folder.iterdir())


def onnx_package() -> Any:
    """Return the package of graphs; raises SetupError where it or its scripts, which torch exports with, are missing."""
    try:
        import onnx
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise SetupError(f"runtime: onnx needs an extra, pip install 'isthmus[onnx]' ({error})") from error
    return onnx


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the exporter says of its own workings out of a step's log; what is wrong with a graph is an error."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "torch.export", "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


CHANGE = Change(make)
