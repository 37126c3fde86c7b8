"""What an action is given: its step, where its inputs and outputs lie, and how to report and to be stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from isthmus.plan.step import Step


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running step is: ``done`` of ``total`` ``unit``s, and how fast."""

    done: float
    total: float
    unit: str = "steps"
    tokens_per_second: float | None = None
    loss: float | None = None
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything an action may touch.

    ``inputs``: role -> folder of a committed artifact. ``output``: an empty folder that becomes the artifact.
    ``work``: a folder that survives a crash, for checkpoints. ``stopping()`` turns true when the run is asked to stop: the
    action saves what it has and raises Stopped.
    """

    step: Step
    inputs: Mapping[str, Path]
    output: Path
    work: Path
    report: Callable[[Progress], None]
    stopping: Callable[[], bool]
