"""Between an action and the training loop: checkpoints, reports and stopping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isthmus.execution.context import Context, Progress

if TYPE_CHECKING:
    from isthmus.training.loop import Session

CHECKPOINT_SECONDS = 60.0


def session_of(context: Context) -> Session:
    """Return the session of a training run: checkpoints in its work folder, reports to the display, stops from the run."""
    from isthmus.training.loop import Session, Watch

    def report(step: int, total: int, tokens_per_second: float, loss: float) -> None:
        context.report(Progress(step, total, "steps", tokens_per_second, loss))

    seconds = float(context.step.places.get("checkpoint_seconds", CHECKPOINT_SECONDS))
    return Session(context.work, seconds, Watch(report, context.stopping))
