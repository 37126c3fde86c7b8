"""What is asked of an export, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isthmus.results.measured import Machine, Noise
from isthmus.tasks.task import Task


@dataclass(frozen=True)
class Asked:
    """What an export is given.

    ``folder`` is a trained directory, ``head`` the folder of its head, ``labels`` those of the head. ``examples`` by
    language, of ``splits``, are scored; ``texts`` by language say what the vocabulary is needed for, ``keep`` (``seen`` or
    ``characters``) which pieces that takes.
    ``max_loss``: points of the official figure that a language may lose. ``threads`` are those of one prediction when
    latency is measured.
    ``made``: what the model card says of the model's making, in order, (what, said).
    """

    name: str
    folder: Path
    head: Path
    family: str
    task: Task
    labels: Sequence[str]
    examples: Mapping[str, Sequence[Any]]
    texts: Mapping[str, Sequence[str]]
    splits: Mapping[str, str]
    max_length: int
    stride: int
    precision: str
    keep: str = "characters"
    onnx: bool = True
    int8: bool = False
    max_loss: float = 1.0
    threads: int = 1
    made: Sequence[tuple[str, str]] = ()
    base_model: str = ""
    artificial: bool = False  # the languages are the world's


@dataclass(frozen=True)
class Compared:
    """One language: the official figure (0-100) of the checkpoint and of the folder, on the same ``examples``.

    ``same`` is the share of examples that both answer alike.
    """

    examples: int
    before: float
    after: float
    same: float

    @property
    def loss(self) -> float:
        """Return the points lost; below 0 where the small model is better."""
        return round(self.before - self.after, 9)  # one point is one point, whatever floats make of it


@dataclass(frozen=True)
class Medians:
    """Seconds of the median prediction of one example at a time, over ``queries`` examples asked of both in turn."""

    before: float
    after: float
    queries: int
    noise: Noise


@dataclass(frozen=True)
class Exported:
    """What came of an export.

    Sizes in bytes on disk; ``latency`` is that on the processor of ``machine``. ``written`` is None where a language lost
    too much.
    """

    metric: str
    languages: Mapping[str, Compared]
    bytes_before: int
    bytes_after: int
    latency: Medians
    machine: Machine
    changes: Sequence[Mapping[str, Any]]
    max_loss: float
    written: Path | None = None

    @property
    def too_much(self) -> list[str]:
        """Return the languages that lost more than they may."""
        return [language for language, found in self.languages.items() if not found.loss <= self.max_loss]
