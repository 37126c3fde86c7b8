"""Between an action and the training loop: reports and stopping, and how often checkpoints are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isthmus.execution.context import Context, Progress

if TYPE_CHECKING:
    from isthmus.training.loop import Watch

CHECKPOINT_SECONDS = 60.0


def watch_of(context: Context) -> Watch:
    """Return the watch of a training run: its reports go to the display, its stop comes from the run."""
    from isthmus.training.loop import Watch

    def report(step: int, total: int, tokens_per_second: float, loss: float) -> None:
        context.report(Progress(step, total, "steps", tokens_per_second, loss))

    return Watch(report, context.stopping)


def checkpoint_seconds(context: Context) -> float:
    """Return the seconds between two checkpoints that the plan's places ask for."""
    return float(context.step.places.get("checkpoint_seconds", CHECKPOINT_SECONDS))
