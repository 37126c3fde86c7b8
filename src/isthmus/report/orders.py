"""What a study whose arms are orders of the same stages says of order: its course, places, forgetting, and models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from isthmus.analysis.averages_over_targets import Contrast, averages_by_target
from isthmus.analysis.mixed import MixedFit, order_model
from isthmus.analysis.order import Forgetting, Orders, PlaceEffect, Stages, along, find_orders, forgetting, place_effects
from isthmus.core.at_model import model_in
from isthmus.plan.graph import Plan
from isthmus.report.answer import signed
from isthmus.report.claim_table import scopes_on
from isthmus.report.collect import collect
from isthmus.report.effects import scored_mains
from isthmus.results.averages import Seed
from isthmus.results.row import Row
from isthmus.results.table import Table
from isthmus.store.store import Store
from isthmus.study.spec import Stage, Study
from isthmus.tasks.task import load_task

EVERY = "all targets"
CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Course:
    """The score of one target after each of the first stages of the orders, the mean over seeds and each seed's own.

    ``on`` names the average; ``kept`` says that nothing was trained anew, and the stage's own head was judged.
    """

    task: str
    metric: str
    on: str
    kept: bool
    means: Mapping[Stages, float]
    seeds: Mapping[Stages, tuple[tuple[Seed, float], ...]]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Everything the report says of one set of orders; ``model`` is the model they start from, empty where there is one."""

    model: str
    orders: Orders
    courses: tuple[Course, ...]
    places: tuple[PlaceEffect, ...]
    forgetting: tuple[Forgetting, ...]
    fits: tuple[tuple[str, MixedFit], ...]
    sentences: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """Return the targets on which nothing is trained anew."""
        return tuple(course.task for course in self.courses if course.kept)

    def effect(self, task: str, stage: str, place: int | None) -> PlaceEffect | None:
        """Return what a target owes to the place of a stage, None where the orders cannot tell."""
        return next((one for one in self.places if (one.task, one.stage, one.place) == (task, stage, place)), None)

    def lost(self, task: str, stage: str, after: str | None) -> Forgetting | None:
        """Return what became of a stage after another one, or until the end."""
        return next((one for one in self.forgetting if (one.task, one.stage, one.after) == (task, stage, after)), None)


def ordered(study: Study, plan: Plan, store: Store, tables: Sequence[Table]) -> tuple[Ordered, ...]:
    """Return what a study says of each set of orders among its arms, those of one model apart; empty where it has none.

    Raises CorruptArtifact where a score is damaged.
    """
    labels = _labels([stage for stages in study.arms.values() for stage in stages])
    sets = [
        (model, orders)
        for model in dict.fromkeys(map(model_in, study.arms))
        for orders in find_orders(
            {arm: [labels[_content(stage)] for stage in own] for arm, own in study.of_model(model).arms.items()}
        )
    ]
    if not sets:
        return ()
    scored, scopes = list(scored_mains(plan, store)), scopes_on(study, plan, "")
    rows = [row for row in collect(plan, store, study.study)[0] if row.main]
    trained = _trained(study, labels)
    found = []
    for model, orders in sets:
        arms = set(orders.begun.values())
        averages = averages_by_target([one for one in scored if one.arm in arms], scopes)
        courses = tuple(_courses(study, orders, tables))
        places, lost = tuple(place_effects(orders, averages)), tuple(forgetting(orders, averages, trained))
        judged = {task: set(average.languages) for task, average in averages.items()}
        own = [row for row in rows if row.arm in orders.whole and row.language in judged.get(row.task, ())]
        fits = tuple(_fits(study, orders, own))
        one = Ordered(model, orders, courses, places, lost, fits, ())
        found.append(Ordered(model, orders, courses, places, lost, fits, tuple(_sentences(one))))
    return tuple(found)


def _content(stage: Stage) -> str:
    return stage.model_dump_json(exclude={"head"})


def _labels(stages: Sequence[Stage]) -> dict[str, str]:
    """Return {content of a stage: what it is called}: its name, with a number where others have it too."""
    called: dict[str, str] = {}
    for stage in stages:
        if _content(stage) not in called:
            number = sum(label.partition(" #")[0] == stage.name for label in called.values())
            called[_content(stage)] = f"{stage.name} #{number + 1}" if number else stage.name
    return called


def _trained(study: Study, labels: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the stages that train for each target: on its task, or on that whose training set it takes."""
    known = {labels[_content(stage)]: set(stage.tasks) for stages in study.arms.values() for stage in stages}
    wanted = {target.task: target.train or load_task(target.task).train_on or target.task for target in study.targets}
    return {task: [label for label, tasks in known.items() if tasks & {task, name}] for task, name in wanted.items()}


def _courses(study: Study, orders: Orders, tables: Sequence[Table]) -> Iterator[Course]:
    kept = {target.task for target in study.targets if target.head == "kept"}
    for table in tables:
        figures = table.average(table.headline).figures
        means = along(orders, {arm: figure.score.mean for arm, figure in figures.items()})
        seeds = {stages: figures[orders.begun[stages]].score.by_seed for stages in means}
        if any(len(stages) > 1 for stages in means):
            yield Course(table.task, table.metric, table.headline, table.task in kept, means, seeds)


def _fits(study: Study, orders: Orders, rows: Sequence[Row]) -> Iterator[tuple[str, MixedFit]]:
    """Yield the model of each target, then that of all that are trained anew or not at all, where there are several."""
    kept = {target.task for target in study.targets if target.head == "kept"}
    whole = [row for row in rows if row.task not in kept]
    tasks = list(dict.fromkeys(row.task for row in rows))
    for task, own in [(task, [row for row in rows if row.task == task]) for task in tasks]:
        if fit := order_model(own, orders):
            yield task, fit
    if len({row.task for row in whole}) > 1 and (fit := order_model(whole, orders)):
        yield EVERY, fit


def _sentences(one: Ordered) -> Iterator[str]:
    ends = [lost for lost in one.forgetting if lost.after is None]
    for kept in (False, True):
        told = [f"`{lost.stage}` {_said(lost.found)} on `{lost.task}`" for lost in ends if (lost.task in one.kept) == kept]
        if told and kept:
            yield f"Judged with the head that the stage itself left, nothing trained anew: {'; '.join(told)}."
        elif told:
            yield f"From right after a stage to the end of the order, what it gave changes by: {'; '.join(told)}."
    last = [effect for effect in one.places if effect.place == len(one.orders.stages) and effect.task not in one.kept]
    clear = [effect for effect in last if side(effect.found)]
    if clear:
        told = [f"`{effect.task}` by {_said(effect.found)} where `{effect.stage}` comes last" for effect in clear]
        yield f"Which stage comes last changes, clearly (interval without 0): {'; '.join(told)}."
    elif last:
        yield "Which stage comes last changes no target clearly: every interval holds 0."
    known = [effect for effect in one.places if side(effect.found) is not None and effect.task not in one.kept]
    if known:
        number = sum(bool(side(effect.found)) for effect in known)
        yield (
            f"{number} of {len(known)} figures of place and carry-over, own heads aside, have an interval that excludes 0; "
            f"about {len(known) * CHANCE:.0f} would if order did nothing, for none is corrected for their number."
        )


def side(found: Contrast) -> int | None:
    """Return 1 or -1 where the interval excludes 0, 0 where it holds it, None where there is none."""
    ends = found.ends()
    return None if ends is None else (ends[0] > 0) - (ends[1] < 0)


def _said(found: Contrast) -> str:
    ends = found.ends()
    return signed(found.delta) + (f" [{signed(ends[0])}, {signed(ends[1])}]" if ends else "")
