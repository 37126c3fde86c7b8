"""The idea of a design: a question that needs many arms, said in a line; its kinds stand in ``kinds``, one a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from isthmus.core.errors import StudyError
from isthmus.core.lookup import Shelf
from isthmus.study.record import Many, Record
from isthmus.study.spec import Stage, Study, Target

OWN = ("languages", "language_rates")  # what each task of a mix may have
DESIGNS = Shelf("design", ("isthmus.designs.kinds",), "DESIGN")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a design may ask of tasks and data.

    ``languages(task, split)`` are those that the data hold, ``domains(task)`` the domains that they hold raw text of
    (``mlm``: of ``mlm/news`` and others); ``trained_on(target)`` is the task whose training set a target
    is trained on, None where it trains nothing; ``traits`` are the grammatical traits of each language, where they are
    declared.
    """

    languages: Callable[[str, str], tuple[str, ...]]
    trained_on: Callable[[Target], str | None] = lambda target: target.train or target.task
    traits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    domains: Callable[[str], tuple[str, ...]] = lambda _: ()


@dataclass(frozen=True, slots=True)
class Made:
    """Arms by name, what a reader should know of them, and what is wrong with them although they can be run."""

    arms: Mapping[str, tuple[Stage, ...]]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Design:
    """One way to make arms.

    ``settings`` is the record of its keys. ``make(settings, study, facts)`` returns its arms; ``study.arms`` are those
    declared and those of designs before it. It raises StudyError with a key below its own.
    """

    name: str
    description: str
    settings: type[Record]
    make: Callable[[Any, Study, Facts], Made]


def load_design(name: str) -> Design:
    """Return a design by name; raises UnknownName with the nearest names."""
    design: Design = DESIGNS.load(name)
    return design


def _each_once(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    names = [stage.name for stage in stages]
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ValueError(f"{name!r} stands twice")
    return stages


# A task by its name, or a stage as in an arm.
TaskStage = Annotated[Stage, BeforeValidator(lambda value: {"task": value} if isinstance(value, str) else value)]
Tasks = Annotated[Many[TaskStage], Field(min_length=1), AfterValidator(_each_once)]
TwoTasks = Annotated[Many[TaskStage], Field(min_length=2), AfterValidator(_each_once)]
ThreeTasks = Annotated[Many[TaskStage], Field(min_length=3), AfterValidator(_each_once)]


def together(tasks: Sequence[Stage], rates: Any, recipe: Mapping[str, Any], max_examples: int | None = None) -> Stage:
    """Return one stage that trains on several tasks at once, each in its own languages.

    Raises StudyError for a task that is given more than a name and languages, which a mix has in common, and pydantic's
    ValidationError for rates that do not fit.
    """
    for i, stage in enumerate(tasks):
        if extra := sorted(stage.model_fields_set - {"task", *OWN}):
            raise StudyError(
                f"{extra[0]} is one for the whole mix; of its own a task has {' and '.join(OWN)}", key=f"tasks[{i}]"
            )
    keys: dict[str, Any] = {"mix": tuple(stage.name for stage in tasks), "rates": rates, "recipe": dict(recipe)}
    for name in OWN:
        if own := {stage.name: getattr(stage, name) for stage in tasks if getattr(stage, name)}:
            keys[name] = own
    return Stage.model_validate(keys | {"max_examples": max_examples})


def reference(study: Study) -> dict[str, tuple[Stage, ...]]:
    """Return the arm without stages, which every other is compared with; nothing where the study has one."""
    return {} if study.reference else {"none": ()}
