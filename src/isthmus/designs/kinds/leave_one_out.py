"""All tasks at once in one mix, and the mix again without each of them: what does a task bring that the others do not?"""

from __future__ import annotations

from typing import Any

from isthmus.core.errors import StudyError
from isthmus.designs.design import Design, Facts, Made, ThreeTasks, reference, together
from isthmus.study.rates import Rates, Scheme
from isthmus.study.record import Count, Name, Record
from isthmus.study.spec import Study


class LeaveOneOut(Record):
    """The whole mix: its ``tasks`` (with languages of their own, where given), ``rates`` and ``recipe``.

    ``arm`` names the arm of all tasks.
    """

    tasks: ThreeTasks
    rates: Rates
    recipe: dict[str, Any] = {}
    max_examples: Count | None = None
    arm: Name = "multi-task"


def make(settings: LeaveOneOut, study: Study, facts: Facts) -> Made:  # noqa: ARG001
    """Return the mix of all tasks, and ``without-TASK`` for each."""
    whole = together(settings.tasks, settings.rates, settings.recipe, settings.max_examples)
    arms = reference(study) | {settings.arm: (whole,)}
    for left in settings.tasks:
        rest = [stage for stage in settings.tasks if stage != left]
        mix = together(rest, _rates_without(settings.rates, left.name), settings.recipe, settings.max_examples)
        arms[f"without-{left.name}"] = (mix,)
    note = "a mix without one task trains as long as the whole one, so each task left gets more turns in it"
    return Made(arms, notes=(note,))


def _rates_without(rates: Any, task: str) -> Any:
    if isinstance(rates, Scheme):
        return rates.with_text({name: rate for name, rate in rates.text.items() if name != task})
    if isinstance(rates, dict):
        return {name: rate for name, rate in rates.items() if name != task}
    raise StudyError("a schedule cannot be shared among fewer tasks; expected a number a task, or a scheme", key="rates")


DESIGN = Design(name="leave_one_out", description="one mix of all tasks, and without each", settings=LeaveOneOut, make=make)
