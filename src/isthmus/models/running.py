"""Loading a trained directory as it is to be run: by torch, compiled, in smaller numbers, by early exits, or as a graph."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any, Protocol

import torch

from isthmus.compute.device import quickest_attention
from isthmus.core.errors import SetupError, UserError
from isthmus.models.exiting import load_exiting
from isthmus.models.family import Family
from isthmus.models.feature import Batch
from isthmus.models.head import Head
from isthmus.models.lora import attach
from isthmus.models.network import Network, outline
from isthmus.models.onnx_model import OnnxModel, open_session
from isthmus.models.precision import to_bf16, to_int8
from isthmus.models.task_model import TaskModel
from isthmus.models.trained import ENCODER, head_record, load_task_model
from isthmus.models.variant import ADAPTER, EXITS, GRAPH, ONNX, Running, read_running


class Answering(Protocol):
    """What predictions need of a model, whatever runs it."""

    @property
    def head(self) -> Head:
        """Return what makes features of examples and predictions of outputs."""

    @property
    def network(self) -> Network:
        """Return the tokenizer, and the body or an outline of it."""

    @property
    def precision(self) -> str | None:
        """Return what it computes in, None where it follows the caller's autocast."""

    @property
    def device(self) -> torch.device:
        """Return where batches are to be."""

    def eval(self) -> Any:
        """Make it ready to predict."""

    def outputs(self, batch: Batch) -> list[Any]:
        """Return the head's outputs, one a feature."""


def runs_plainly(folder: Path) -> bool:
    """Return whether a trained directory is nothing but an encoder with heads, run by torch as it lies there."""
    running = read_running(folder)
    return (running.runtime, running.precision, running.exit) == ("torch", None, None)


def load_encoder(family: Family, folder: Path, device: torch.device) -> Network:
    """Return the encoder of a trained directory on a device, low-rank updates put on it where there are any."""
    network = family.load(folder / ENCODER)
    network.body.to(device)
    network.attend(quickest_attention(device))
    if (folder / ADAPTER).exists():
        attach(network, folder / ADAPTER)
    return network


def load_running(
    family: Family, folder: Path, head: Path, device: torch.device, threads: int | None = None
) -> tuple[Answering, list[str]]:
    """Return (model, labels): a trained directory with the head in a folder, as ``variant.json`` says that it is run.

    int8, and a graph where onnxruntime knows no GPU, run on the CPU whatever ``device`` is; the model says where it runs.
    ``threads`` are those of a graph: torch's own are set for a whole process.
    """
    running = read_running(folder)
    if running.runtime == "onnx":
        return _graph(family, folder, head, device, threads, running)
    device = torch.device("cpu") if running.precision == "int8" else device
    model, _, labels = load_task_model(family, load_encoder(family, folder, device), head)
    model.to(device)
    model.eval()
    if running.exit is not None:
        return load_exiting(model, folder / EXITS, running.exit, device), labels
    return _prepared(model, running, device), labels


def _graph(
    family: Family, folder: Path, head: Path, device: torch.device, threads: int | None, running: Running
) -> tuple[OnnxModel, list[str]]:
    if head.resolve() != folder.resolve():
        raise UserError(f"{folder}: this graph holds one head, its own; found {head} to be put on it")
    session = open_session(folder / ONNX / GRAPH, device, threads)
    kind, labels = head_record(folder)
    return OnnxModel(session, outline(folder / ENCODER), family.head(kind), running.precision or "fp32"), labels


def _prepared(model: TaskModel, running: Running, device: torch.device) -> TaskModel:
    if running.precision == "bf16":
        to_bf16(model)
    if running.precision == "int8":
        to_int8(model)
    if running.runtime == "compile":
        check_compiler(device)
        # The network keeps the body as it is: its layers and its configuration are asked for there.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of torch's compiler, about parts of torch
            model.body = torch.compile(model.body, dynamic=True)  # type: ignore[assignment]
    return model


def check_compiler(device: torch.device) -> None:
    """Raise SetupError where torch.compile would find nothing to compile with: a C++ compiler, which CPUs need."""
    wanted = os.environ.get("CXX") or ("clang++" if sys.platform == "darwin" else "g++")  # what torch looks for
    if device.type == "cpu" and not shutil.which(wanted):
        raise SetupError(f"runtime: compile needs a C++ compiler; found no {wanted} (CXX names another)")


def refuse_after(folder: Path, change: str, *, runtimes: tuple[str, ...] = ("torch",), adapter: bool = False) -> Running:
    """Return how a directory is run that ``change`` may be made to.

    Raises UserError where it may not: after a change of precision or a runtime that is none of ``runtimes``, where it exits
    early, and, unless ``adapter``, while low-rank updates are not folded in.
    """
    running = read_running(folder)
    found = None
    if running.runtime not in runtimes:
        found, wanted = f"runtime {running.runtime!r}", " or ".join(repr(name) for name in runtimes)
    elif running.precision is not None:
        found, wanted = f"precision {running.precision!r}", "full precision"
    elif running.exit is not None:
        found, wanted = "early exits", "a model that runs all its layers"
    elif (folder / ADAPTER).exists() and not adapter:
        found, wanted = "low-rank updates that are not folded in", "merge: true before it"
    if found:
        raise UserError(f"{change}: this cannot be done to a model with {found}; expected {wanted}")
    return running
