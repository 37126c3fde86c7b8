"""A plan in the making: what is asked, where data lie, and the steps and cells so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isthmus.plan.choosing import Chosen
from isthmus.plan.graph import Bench, Cell
from isthmus.plan.origin import Origin
from isthmus.plan.resolve import Resolver
from isthmus.plan.step import Step
from isthmus.sources.source import Source
from isthmus.study.spec import Study


@dataclass
class Draft:
    """A plan in the making: what is asked, where data lie, and the steps and cells so far.

    There is one for each model of a study, which have steps and cells in common; ``model`` is its name, empty where there
    is one.
    """

    study: Study
    source: Source
    places: Mapping[str, Any]
    resolver: Resolver
    origin: Origin
    steps: list[Step] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    chosen: Chosen = field(default_factory=dict)
    choices: list[Cell] = field(default_factory=list)
    variants: list[Cell] = field(default_factory=list)
    benches: list[Bench] = field(default_factory=list)
    made: dict[tuple[str, str, int, str], Step] = field(default_factory=dict)  # by target's key, arm, seed and variant
    model: str = ""

    @property
    def family(self) -> str:
        """Return the family of the model."""
        return self.study.encoders[self.model].family

    def add(self, step: Step) -> Step:
        """Add a step and return it."""
        self.steps.append(step)
        return step
