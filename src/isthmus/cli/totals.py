"""What a plan amounts to: steps and cost by kind, time on this machine, and what sharing spares."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console

from isthmus.cli.opened import Opened
from isthmus.cli.printing import count, grid, short, size
from isthmus.compute.speed import Speed
from isthmus.execution.board import clock
from isthmus.plan.graph import Plan
from isthmus.plan.step import Step

TRAINING = ("pretrain", "train", "language_model")
OVERHEAD = 0.06  # core-seconds a step takes beside its arithmetic: reading, loading, writing to the disk


@dataclass(frozen=True, slots=True)
class Total:
    """Steps of one kind, or of all: how many there are and are still to run, and what those cost."""

    kind: str
    steps: int
    cached: int
    to_run: int
    tokens: float
    flops: float
    seconds: float | None
    disk: float


@dataclass(frozen=True, slots=True)
class Training:
    """Training runs of a plan, and how many there would be if every arm, seed and target were run for itself."""

    shared: int
    alone: int


def totals(plan: Plan, todo: Collection[str], speed: Speed | None, cores: int) -> list[Total]:
    """Return a total for each kind of step in the order of the plan, then one for all; costs are of what is to run."""
    kinds = dict.fromkeys(step.kind for step in plan)
    return [
        *(_total(kind, [step for step in plan if step.kind == kind], todo, speed, cores) for kind in kinds),
        _total("all", list(plan), todo, speed, cores),
    ]


def _total(kind: str, steps: Collection[Step], todo: Collection[str], speed: Speed | None, cores: int) -> Total:
    left = [step for step in steps if step.id in todo]
    return Total(
        kind=kind,
        steps=len(steps),
        cached=len(steps) - len(left),
        to_run=len(left),
        tokens=sum(step.cost.tokens for step in left),
        flops=sum(step.cost.flops for step in left),
        seconds=_seconds(left, speed, cores),
        disk=sum(step.cost.disk for step in left),
    )


def _seconds(steps: Iterable[Step], speed: Speed | None, cores: int) -> float | None:
    """Return the estimated time with all cores at work, None where this machine was never measured."""
    if speed is None:
        return None
    spent = 0.0
    for step in steps:
        pace = speed.training if step.kind in TRAINING else speed.prediction
        precision = step.settings.get("recipe", step.settings).get("precision", "fp32")
        spent += step.cost.flops / pace[precision] + OVERHEAD / cores
    return spent


def training(plan: Plan) -> Training:
    """Count training runs as planned, and as many as arms, seeds and targets would take one by one."""
    below: dict[str, frozenset[str]] = {}
    for step in plan:
        own = {step.id} if step.kind in ("train", "language_model") else set()
        below[step.id] = frozenset(own).union(*(below[id_] for id_ in step.inputs.values()))
    alone = {(cell.arm, cell.seed, cell.task): below[cell.step] for cell in plan.cells}
    return Training(len(frozenset().union(*alone.values())), sum(map(len, alone.values())))


def print_totals(opened: Opened, found: list[Total], speed: Speed | None, to: Console) -> None:
    """Print the totals as a table, with what there is to say about them."""
    rows = [
        [
            one.kind,
            str(one.steps),
            str(one.cached),
            str(one.to_run),
            short(one.tokens),
            short(one.flops),
            _time(one),
            size(one.disk),
        ]
        for one in found
    ]
    headers = ["steps", "number", "cached", "to run", "tokens", "FLOPs", "time", "disk"]
    to.print(grid(headers, rows, total=True))
    runs = training(opened.plan)
    if runs.alone > runs.shared:
        spared = f"sharing spares {runs.alone - runs.shared} of {runs.alone}, were each arm, seed and target run for itself"
        to.print(f"{count(runs.shared, 'training run')}: {spared}")
    if any(not step.cost.flops and step.cost.tokens and step.id in opened.todo for step in opened.plan):
        to.print("FLOPs and time: without the model, whose size is not known before it is fetched")
    if speed is None and opened.todo:
        to.print("time: unknown; `isthmus measure` takes ten seconds")


def _time(one: Total) -> str:
    return "?" if one.seconds is None and one.to_run else clock(one.seconds or 0.0)


def as_json(opened: Opened, found: list[Total], speed: Speed | None) -> dict[str, Any]:
    """Return the totals as plain JSON types."""
    return {
        "study": opened.study.study,
        "store": str(opened.store.root),
        "kinds": {one.kind: {key: value for key, value in asdict(one).items() if key != "kind"} for one in found},
        "training_runs": asdict(training(opened.plan)),
        "speed": asdict(speed) if speed else None,
    }
