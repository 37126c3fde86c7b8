"""A plan in the making: what is asked, where data lie, and the steps and cells so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isthmus.plan.graph import Cell
from isthmus.plan.origin import Origin
from isthmus.plan.resolve import Resolver
from isthmus.plan.step import Step
from isthmus.sources.source import Source
from isthmus.study.spec import Study


@dataclass
class Draft:
    """A plan in the making: what is asked, where data lie, and the steps and cells so far."""

    study: Study
    source: Source
    places: Mapping[str, Any]
    resolver: Resolver
    origin: Origin
    steps: list[Step] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    def add(self, step: Step) -> Step:
        """Add a step and return it."""
        self.steps.append(step)
        return step
