"""Each task by itself as the only stage, beside the arm without one."""

from __future__ import annotations

from isthmus.designs.design import Design, Facts, Made, Tasks, reference
from isthmus.study.record import Record
from isthmus.study.spec import Study


class Single(Record):
    """``tasks`` by name, or as stages with settings of their own."""

    tasks: Tasks


def make(settings: Single, study: Study, facts: Facts) -> Made:  # noqa: ARG001
    """Return an arm a task, called as it is."""
    return Made(reference(study) | {stage.name: (stage,) for stage in settings.tasks})


DESIGN = Design(name="single", description="each task by itself, and none", settings=Single, make=make)
