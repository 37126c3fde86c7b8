"""How a study's table fills in while it runs: of each arm and target, how many of its scores are there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from isthmus.plan.graph import Plan

Place = tuple[str, str]  # arm, target


@dataclass
class Filling:
    """Scores planned and done by (arm, target), in the order of the study; ``homes`` are the places a step fills."""

    planned: Counter[Place] = field(default_factory=Counter)
    done: Counter[Place] = field(default_factory=Counter)
    homes: Mapping[str, list[Place]] = field(default_factory=dict)

    def end(self, step: str) -> None:
        """Count what a finished step fills; most fill nothing."""
        self.done.update(self.homes.get(step, ()))

    @property
    def arms(self) -> list[str]:
        """Return the arms in order."""
        return list(dict.fromkeys(arm for arm, _ in self.planned))

    @property
    def targets(self) -> list[str]:
        """Return the targets in order."""
        return list(dict.fromkeys(target for _, target in self.planned))


def filling_of(plan: Plan, have: Callable[[str], bool]) -> Filling:
    """Return the table of a plan with the steps that are there already; several seeds and languages share a place."""
    homes: defaultdict[str, list[Place]] = defaultdict(list)
    for cell in plan.cells:
        homes[cell.step].append((cell.arm, cell.task))
    filling = Filling(Counter((cell.arm, cell.task) for cell in plan.cells), Counter(), homes)
    for step in homes:
        if have(step):
            filling.end(step)
    return filling
