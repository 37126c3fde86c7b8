"""Learning curves: the training losses of every run, thinned to what an eye can tell apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from isthmus.plan.graph import Plan
from isthmus.report.training import KINDS, RECORD
from isthmus.store.store import Store

POINTS = 60  # of one curve: each is the mean loss of its share of the steps


@dataclass(frozen=True, slots=True)
class Curve:
    """One run: ``points`` are (optimiser step, mean training loss); a run that several arms share bears the first one's
    name in ``arm``, which is empty for pretraining."""

    arm: str
    seed: int | None
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """All runs that learnt the same thing: a target, a stage or pretraining."""

    name: str
    curves: tuple[Curve, ...]


def lessons(plan: Plan, store: Store) -> tuple[Lesson, ...]:
    """Return the curves of the finished runs of a plan, stages before targets; raises CorruptArtifact for damaged ones."""
    found: dict[str, list[Curve]] = {}
    for step in plan:
        if step.kind in KINDS and store.has(step.id):
            record = json.loads((store.open(step.id, verify=False) / RECORD).read_bytes())
            arm, _, rest = step.name.partition("/")
            curve = Curve(arm if rest else "", step.settings.get("seed"), thinned(record["losses"]))
            found.setdefault(step.name.split("/", 2)[-1], []).append(curve)
    order = sorted(found, key=lambda name: (not name.startswith("pretrain"), not name.startswith("stage ")))
    return tuple(Lesson(name, tuple(found[name])) for name in order)


def thinned(losses: Sequence[Sequence[float]]) -> tuple[tuple[int, float], ...]:
    """Return at most ``POINTS`` means of as many neighbouring losses each, at the last step of each."""
    size = max(1, -(-len(losses) // POINTS))
    parts = [losses[start : start + size] for start in range(0, len(losses), size)]
    return tuple((int(part[-1][0]), fmean(loss for _, loss in part)) for part in parts)
