"""What a checkpoint weighs: bytes that it needs to run, and how many numbers its weights are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import nn

from isthmus.efficiency.serve import Server
from isthmus.models.network import TOKENIZER_FILES, Network, outline
from isthmus.models.precision import stored_bytes
from isthmus.models.trained import ENCODER, HEAD, WEIGHTS
from isthmus.models.variant import ADAPTER, EXITS, ONNX, RECORD, read_running

TENSORS = ".safetensors"


def needed_bytes(folder: Path, head: Path) -> int:
    """Return the bytes of what a checkpoint needs to run: weights or graph, heads, labels, tokenizer."""
    return sum(file.stat().st_size for file in set(_needed(folder, head)))


def stored(model: Any, folder: Path, head: Path) -> int:
    """Return ``needed_bytes`` of a loaded checkpoint, its weights as many bytes as they have once they are loaded.

    That is less where torch casts weights as it loads them: an int8 model is then stored as int8.
    """
    running = read_running(folder)
    if running.runtime == "onnx" or running.precision is None:
        return needed_bytes(folder, head)
    weights = [file for file in set(_needed(folder, head)) if file.suffix == TENSORS]
    rest = needed_bytes(folder, head) - sum(file.stat().st_size for file in weights)
    return rest + stored_bytes(model.network.body) + stored_bytes(model.module)


def _needed(folder: Path, head: Path) -> Iterator[Path]:
    yield from (file for file in (folder / RECORD, head / HEAD) if file.exists())
    if read_running(folder).runtime == "onnx":  # the graph has the head in it
        yield from _files(folder / ONNX)
        yield from (file for name in TOKENIZER_FILES if (file := folder / ENCODER / name).exists())
        return
    yield from (file for file in (head / WEIGHTS, folder / EXITS) if file.exists())
    yield from (*_files(folder / ENCODER), *_files(folder / ADAPTER))


def _files(folder: Path) -> Iterator[Path]:
    yield from (file for file in folder.rglob("*") if file.is_file())


def parameters(server: Server, folder: Path, head: Path) -> int:
    """Return how many numbers the weights of a checkpoint are: those in its files, or those that its graph was made of."""
    files = [file for part in (ENCODER, ADAPTER) for file in _files(folder / part) if file.suffix == TENSORS]
    if files:
        return sum(map(_numbers, [*files, *(file for file in (head / WEIGHTS, folder / EXITS) if file.exists())]))
    network, module = skeleton(server, folder)
    return sum(weight.numel() for part in (network.body, module) for weight in part.parameters())


def skeleton(server: Server, folder: Path) -> tuple[Network, nn.Module]:
    """Return the network and the head of a checkpoint as its configuration has them: shapes without weights."""
    network = outline(folder / ENCODER)
    with torch.device("meta"):
        return network, server.model.head.module(network.hidden_size, len(server.labels), network.dropout)


def _numbers(file: Path) -> int:
    total = 0
    with safe_open(str(file), framework="pt") as tensors:
        for name in tensors.keys():  # noqa: SIM118 (it is no mapping)
            size = 1
            for length in tensors.get_slice(name).get_shape():
                size *= length
            total += size
    return total
