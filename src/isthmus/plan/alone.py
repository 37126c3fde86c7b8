"""What sharing spares: a plan's cost as it is, and were each arm, seed and target run for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from isthmus.plan.graph import Plan
from isthmus.plan.step import Step

TRAINED = ("train", "language_model")
# Made once whoever runs: the model that arms start from, and nobody would pretrain it anew for each.
GIVEN = ("tokenizer", "pretrain", "model")


@dataclass(frozen=True, slots=True)
class Bill:
    """What some steps come to; ``hours`` are those of the measure that was asked for, such as GPU-hours."""

    training_runs: int
    steps: int
    tokens: float
    flops: float
    disk: float
    hours: float

    def spared(self, alone: Bill) -> dict[str, float]:
        """Return {name: share of ``alone`` that this bill saves}; 0 where there is nothing to save."""
        pairs = {field.name: (getattr(self, field.name), getattr(alone, field.name)) for field in fields(self)}
        return {name: 1.0 - own / whole if whole else 0.0 for name, (own, whole) in pairs.items()}


@dataclass(frozen=True, slots=True)
class Sharing:
    """The bill of a plan, and that of its arms, seeds and targets each run for itself."""

    shared: Bill
    alone: Bill


def sharing(plan: Plan, hours: Callable[[Step], float] = lambda step: 0.0) -> Sharing:  # noqa: ARG005
    """Return what a plan costs shared and alone, the model itself left out; ``hours`` of a step are added up too."""
    below: dict[str, frozenset[str]] = {}
    for step in plan:
        own = {step.id} if step.kind not in GIVEN else set()
        below[step.id] = frozenset(own).union(*(below[id_] for id_ in step.inputs.values()))
    groups: dict[tuple[str, int | None, str, str], set[str]] = {}
    for cell in (*plan.cells, *plan.variants):
        groups.setdefault((cell.arm, cell.seed, cell.task, cell.variant), set()).update(below[cell.step])
    alone = Counter(id_ for group in groups.values() for id_ in group)
    return Sharing(_bill(plan, dict.fromkeys(alone, 1), hours), _bill(plan, alone, hours))


def _bill(plan: Plan, times: Mapping[str, int], hours: Callable[[Step], float]) -> Bill:
    """Return the bill of steps, each as often as ``times`` says."""
    steps = [(plan.steps[id_], count) for id_, count in times.items()]
    return Bill(
        training_runs=sum(count for step, count in steps if step.kind in TRAINED),
        steps=sum(count for _, count in steps),
        tokens=sum(step.cost.tokens * count for step, count in steps),
        flops=sum(step.cost.flops * count for step, count in steps),
        disk=sum(step.cost.disk * count for step, count in steps),
        hours=sum(hours(step) * count for step, count in steps),
    )


def longest_way(plan: Plan, hours: Callable[[Step], float]) -> float:
    """Return the hours along the longest way through a plan, which no number of machines makes shorter."""
    way: dict[str, float] = {}
    for step in plan:
        way[step.id] = hours(step) + max((way[id_] for id_ in step.inputs.values()), default=0.0)
    return max(way.values(), default=0.0)
