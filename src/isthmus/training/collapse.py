"""Seeing that a run has collapsed: the loss is no number, or a whole round predicts one class and nothing else."""

from __future__ import annotations

import math

from isthmus.core.errors import TrainingCollapse

SHORTEST = 20  # batches of a round below which one class alone may be chance


def check_loss(loss: float, step: int) -> None:
    """Raise TrainingCollapse when a loss is not finite."""
    if not math.isfinite(loss):
        raise TrainingCollapse(f"the loss became {loss} at step {step}")


def check_round(classes: set[int], batches: int, number: int) -> None:
    """Raise TrainingCollapse when a whole round of at least SHORTEST batches predicted a single class.

    XLM-R is known to fall to the majority class and stay there (transformers issues 2053, 4134).
    """
    if len(classes) == 1 and batches >= SHORTEST:
        raise TrainingCollapse(f"every prediction of round {number + 1} ({batches} batches) was the same class")
