"""What became of each training run of a study: its length, its loss, the fate of its heads, and whether it collapsed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from isthmus.plan.graph import Plan
from isthmus.store.store import Store

RECORD = "training.json"
KINDS = ("pretrain", "train", "language_model")


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One finished run; ``heads`` says what became of each head (new, carried, dropped), ``score`` is the best on
    development data where early stopping asked for one, ``seconds`` is what its provenance says. Of a mix, ``streams`` are
    the steps of each and ``rates`` their shares as they were asked for (means, where ``schedule`` says how they changed);
    ``languages`` are the shares of languages, by task in a mix, where they had rates."""

    name: str
    step: str
    steps: int
    tokens: int
    loss: float
    score: float | None
    heads: dict[str, str]
    collapses: tuple[str, ...]
    seconds: float
    streams: dict[str, int] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    schedule: tuple[dict[str, Any], ...] = ()
    languages: dict[str, Any] = field(default_factory=dict)

    @property
    def drawn(self) -> str:
        """Return in words what was drawn how often, empty where there was nothing to draw."""
        parts = [f"{name} {steps} of {self.steps} steps ({self.rates[name]:.0%})" for name, steps in self.streams.items()]
        for leg in self.schedule:
            [(word, place)] = [(key, value) for key, value in leg.items() if key != "rates"]
            parts.append(f"{word} {place:g} {_shares(leg['rates'])}")
        nested = any(isinstance(own, dict) for own in self.languages.values())
        parts += [f"{task} in {_shares(own)}" for task, own in self.languages.items()] if nested else []
        return "; ".join(parts if nested or not self.languages else [*parts, f"in {_shares(self.languages)}"])


def _shares(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {shares[name]:.0%}" for name in sorted(shares))


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
        streams=record.get("steps_by_stream", {}),
        rates=record.get("rates", {}),
        schedule=tuple(record.get("schedule", ())),
        languages=record.get("language_rates", {}),
    )


def collapse_notes(runs: Sequence[TrainingRun]) -> list[str]:
    """Return a sentence for each run that collapsed and was begun anew."""
    return [f"{run.name} collapsed and was begun anew: {'; '.join(run.collapses)}" for run in runs if run.collapses]
