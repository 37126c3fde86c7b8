"""Checkpoints to the exact batch: weights and optimiser state in safetensors, the place in JSON, complete or ignored.

Random numbers need no saving: order, masking and dropout of a step are drawn from (seed, step) alone.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from isthmus.core.files import write_atomic
from isthmus.core.hashing import file_digest

STATE = "state.safetensors"
PLACE = "place.json"
BEST = "best.safetensors"


@dataclass
class Place:
    """Where a run is, and what it has seen: everything but tensors that the next step depends on."""

    step: int = 0
    spots: dict[str, tuple[int, int]] = field(default_factory=dict)  # (round, index) of each stream's next batch
    tokens: int = 0
    seconds: float = 0.0
    pending: list[tuple[str, float]] = field(default_factory=list)  # (stream, loss) since the last point of the curve
    losses: list[tuple[int, float]] = field(default_factory=list)
    by_stream: dict[str, list[tuple[int, float]]] = field(default_factory=dict)  # losses of each of several streams
    classes: dict[str, list[int]] = field(default_factory=dict)  # predicted in the present round of each stream
    scores: list[tuple[int, float]] = field(default_factory=list)  # of early stopping


@dataclass
class Checkpoints:
    """The checkpoints of one run in its work folder; one is kept, and written every ``seconds``."""

    folder: Path
    seconds: float = 60.0
    written: float = field(default_factory=time.monotonic)

    def due(self) -> bool:
        """Say whether it is time to write one."""
        return time.monotonic() - self.written >= self.seconds

    def save(self, model: nn.Module, optimizer: Optimizer, place: Place) -> None:
        """Write a checkpoint beside the last one, then let it take its place."""
        new = self.folder / f"step-{place.step}-{time.time_ns()}"
        new.mkdir(parents=True)
        save_file(_tensors(model, optimizer), str(new / STATE))
        record = {"place": asdict(place), "digest": file_digest(new / STATE)}
        write_atomic(new / PLACE, json.dumps(record).encode())
        for old in self.folder.glob("step-*"):
            if old != new:
                shutil.rmtree(old)
        self.written = time.monotonic()

    def restore(self, model: nn.Module, optimizer: Optimizer) -> Place | None:
        """Load the newest whole checkpoint into model and optimiser, or return None; a damaged one is passed over."""
        for folder in sorted(self.folder.glob("step-*"), key=lambda f: f.stat().st_mtime_ns, reverse=True):
            try:
                record = json.loads((folder / PLACE).read_bytes())
                whole = file_digest(folder / STATE) == record["digest"]
                place = Place(**record["place"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if whole:
                _fill(model, optimizer, load_file(str(folder / STATE)))
                return place
        return None

    def keep_best(self, model: nn.Module) -> None:
        """Set the present weights apart as the best so far."""
        temporary = self.folder / f"{BEST}.new"
        self.folder.mkdir(parents=True, exist_ok=True)
        save_file(_weights(model), str(temporary))
        temporary.replace(self.folder / BEST)

    def load_best(self, model: nn.Module) -> None:
        """Put the best weights back into the model."""
        model.load_state_dict(load_file(str(self.folder / BEST)), strict=False)


def _weights(model: nn.Module) -> dict[str, Tensor]:
    # Parameters and persistent buffers once each: tied weights have one name here.
    named = {**dict(model.named_parameters()), **{n: b for n, b in model.named_buffers() if n in model.state_dict()}}
    return {name: tensor.detach().contiguous() for name, tensor in named.items()}


def _tensors(model: nn.Module, optimizer: Optimizer) -> dict[str, Tensor]:
    tensors = {f"model.{name}": tensor for name, tensor in _weights(model).items()}
    for index, state in optimizer.state_dict()["state"].items():
        for key, value in state.items():
            tensors[f"optimizer.{index}.{key}"] = torch.as_tensor(value).contiguous()
    return tensors


def _fill(model: nn.Module, optimizer: Optimizer, tensors: dict[str, Tensor]) -> None:
    weights = {k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")}
    model.load_state_dict(weights, strict=False)
    state: dict[int, dict[str, Any]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, index, key = name.split(".", 2)
            state.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
