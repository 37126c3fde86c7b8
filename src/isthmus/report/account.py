"""Where a study's numbers come from: every training run, the machines and libraries behind it, and what all of it cost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from isthmus.plan.graph import Plan
from isthmus.report.training import TrainingRun, training_runs
from isthmus.store.store import Store


@dataclass(frozen=True, slots=True)
class Environment:
    """A machine with its libraries; runs name it by ``number``, from 1."""

    number: int
    host: str
    device: str
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One finished training run, the seed it had, and the environment it ran in (0: its provenance names none)."""

    run: TrainingRun
    seed: int | None
    threads: int | None
    environment: int


@dataclass(frozen=True, slots=True)
class Total:
    """The steps of one kind: how many are planned and done, and their seconds of wall clock and of processor."""

    kind: str
    planned: int
    done: int
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Account:
    """All of it; ``tokens`` went through training, ``began`` and ``ended`` are UTC in ISO 8601, empty where nothing ran."""

    entries: tuple[Entry, ...]
    environments: tuple[Environment, ...]
    totals: tuple[Total, ...]
    tokens: int
    began: str
    ended: str

    @property
    def seconds(self) -> float:
        """Return the seconds of all steps, one after another."""
        return sum(total.seconds for total in self.totals)

    @property
    def cpu_seconds(self) -> float:
        """Return the processor seconds of all steps."""
        return sum(total.cpu_seconds for total in self.totals)


def account(plan: Plan, store: Store) -> Account:
    """Return the account of what a store has of a plan; raises CorruptArtifact where a manifest or record is damaged."""
    runs = training_runs(plan, store)  # before the rest: while the study runs more is done at each look, never less
    found = {step.id: store.manifest(step.id).provenance for step in plan if store.has(step.id)}
    numbers: dict[str, int] = {}
    entries = []
    for run in runs:
        own = found[run.step]
        number = numbers.setdefault(_machine(own), len(numbers) + 1) if own else 0
        entries.append(Entry(run, plan.steps[run.step].settings.get("seed"), own.get("threads"), number))
    for own in found.values():
        if own:
            numbers.setdefault(_machine(own), len(numbers) + 1)
    return Account(
        entries=tuple(entries),
        environments=tuple(_environment(json.loads(machine), number) for machine, number in numbers.items()),
        totals=tuple(_total(kind, plan, found) for kind in dict.fromkeys(step.kind for step in plan)),
        tokens=sum(entry.run.tokens for entry in entries),
        began=min((own["started"] for own in found.values() if "started" in own), default=""),
        ended=max((own["finished"] for own in found.values() if "finished" in own), default=""),
    )


def _machine(provenance: Mapping[str, Any]) -> str:
    return json.dumps({key: provenance.get(key) for key in ("host", "device", "versions")}, sort_keys=True)


def _environment(machine: Mapping[str, Any], number: int) -> Environment:
    versions = tuple((machine["versions"] or {}).items())
    return Environment(number, machine["host"] or "unknown", machine["device"] or "unknown", versions)


def _total(kind: str, plan: Plan, found: Mapping[str, Mapping[str, Any]]) -> Total:
    steps = [step.id for step in plan if step.kind == kind]
    done = [found[step] for step in steps if step in found]
    seconds, cpu = (sum(own.get(key, 0.0) for own in done) for key in ("seconds", "cpu_seconds"))
    return Total(kind, len(steps), len(done), seconds, cpu)
