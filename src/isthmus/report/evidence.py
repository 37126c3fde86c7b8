"""Everything the report says, gathered as frozen data; drawing it is the work of ``page``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from isthmus.analysis.paired import Effect
from isthmus.claims.judge import Judgement
from isthmus.plan.graph import Plan
from isthmus.report.account import Account, account
from isthmus.report.answer import answer
from isthmus.report.best import Best, best_by_target
from isthmus.report.by_feature import BestHere, ByFeature, best_here, by_feature
from isthmus.report.by_model import ByModel, by_model
from isthmus.report.efficiency import Efficiency, efficiency
from isthmus.report.efficiency_words import cost_limits, measured_how
from isthmus.report.layers import Layered, layered
from isthmus.report.learning import Lesson, lessons
from isthmus.report.limits import limits
from isthmus.report.methods import Section, methods
from isthmus.report.orders import Ordered, ordered
from isthmus.report.shares import ByShare, by_share
from isthmus.report.specimen import Specimen, specimens
from isthmus.report.surfaces import Surfaced, surfaced
from isthmus.report.translated import translated
from isthmus.results.averages import Figure
from isthmus.results.table import ALL, Line, Summary, Table
from isthmus.sources.source import Source
from isthmus.store.store import Store
from isthmus.study.spec import Study
from isthmus.tasks.task import Task, load_task


@dataclass(frozen=True, slots=True)
class Cell:
    """One arm on one target in one scope: its effect and its scores, each None while it is not measured."""

    arm: str
    task: str
    effect: Effect | None
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Arms by targets in one scope (the source language or an average), a row of cells for each arm, model by model.

    What the others are compared with comes first.
    """

    scope: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Gains:
    """The effects of one arm on one target in single languages, nearest first, and on the average that matters."""

    arm: str
    task: str
    headline: Effect | None
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A study's report as data; ``nearness`` says in words the ``order`` of each task's languages; ``text`` is the
    study file, ``procedures`` are (source, sentence) of how the works behind its claims went about it."""

    study: Study
    text: str
    summary: Summary
    reference: str | None
    answer: tuple[str, str, str]
    matrices: tuple[Matrix, ...]
    gains: tuple[Gains, ...]
    nearness: str
    order: Mapping[str, tuple[str, ...]]
    distances: Mapping[str, float]
    tables: tuple[Table, ...]
    effects: tuple[Effect, ...]
    judgements: tuple[Judgement, ...]
    layers: tuple[Layered, ...]
    lessons: tuple[Lesson, ...]
    specimens: tuple[Specimen, ...]
    methods: tuple[Section, ...]
    procedures: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    account: Account
    tasks: tuple[Task, ...]
    best: tuple[Best, ...] = ()
    sizes: tuple[ByModel, ...] = ()
    shares: tuple[ByShare, ...] = ()
    surfaces: tuple[Surfaced, ...] = ()
    features: tuple[ByFeature, ...] = ()
    best_here: tuple[BestHere, ...] = ()
    orders: tuple[Ordered, ...] = ()
    efficiency: Efficiency | None = None

    @property
    def arms(self) -> tuple[str, ...]:
        """Return the arms that have a difference: all but the one, of each model, that the others are compared with."""
        return tuple(arm for arm in self.study.arms if arm not in self.study.references)

    @property
    def compared(self) -> tuple[Table, ...]:
        """Return the tables of targets that the arms compared with are judged on: not those of heads that they lack."""
        return tuple(table for table in self.tables if set(self.study.references) <= table.seeds.keys())

    @property
    def languages(self) -> tuple[str, ...]:
        """Return every language that has a score on some target."""
        return tuple(dict.fromkeys(line.name for table in self.tables for line in table.languages if line.languages))


def gather(
    study: Study,
    plan: Plan,
    store: Store,
    source: Source,
    *,
    summary: Summary,
    effects: Collection[Effect],
    judgements: Collection[Judgement] = (),
    procedures: Collection[tuple[str, str]] = (),
    distances: Mapping[str, float] | None = None,
    text: str = "",
) -> Evidence:
    """Return what a store can say of a study so far; ``distances`` are those of languages from the source, where declared.

    Raises CorruptArtifact where an artifact is damaged.
    """
    tables = tuple(table for table in summary.tables if table.main)
    metrics = {table.task: table.metric for table in tables}
    plain = [effect for effect in effects if effect.against == study.reference_of(effect.arm)]
    own = tuple(effect for effect in plain if effect.metric == metrics[effect.task])
    order = {table.task: _order(table, study.source, study.references, distances) for table in tables}
    spent, used = account(plan, store), tuple(map(load_task, _used(study)))
    cost = efficiency(study, plan, store)
    return Evidence(
        study=study,
        text=text,
        summary=summary,
        reference=summary.against,
        answer=answer(study, summary, own),
        matrices=_matrices(study, [table for table in tables if set(study.references) <= table.seeds.keys()], own),
        gains=_gains(study, tables, own, order),
        nearness=_nearness(summary, distances),
        order=order,
        distances=distances or {},
        tables=tables,
        effects=own,
        judgements=tuple(judgements),
        layers=tuple(layered(plan, store, tables)),
        lessons=lessons(plan, store),
        specimens=_ordered(specimens(plan, store, source, tuple(study.arms), study.seeds[0]), order),
        methods=(
            *methods(study, source, {task.name: task for task in used}, tables, own, judgements),
            *translated(plan, store),
            *(measured_how(cost) if cost else ()),
        ),
        procedures=tuple(procedures),
        limits=(*limits(study, summary, own, spent), *(cost_limits(cost) if cost else ())),
        account=spent,
        tasks=used,
        best=best_by_target(study, plan, store),
        sizes=by_model(study, plan, store),
        shares=by_share(study, plan, store),
        surfaces=surfaced(study, plan, store),
        features=by_feature(study, plan, store, distances, own),
        best_here=best_here(own),
        orders=ordered(study, plan, store, tables),
        efficiency=cost,
    )


def stages(study: Study, arm: str) -> str:
    """Return the stages of an arm in words, in order."""
    return " → ".join(stage.described for stage in study.arms[arm]) or "no stage: straight to the target"


def _used(study: Study) -> list[str]:
    trained = [task for stages in study.arms.values() for stage in stages for task in stage.tasks]
    names = [name for target in study.targets for name in (target.task, target.train) if name]
    return list(dict.fromkeys([*names, *trained]))


def _matrices(study: Study, tables: Sequence[Table], effects: Collection[Effect]) -> tuple[Matrix, ...]:
    """Return a matrix for every average but that over all languages, unless there is no other; the headline comes first."""
    found = {(effect.arm, effect.task, effect.language): effect for effect in effects}
    arms = [arm for model in study.encoders for arm in _reference_first(study.of_model(model))]
    heads = [table.headline for table in tables]
    names = dict.fromkeys([*heads, *(line.name for table in tables for line in table.averages if line.name != ALL)])
    return tuple(
        Matrix(
            name,
            tuple(
                tuple(
                    Cell(arm, table.task, found.get((arm, table.task, name)), _figure(table, name, arm)) for table in tables
                )
                for arm in arms
            ),
        )
        for name in names
    )


def _reference_first(study: Study) -> list[str]:
    return sorted(study.arms, key=lambda arm: arm not in study.references)


def line_of(table: Table, name: str) -> Line | None:
    """Return the line of an average, None where the table has none by that name."""
    return next((line for line in table.averages if line.name == name), None)


def _figure(table: Table, name: str, arm: str) -> Figure | None:
    line = line_of(table, name)
    return line.figures.get(arm) if line else None


def _gains(
    study: Study, tables: Sequence[Table], effects: Collection[Effect], order: Mapping[str, Sequence[str]]
) -> tuple[Gains, ...]:
    found = {(effect.arm, effect.task, effect.language): effect for effect in effects}
    gains = []
    for table in tables:
        for arm in study.arms:
            names = order[table.task]
            own = tuple(found[arm, table.task, name] for name in names if (arm, table.task, name) in found)
            if own:
                gains.append(Gains(arm, table.task, found.get((arm, table.task, table.headline)), own))
    return tuple(gains)


def _order(table: Table, source: str, references: Collection[str], distances: Mapping[str, float] | None) -> tuple[str, ...]:
    """Return a table's languages, the source first, then from near to far; those without a distance come last."""

    def far(line: Line) -> float:
        if distances is not None:
            return distances.get(line.name, float("inf"))
        known = [line.figures[arm].score.mean for arm in references if arm in line.figures]
        return -fmean(known) if known else float("inf")

    ordered = sorted(table.languages, key=lambda line: (line.name != source, far(line), line.name))
    return tuple(line.name for line in ordered)


def _ordered(found: Iterable[Specimen], order: Mapping[str, Sequence[str]]) -> tuple[Specimen, ...]:
    """Return examples task by task, languages from near to far; what has no score comes last."""
    places = {pair: i for i, pair in enumerate((task, language) for task in order for language in order[task])}
    return tuple(sorted(found, key=lambda one: places.get((one.task, one.language), len(places))))


def _nearness(summary: Summary, distances: Mapping[str, float] | None) -> str:
    if distances is not None:
        return f"Languages are ordered by their declared distance from {summary.source}, nearest first."
    return (
        f"These data declare no distances from {summary.source}; languages are ordered by the score of {summary.against} "
        "on each target, highest first."
    )
