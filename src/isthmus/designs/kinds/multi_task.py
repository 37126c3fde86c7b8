"""All tasks at once in one mix, beside the arm without a stage."""

from __future__ import annotations

from typing import Any

from isthmus.designs.design import Design, Facts, Made, TwoTasks, reference, together
from isthmus.study.rates import Rates
from isthmus.study.record import Count, Name, Record
from isthmus.study.spec import Study


class MultiTask(Record):
    """The mix: its ``tasks`` (with languages of their own, where given), ``rates`` and ``recipe``; ``arm`` names it."""

    tasks: TwoTasks
    rates: Rates
    recipe: dict[str, Any] = {}
    max_examples: Count | None = None
    arm: Name = "multi-task"


def make(settings: MultiTask, study: Study, facts: Facts) -> Made:  # noqa: ARG001
    """Return the mix as the only stage of an arm."""
    mix = together(settings.tasks, settings.rates, settings.recipe, settings.max_examples)
    return Made(reference(study) | {settings.arm: (mix,)})


DESIGN = Design(name="multi_task", description="all tasks at once in one mix", settings=MultiTask, make=make)
