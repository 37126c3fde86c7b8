"""What the designs of a study made of it, and what designs may ask of its tasks and data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from isthmus.cli.printing import count, say
from isthmus.core.errors import UnknownName
from isthmus.designs.design import Facts
from isthmus.designs.expand import Designed
from isthmus.plan.resolve import COMPARED, UNTRAINED
from isthmus.sources.source import Source
from isthmus.study.spec import Target
from isthmus.tasks.task import load_task
from isthmus.world.language import TRAITS
from isthmus.world.source import World

LISTED = 20  # arms of a design that are named


def facts_of(source: Source) -> Facts:
    """Return what designs may ask; grammatical traits are declared by languages of a world only."""
    spoken = source.languages_ if isinstance(source, World) else ()
    return Facts(
        languages=lambda task, split: source.languages(load_task(task).files, split),
        trained_on=_trained_on,
        domains=lambda task: source.domains(load_task(task).files, "train"),
        traits={language.name: tuple(getattr(language, trait) for trait in TRAITS) for language in spoken},
    )


def _trained_on(target: Target) -> str | None:
    try:
        task = load_task(target.task)
    except UnknownName:
        return None  # the planner says it better
    return None if task.kind in COMPARED or target.head in UNTRAINED else target.train or task.train_on or task.name


def print_designs(designed: Sequence[Designed], to: Console) -> None:
    """Print which arms each design made, and what there is to know of them."""
    for one in designed:
        names = list(one.made.arms)
        more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
        there = [f"{name} (as {other})" if name != other else name for name, other in one.there.items()]
        also = f"; there already: {', '.join(there)}" if there else ""
        to.print(f"design {one.name}: {count(len(names), 'arm')}: {', '.join(names[:LISTED])}{more}{also}")
        for note in one.made.notes:
            to.print(f"  {note}")


def warn_of_designs(designed: Sequence[Designed]) -> None:
    """Print to standard error what is wrong with designs that can be run all the same."""
    for one in designed:
        for warning in one.made.warnings:
            say(f"warning: {one.key}: {warning}", style="yellow")


def designs_as_json(designed: Sequence[Designed]) -> list[dict[str, Any]]:
    """Return what each design made as plain JSON types."""
    return [
        {
            "design": one.name,
            "arms": list(one.made.arms),
            "there_already": dict(one.there),
            "notes": list(one.made.notes),
            "warnings": list(one.made.warnings),
        }
        for one in designed
    ]
