"""One measurement, with what it was measured on and which step computed it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One value of one metric for one (arm, seed, task, language).

    ``arm`` is an arm of the study or ``baseline:NAME``. ``value`` is on 0-100, None where the split's labels were stripped.
    ``main`` marks the task's official figure. ``n`` counts examples. ``step`` is the id of the score step. ``layer`` is the
    one that other data chose, ``chosen_on`` their language or ``dev``; None and empty where the study named the layer.
    """

    study: str
    arm: str
    seed: int | None
    task: str
    language: str
    split: str
    zero_shot: bool
    metric: str
    main: bool
    value: float | None
    n: int
    step: str
    layer: int | None = None
    chosen_on: str = ""
