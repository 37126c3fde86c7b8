"""What a plan amounts to: steps and cost by kind, time on this machine, and what sharing spares."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console

from isthmus.cli.gpu import Rented, shown_flops, shown_hours
from isthmus.cli.gpu import as_json as gpu_json
from isthmus.cli.gpu import sentences as gpu_sentences
from isthmus.cli.opened import Opened
from isthmus.cli.printing import count, grid, short, size
from isthmus.compute.speed import Speed
from isthmus.execution.board import clock
from isthmus.plan.alone import Sharing, sharing
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
    flops: float | None  # None where some are not known
    seconds: float | None
    disk: float
    gpu_hours: float | None = None


def totals(plan: Plan, todo: Collection[str], speed: Speed | None, cores: int, on: Rented | None = None) -> list[Total]:
    """Return a total for each kind of step in the order of the plan, then one for all; costs are of what is to run."""
    kinds = dict.fromkeys(step.kind for step in plan)
    return [
        *(_total(kind, [step for step in plan if step.kind == kind], todo, speed, cores, on) for kind in kinds),
        _total("all", list(plan), todo, speed, cores, on),
    ]


def _total(
    kind: str, steps: Collection[Step], todo: Collection[str], speed: Speed | None, cores: int, on: Rented | None
) -> Total:
    left = [step for step in steps if step.id in todo]
    return Total(
        kind=kind,
        steps=len(steps),
        cached=len(steps) - len(left),
        to_run=len(left),
        tokens=sum(step.cost.tokens for step in left),
        flops=sum(step.cost.flops for step in left) if all(step.cost.sized for step in left) else None,
        seconds=_seconds(left, speed, cores),
        disk=sum(step.cost.disk for step in left),
        gpu_hours=sum(map(on.hours, left)) if on else None,
    )


def _seconds(steps: Iterable[Step], speed: Speed | None, cores: int) -> float | None:
    """Return the estimated time with all cores at work, None where this machine was never measured."""
    if speed is None:
        return None
    spent = 0.0
    for step in steps:
        pace = speed.training if step.kind in TRAINING else speed.prediction
        precision = step.settings.get("recipe", step.settings).get("precision", "fp32")
        spent += max(step.cost.flops / pace[precision], step.cost.seconds) + OVERHEAD / cores
    return spent


def print_totals(opened: Opened, found: list[Total], speed: Speed | None, to: Console, on: Rented | None = None) -> None:
    """Print the totals as a table, with what there is to say about them."""
    headers = ["steps", "number", "cached", "to run", "tokens", "FLOPs", "time", *(["GPU-hours"] if on else []), "disk"]
    to.print(grid(headers, [_row(one) for one in found], total=True))
    for sentence in sharing_sentences(sharing(opened.plan, on.hours if on else _nothing), on):
        to.print(sentence)
    if any(not step.cost.sized and step.id in opened.todo for step in opened.plan):
        to.print("FLOPs: ? where the size of a model is not known before it is fetched; its key network can say it")
    if speed is None and opened.todo:
        to.print("time: unknown; `isthmus measure` takes ten seconds")
    for sentence in [*(gpu_sentences(opened.plan, opened.todo, on) if on else ()), *opened.plan.absent]:
        to.print(sentence)


def _row(one: Total) -> list[str]:
    hours = [] if one.gpu_hours is None else [shown_hours(one.gpu_hours, sized=one.flops is not None)]
    counts = [str(one.steps), str(one.cached), str(one.to_run)]
    return [one.kind, *counts, short(one.tokens), shown_flops(one.flops), _time(one), *hours, size(one.disk)]


def sharing_sentences(found: Sharing, on: Rented | None) -> Iterator[str]:
    """Yield in words what sharing spares; nothing where every run is somebody's own."""
    own, alone = found.shared, found.alone
    if alone.training_runs == own.training_runs:
        return
    runs = f"{alone.training_runs - own.training_runs:,} of {alone.training_runs:,}"
    spared = f"sharing spares {runs}, were each arm, seed and target run for itself"
    yield f"{count(own.training_runs, 'training run')}: {spared}"
    share = own.spared(alone)
    hours = f", {alone.hours - own.hours:,.1f} of {alone.hours:,.1f} GPU-hours" if on and alone.hours else ""
    flops = f"{share['flops']:.0%} of the FLOPs, " if alone.flops else ""
    kept = f"{size(alone.disk - own.disk)} of {size(alone.disk)} on disk"
    yield f"that is {share['tokens']:.0%} of the tokens, {flops}{kept}{hours}, the model itself left out"


def _nothing(_: Step) -> float:
    return 0.0


def _time(one: Total) -> str:
    return "?" if one.seconds is None and one.to_run else clock(one.seconds or 0.0)


def as_json(opened: Opened, found: list[Total], speed: Speed | None, on: Rented | None = None) -> dict[str, Any]:
    """Return the totals as plain JSON types; ``hours`` are GPU-hours, 0 where no GPU was named."""
    shared = sharing(opened.plan, on.hours if on else _nothing)
    return {
        "study": opened.study.study,
        "store": str(opened.store.root),
        "kinds": {one.kind: {key: value for key, value in asdict(one).items() if key != "kind"} for one in found},
        "training_runs": {"shared": shared.shared.training_runs, "alone": shared.alone.training_runs},
        "shared": asdict(shared.shared),
        "alone": asdict(shared.alone),
        "absent": list(opened.plan.absent),
        "gpu": gpu_json(opened.plan, opened.todo, on) if on else None,
        "speed": asdict(speed) if speed else None,
    }
