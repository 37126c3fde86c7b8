"""English and target-language data for a task side by side: what each is worth, and whether a larger model needs less."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError, model_validator

from isthmus.core.errors import StudyError, UnknownName, nearest
from isthmus.designs.design import Design, Facts, Made, Tasks, TaskStage, reference
from isthmus.study.rates import is_text
from isthmus.study.record import Name, Record, Some
from isthmus.study.spec import Stage, Study

CHOSEN = ("languages", "language_rates", "via")  # of a task: what this design says itself


class ScaleDesign(Record):
    """Arms on the same examples of a ``task``, or of each of several ``tasks``; which of them, ``true`` says.

    ``english`` has the examples in the study's source language alone, ``translated`` translated into ``languages``,
    ``native`` those that the data hold in these languages, ``mixed`` the source language and these together: translated
    where ``translated`` is asked for or ``native`` is not. Every language has as many examples, a translation the same ones.
    """

    task: TaskStage | None = None
    tasks: Tasks = ()
    languages: Some[Name]
    english: bool = True
    translated: bool = False
    native: bool = False
    mixed: bool = False

    @model_validator(mode="after")
    def _asks_for_something(self) -> ScaleDesign:
        if (self.task is None) == (not self.tasks):
            raise ValueError("give exactly one of task (one) and tasks (a list)")
        if not (self.english or self.translated or self.native or self.mixed):
            raise ValueError("no arm is asked for; give at least one of english, translated, native and mixed as true")
        return self

    @property
    def stages(self) -> dict[str, Stage]:
        """Return each task by the key that it stands at."""
        return {"task": self.task} if self.task else {f"tasks[{i}]": stage for i, stage in enumerate(self.tasks)}


def make(settings: ScaleDesign, study: Study, facts: Facts) -> Made:
    """Return ``TASK-english``, ``TASK-translated``, ``TASK-native`` and ``TASK-mixed``, as far as they are asked for."""
    _check_languages(settings, study)
    arms = reference(study)
    for key, stage in settings.stages.items():
        _check_task(stage, key)
        if settings.native:
            _check_native(settings, stage, facts)
        for name, changes in _kinds(settings, study).items():
            arms[f"{stage.name}-{name}"] = (stage.model_copy(update=changes),)
    number = len(settings.languages)
    note = f"{', '.join(settings.languages)}: as many examples in each of {number} as in {study.source} alone"
    return Made(arms, (note,), tuple(_warnings(settings, study)))


def _kinds(settings: ScaleDesign, study: Study) -> dict[str, dict[str, object]]:
    """Return what the stage of each arm asked for has of its own."""
    several = (study.source, *settings.languages)
    translated = settings.translated or not settings.native
    kinds: dict[str, tuple[bool, dict[str, object]]] = {
        "english": (settings.english, {}),
        "translated": (settings.translated, {"languages": settings.languages, "via": "translation"}),
        "native": (settings.native, {"languages": settings.languages}),
        "mixed": (settings.mixed, {"languages": several, "via": "translation" if translated else None}),
    }
    return {name: changes for name, (asked, changes) in kinds.items() if asked}


def _check_languages(settings: ScaleDesign, study: Study) -> None:
    for i, language in enumerate(settings.languages):
        if language in settings.languages[:i]:
            raise StudyError(f"{language!r} stands twice", key=f"languages[{i}]")
        if language == study.source:
            what = f"found {language!r}, the source; name the other languages, which it is compared with"
            raise StudyError(what, key=f"languages[{i}]")
    for name in ("translated", "mixed"):
        if getattr(settings, name) and study.translator is None and not (name == "mixed" and settings.native):
            hint = "a translator, a key of the study: {kind: exact} on the world, {kind: seq2seq, name: ..., revision: ...}"
            raise StudyError(f"it needs {hint}", key=name)


def _check_task(stage: Stage, key: str) -> None:
    if stage.mix:
        raise StudyError("found a mix, expected a single task", key=key)
    if is_text(stage.name):
        raise StudyError(f"{stage.name} is raw text, which has no English examples to say in other languages", key=key)
    for name in CHOSEN:
        if name in stage.model_fields_set:
            raise StudyError(f"{name} is what this design chooses; leave it out", key=f"{key}.{name}")


def _check_native(settings: ScaleDesign, stage: Stage, facts: Facts) -> None:
    try:
        there = facts.languages(stage.name, stage.split)
    except UnknownName as error:
        raise StudyError(str(error), key="task" if settings.task else "tasks") from None
    for i, language in enumerate(settings.languages):
        if language not in there:
            what = f"no {stage.split} data of {stage.name} exist in {language!r}; {nearest(language, there)}"
            raise StudyError(f"{what}; translated: true has them made", key=f"languages[{i}]")


def _warnings(settings: ScaleDesign, study: Study) -> Iterator[str]:
    if not study.models:
        yield "the study has one model, so there are no sizes to compare; models: {small: ..., large: ...} takes several"
    for stage in settings.stages.values():
        try:
            recipe = study.recipe_for(stage.task, stage.recipe)
        except ValidationError:
            continue  # which the check of the arms says better
        if recipe.steps is None:
            more = len(settings.languages)
            yield (
                f"{stage.name} is trained by epochs: an arm in {more} languages takes {more} times the steps of the English "
                "one; a recipe with steps makes them alike"
            )


DESIGN = Design(
    name="scale",
    description="English, translated, native and mixed data for one task, to compare over models of several sizes",
    settings=ScaleDesign,
    make=make,
)
