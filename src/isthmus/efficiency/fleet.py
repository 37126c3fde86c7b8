"""The checkpoints that are measured side by side, as servers: all in memory, or each loaded anew for its turn."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from isthmus.efficiency.disk import needed_bytes
from isthmus.efficiency.machine import memory
from isthmus.efficiency.serve import Server
from isthmus.models.family import load_family
from isthmus.models.running import load_running
from isthmus.training.fine_tune import encoding_for

IN_MEMORY = 1.5  # bytes in memory for each byte on disk, with what a pass needs
SHARE = 0.6  # of the memory that is free


@dataclass(frozen=True)
class Checkpoint:
    """One variant of one trained model: ``folder`` holds it, ``head`` the head it answers with.

    ``name`` is its own; ``arm``, ``model``, ``variant`` and ``seed`` say which it is in a study.
    """

    name: str
    arm: str
    model: str
    variant: str
    seed: int
    folder: Path
    head: Path
    family: str = "encoder"


@dataclass(frozen=True)
class Serving:
    """How every checkpoint is run: device, threads, how texts become windows, precision of matrix products."""

    device: torch.device
    threads: int
    max_length: int
    stride: int
    precision: str

    def server(self, checkpoint: Checkpoint) -> Server:
        """Load a checkpoint; raises UserError where it takes no windows of so many sub-words."""
        family = load_family(checkpoint.family)
        model, labels = load_running(family, checkpoint.folder, checkpoint.head, self.device, self.threads)
        return Server(model, labels, encoding_for(model.network, self.max_length, self.stride), self.precision)


class Fleet:
    """``count`` servers by number; ``together``: they are in memory at once, else only the one that was asked for last.

    What is loaded is kept out of Python's garbage collection, which would else take longer the more variants there are.
    """

    def __init__(self, count: int, load: Callable[[int], Server], *, together: bool) -> None:
        self.count, self.load, self.together = count, load, together
        self._loaded: dict[int, Server] = {}

    def server(self, number: int) -> Server:
        """Return a server, loaded where it is not in memory."""
        if number not in self._loaded:
            if not self.together:
                self.close()
            self._loaded[number] = self.load(number)
            gc.freeze()
        return self._loaded[number]

    def close(self) -> None:
        """Let go of all servers."""
        if self._loaded:
            self._loaded.clear()
            gc.unfreeze()
            gc.collect()


def fit_together(checkpoints: Sequence[Checkpoint], device: torch.device, limit: int | None = None) -> bool:
    """Tell whether checkpoints fit in memory at once: ``limit`` bytes, or a good part of what is free on the device."""
    if limit is None:
        free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else memory()
        limit = int(SHARE * free)
    return IN_MEMORY * sum(needed_bytes(one.folder, one.head) for one in checkpoints) <= limit
