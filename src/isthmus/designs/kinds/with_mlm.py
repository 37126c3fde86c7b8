"""Each arm again with masked language modelling mixed into its stages: does raw text keep what training would undo?"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from isthmus.core.errors import StudyError, nearest
from isthmus.designs.design import Design, Facts, Made
from isthmus.study.rates import Scheme, is_text
from isthmus.study.record import Languages, Many, Name, Record, TaskName
from isthmus.study.spec import Stage, Study, changed


class WithMlm(Record):
    """``rate`` is the share of steps on raw text in ``languages``, ``arms`` which to repeat (all that have a stage).

    ``text`` says which raw text: ``mlm``, that of a domain (``mlm/news``), or translation pairs (``tlm``).
    ``recipe`` changes keys of each stage's own: a mix is trained for ``steps``, so a stage in epochs needs them here.
    """

    rate: Annotated[float, Field(gt=0, lt=1)]
    text: TaskName = "mlm"
    languages: Languages = "all"
    arms: Many[Name] = ()
    recipe: dict[str, Any] = {}


def make(settings: WithMlm, study: Study, facts: Facts) -> Made:  # noqa: ARG001
    """Return ``ARM+mlm`` for each arm that is declared or that a design before this one makes."""
    if not is_text(settings.text):
        raise StudyError(
            f"{settings.text!r} is not raw text; expected mlm, tlm, or one of them in a domain, as mlm/news", key="text"
        )
    for i, name in enumerate(settings.arms):
        if name not in study.arms:
            raise StudyError(f"{name!r} is not among the arms; {nearest(name, study.arms)}", key=f"arms[{i}]")
        if why := _unfit(study.arms[name]):
            raise StudyError(f"{name!r} {why}", key=f"arms[{i}]")
    chosen = settings.arms or tuple(name for name, stages in study.arms.items() if not _unfit(stages))
    if not chosen:
        raise StudyError("no arm has a stage without raw text; declare arms, or put a design that makes them before this")
    arms = {f"{name}+{settings.text}": tuple(_mixed(stage, settings, name) for stage in study.arms[name]) for name in chosen}
    cut = sorted({stage.name for name in chosen for stage in study.arms[name] if stage.max_examples})
    warnings = [f"max_examples of {', '.join(cut)} cuts the raw text mixed in as well"] if cut else []
    note = f"a share of {settings.rate:g} of the steps goes to raw text, and so much less to the tasks"
    return Made(arms, (note,), tuple(warnings))


def _unfit(stages: tuple[Stage, ...]) -> str | None:
    """Say why an arm cannot be repeated; None where it can."""
    if not stages:
        return "has no stage to mix raw text into"
    return "trains on raw text already" if any(is_text(name) for stage in stages for name in stage.tasks) else None


def _mixed(stage: Stage, settings: WithMlm, arm: str) -> Stage:
    if stage.head != "new":
        raise StudyError(f"{arm!r} has a stage with head: {stage.head}, and the heads of a mix are new")
    rates: Any = stage.rates if stage.mix else {stage.name: 1.0}
    if isinstance(rates, Scheme):
        rates = rates.with_text({settings.text: settings.rate})
    elif isinstance(rates, dict):
        total = sum(rates.values())
        rates = {name: (1 - settings.rate) * rate / total for name, rate in rates.items()}
        rates[settings.text] = settings.rate
    else:
        raise StudyError(f"{arm!r} has rates by a schedule; expected a number a task, or a scheme")
    own = {task: stage.languages_of(task) for task in stage.tasks if stage.languages_of(task)}
    changes = {
        "task": None,
        "mix": (*stage.tasks, settings.text),
        "rates": rates,
        "languages": own | {settings.text: settings.languages},
        "recipe": changed(stage.recipe, settings.recipe),
    }
    if isinstance(stage.language_rates, dict) and not stage.mix:
        changes["language_rates"] = {stage.name: stage.language_rates}
    return Stage.model_validate({name: getattr(stage, name) for name in stage.model_fields_set} | changes)


DESIGN = Design(name="with_mlm", description="each arm again with raw text mixed in", settings=WithMlm, make=make)
