"""A task with raw text beside it, more and more of which is of one domain: does text in domain help, and how much of it?"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, ValidationError

from isthmus.core.errors import StudyError, nearest
from isthmus.designs.design import Design, Facts, Made, TaskStage, reference
from isthmus.study.faults import faults_of, together
from isthmus.study.rates import TextRate, is_text
from isthmus.study.record import Languages, Record, Some, TaskName
from isthmus.study.spec import Recipe, Stage, Study

HALF = 0.5  # of the steps go to raw text where a design does not say
KEPT = ("max_examples", "split", "via")  # of the task, that a mix has as well
DomainShare = Annotated[float, Field(ge=0, le=1)]


class DomainMix(Record):
    """``shares`` of raw text in ``domain`` (``mlm/news``) beside the English ``task``.

    With ``general`` (other raw text: ``mlm``, or that of another domain), a share ``text`` of the steps (0.5) is on raw text
    in every arm, and ``shares``, 0 and 1 among them, are of that text. Without it they are of all steps. ``languages`` are
    those of the text. ``recipe`` changes keys of the task's own recipe in every arm, that of the task alone too; its
    ``steps`` are those on the task, as many in every arm, to which steps on text are added.
    """

    task: TaskStage
    domain: TaskName
    general: TaskName | None = None
    text: TextRate | None = None
    shares: Some[DomainShare]
    languages: Languages = "all"
    recipe: dict[str, Any] = {}


def make(settings: DomainMix, study: Study, facts: Facts) -> Made:
    """Return the task alone, and ``TASK+DOMAIN-SHARE`` for every share."""
    _check(settings, facts)
    recipe = _recipe(settings, study)
    changes = _changes(recipe, study.recipe_for(settings.task.name))
    alone = settings.task.model_copy(update={"recipe": changes}) if changes else settings.task
    arms = reference(study) | {settings.task.name: (alone,)}
    for share in settings.shares:
        if rates := _rates(settings, share):
            arms[f"{settings.task.name}+{_called(settings.domain)}-{share:g}"] = (_mixed(settings, study, recipe, rates),)
    return Made(arms, _notes(settings, recipe), tuple(_warnings(settings, study, facts)))


def _check(settings: DomainMix, facts: Facts) -> None:
    """Refuse what is no task, no domain or no share."""
    task = settings.task
    if task.mix or is_text(task.name):
        raise StudyError(f"found {task.name}, expected a single task with labels", key="task")
    if extra := sorted(task.model_fields_set - {"task", "languages", "language_rates", "recipe", *KEPT}):
        raise StudyError(f"{extra[0]} is nothing that a task in a mix can have", key=f"task.{extra[0]}")
    if not is_text(settings.domain) or "/" not in settings.domain:
        what = f"found {settings.domain}, expected raw text of a domain, as mlm/news"
        raise StudyError(f"{what}; {nearest(settings.domain, _there(facts)[1:])}", key="domain")
    if settings.general is not None and (not is_text(settings.general) or settings.general == settings.domain):
        what = f"found {settings.general}, expected other raw text than {settings.domain}: mlm, or that of another domain"
        raise StudyError(what, key="general")
    if settings.general is None and settings.text is not None:
        raise StudyError(
            "text is the share of general and domain together; without general, shares are of all steps", key="text"
        )
    for name in ("domain", "general"):
        text = getattr(settings, name)
        # Text that is yet to be had cannot be listed; where its languages are named, the planner asks for it.
        if text and settings.languages == "all" and not facts.languages(text, "train"):
            raise StudyError(f"the data hold no text of {text}; {nearest(text, _there(facts))}", key=name)
    for i, share in enumerate(settings.shares):
        if f"{share:g}" in [f"{other:g}" for other in settings.shares[:i]]:  # as the names of arms have it
            raise StudyError(f"{share:g} stands twice", key=f"shares[{i}]")
        if settings.general is None and share == 1:
            what = "1 leaves no step to the task; without general, shares are of all steps and below 1"
            raise StudyError(what, key=f"shares[{i}]")


def _there(facts: Facts) -> list[str]:
    return ["mlm", *(f"mlm/{name}" for name in facts.domains("mlm"))]


def _called(text: str) -> str:
    return text.partition("/")[2]


def _recipe(settings: DomainMix, study: Study) -> Recipe:
    """Return the recipe of the task alone, which every arm shares but for its steps."""
    try:
        recipe = study.recipe_for(settings.task.name, {**settings.task.recipe, **settings.recipe})
    except ValidationError as error:
        raise together(faults_of(error, "recipe")) from None
    if recipe.steps is None:
        what = f"{settings.task.name} is trained for epochs, and a mix for steps; recipe: {{steps: 500}}, say"
        raise StudyError(what, key="recipe")
    return recipe


def _changes(recipe: Recipe, base: Recipe) -> dict[str, Any]:
    """Return what tells a recipe from another one, as changes to it."""
    keys, other = recipe.model_dump(), base.model_dump()
    return {name: value for name, value in keys.items() if value != other[name]}


def _rates(settings: DomainMix, share: float) -> dict[str, float]:
    """Return the rates of an arm, the text in domain first; nothing where that is the task alone."""
    if settings.general is None:
        text = {settings.domain: share}
    else:
        part = HALF if settings.text is None else settings.text
        text = {settings.domain: part * share, settings.general: part * (1 - share)}
    kept = {name: rate for name, rate in text.items() if rate}
    return {settings.task.name: 1 - sum(kept.values())} | kept if kept else {}


def _mixed(settings: DomainMix, study: Study, recipe: Recipe, rates: dict[str, float]) -> Stage:
    task = settings.task
    steps = round((recipe.steps or 0) / rates[task.name])
    own: dict[str, Any] = {name: getattr(task, name) for name in KEPT if name in task.model_fields_set}
    if task.language_rates is not None:
        own["language_rates"] = {task.name: task.language_rates}
    languages = {task.name: task.languages} if task.languages else {}
    return Stage.model_validate(
        {
            "mix": tuple(rates),
            "rates": rates,
            "languages": languages | {name: settings.languages for name in rates if is_text(name)},
            "recipe": _changes(recipe.model_copy(update={"steps": steps}), study.recipe_for(None)),
            **own,
        }
    )


def _notes(settings: DomainMix, recipe: Recipe) -> tuple[str, ...]:
    kept = f"every arm has {recipe.steps:,} steps on {settings.task.name}, in a mix on average; those on raw text are added"
    if settings.general is None:
        return (kept, "shares are of all steps: an arm with more text in domain has more text, and more steps in all")
    part = HALF if settings.text is None else settings.text
    return (kept, f"shares are of the text, which is {part:g} of the steps and as much in every arm that has some")


def _warnings(settings: DomainMix, study: Study, facts: Facts) -> list[str]:
    """Say which languages the text lacks, and where its two kinds differ in their languages."""
    named = [name for name in (settings.domain, settings.general) if name]
    there = {name: set(facts.languages(name, "train")) for name in named}
    if settings.languages != "all":
        there = {name: (own or set(settings.languages)) & set(settings.languages) for name, own in there.items()}
    said = []
    judged = {lang for target in study.targets for split in target.splits for lang in facts.languages(target.task, split)}
    if study.languages != "all":
        judged &= set(study.languages)
    for name, own in there.items():
        if lacking := sorted(judged - own):
            what = f"the text of {name} lacks {len(lacking)} of the {len(judged)} languages that targets are judged in"
            said.append(f"{what}: {', '.join(lacking[:8])}{', ...' if len(lacking) > 8 else ''}")
    if len(named) > 1 and there[named[0]] != there[named[1]]:
        apart = ", ".join(sorted(there[named[0]] ^ there[named[1]])[:8])
        said.append(f"{named[0]} and {named[1]} are of different languages ({apart}), so their share is not of domain alone")
    if settings.task.max_examples:
        said.append(f"max_examples of {settings.task.name} cuts the raw text mixed in as well")
    return said


DESIGN = Design(
    name="domain_mix",
    description="a task with raw text beside it, more and more of it in one domain",
    settings=DomainMix,
    make=make,
)
