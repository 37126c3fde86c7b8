"""What became of each training run of a study: its length, its loss, the fate of its heads, and whether it collapsed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.plan.graph import Plan
from isthmus.store.store import Store

RECORD = "training.json"
KINDS = ("pretrain", "train", "language_model")


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One finished run; ``heads`` says what became of each head (new, carried, dropped), ``score`` is the best on
    development data where early stopping asked for one, ``seconds`` is what its provenance says."""

    name: str
    step: str
    steps: int
    tokens: int
    loss: float
    score: float | None
    heads: dict[str, str]
    collapses: tuple[str, ...]
    seconds: float


def training_runs(plan: Plan, store: Store) -> list[TrainingRun]:
    """Return the finished training runs of a plan in its order; raises CorruptArtifact where a record is damaged."""
    done = [step for step in plan if step.kind in KINDS and store.has(step.id)]
    return [
        _run(step.name, step.id, json.loads((store.open(step.id, verify=False) / RECORD).read_bytes()), store)
        for step in done
    ]


def _run(name: str, step: str, record: dict[str, Any], store: Store) -> TrainingRun:
    scores = [score for _, score in record.get("dev_scores", ())]
    return TrainingRun(
        name=name,
        step=step,
        steps=record["steps"],
        tokens=record["tokens"],
        loss=record["losses"][-1][1],
        score=max(scores, default=None),
        heads=record["heads"],
        collapses=tuple(record.get("collapses", ())),
        seconds=store.manifest(step).provenance.get("seconds", 0.0),
    )


def collapse_notes(runs: Sequence[TrainingRun]) -> list[str]:
    """Return a sentence for each run that collapsed and was begun anew."""
    return [f"{run.name} collapsed and was begun anew: {'; '.join(run.collapses)}" for run in runs if run.collapses]
