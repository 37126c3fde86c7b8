"""What inference costs, with and without intermediate stages: from measurements and scores of a store to frozen records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isthmus.analysis.averages_over_targets import TargetAverages, averages_by_target
from isthmus.analysis.equal_accuracy import DRAWS, Equal, Overall, equal_accuracy
from isthmus.analysis.fronts import Cost, Gain, Point, costs_of, gain, parted, points_of
from isthmus.analysis.latency import QUANTITIES, Timing, against_full, against_reference
from isthmus.analysis.paired import Scored
from isthmus.analysis.retention import Loss, losses
from isthmus.core.at_model import model_in, without_model
from isthmus.core.at_variant import variant_in, without_variant
from isthmus.plan.graph import Plan
from isthmus.report.effects import averages, mains_of
from isthmus.report.efficiency_forms import Form, Scopes, forms
from isthmus.report.serving import measurements_of, scored_configurations
from isthmus.report.spent import Spent, spent
from isthmus.results.measured import Measurements
from isthmus.results.table import ALL, headline_of
from isthmus.store.store import Store
from isthmus.study.spec import Study

FEWER_DRAWS = 500  # for a single language, of which there are many

UNLIKE = {
    "exit": "each arm may answer from other layers",
    "heads": "each arm has other heads left",
}  # changes after which two arms need not do the same work


@dataclass(frozen=True, slots=True)
class Benched:
    """One run of measurements and the day it ended (UTC, empty where nothing tells)."""

    measured: Measurements
    day: str


@dataclass(frozen=True, slots=True)
class Fronted:
    """One target on an average of its languages, or in one: every configuration with its cost and score.

    Costs are seconds an example, over ``costed``: those of the scope that were timed, or all timed where none of it was.
    ``staged`` and ``plain`` are what nothing cheaper is as good as, among arms with stages and among those without; ``gain``
    is what the former win at equal cost, ``equal`` what the accuracy of each reference costs either.
    """

    task: str
    metric: str
    scope: str
    languages: tuple[str, ...]
    costed: tuple[str, ...]
    points: tuple[Point, ...]
    staged: tuple[Point, ...]
    plain: tuple[Point, ...]
    gain: Gain | None
    equal: tuple[Equal, ...]

    @property
    def single(self) -> bool:
        """Tell whether it is one language and no average."""
        return self.languages == (self.scope,)


@dataclass(frozen=True, slots=True)
class Across:
    """The same on one average over all targets: the gain at equal cost, and the mean of the costs at equal accuracy."""

    scope: str
    tasks: tuple[str, ...]
    gain: Gain | None
    overall: Overall | None
    single: bool = False  # a language and no average


@dataclass(frozen=True, slots=True)
class Efficiency:
    """All that a study says of cost. ``arms`` are names without models; ``scores`` and ``runs`` are (done, planned).

    ``same`` compares each arm with the reference arm of its model and variant, ``faster`` each variant with its full model.
    ``adaptive`` are variants whose work hangs on the weights, with the reason: there arms need not be alike.
    """

    arms: tuple[str, ...]
    models: tuple[str, ...]
    variants: tuple[str, ...]
    reference: str | None
    scores: tuple[int, int]
    runs: tuple[int, int]
    benches: tuple[Benched, ...]
    spent: tuple[Spent, ...]
    same: tuple[Timing, ...]
    faster: tuple[Timing, ...]
    fronts: tuple[Fronted, ...]
    across: tuple[Across, ...]
    losses: tuple[Loss, ...]
    forms: tuple[Form, ...]
    adaptive: Mapping[str, str]

    @property
    def tasks(self) -> tuple[str, ...]:
        """Return the targets that have a cost or a loss."""
        return tuple(dict.fromkeys((*(one.task for one in self.spent), *(one.task for one in self.losses))))


def efficiency(study: Study, plan: Plan, store: Store) -> Efficiency | None:
    """Return what a study's inference costs as far as it is measured; None where it has neither variants nor measurements.

    Raises CorruptArtifact where a score or a measurement is damaged.
    """
    if not plan.variants and not plan.benches:
        return None
    measured = measurements_of(plan, store)
    scored = scored_configurations(plan, store)
    found, asked = averages(study, plan), _timed_tasks(measured)
    scopes = {task: _in_order(own) for task, own in found.items()}
    same = [one for quantity in QUANTITIES for one in _same(measured, study.reference, quantity)]
    across, fronts = _fronts(study, plan, measured, [one for one in scored if one.task in asked], scopes)
    return Efficiency(
        arms=tuple(dict.fromkeys(map(without_model, study.arms))),
        models=tuple(study.encoders),
        variants=tuple(study.variants),
        reference=study.reference,
        scores=(sum(store.has(cell.step) for cell in plan.variants), len(plan.variants)),
        runs=(len(measured), len(plan.benches)),
        benches=_benches(plan, store, measured),
        spent=tuple(sorted(spent(measured), key=lambda one: list(scopes).index(one.task))),
        same=tuple(same),
        faster=tuple(one for quantity in QUANTITIES for one in against_full(measured, quantity)),
        fronts=fronts,
        across=across,
        losses=_losses(study, plan, scored, scopes),
        forms=forms(study, measured, scored, found),
        adaptive={
            name: why for name, own in study.variants.items() for key, why in UNLIKE.items() if getattr(own, key) is not None
        },
    )


def _benches(plan: Plan, store: Store, measured: Sequence[Measurements]) -> tuple[Benched, ...]:
    days = {
        (bench.task, bench.model): str(store.manifest(bench.step).provenance.get("finished", ""))[:10]
        for bench in plan.benches
        if store.has(bench.step)
    }
    return tuple(Benched(one, days.get((one.task, one.model), "")) for one in measured)


def _timed_tasks(measured: Sequence[Measurements]) -> set[str]:
    return {one.task for one in measured}


def _in_order(found: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return the averages worth telling, that which matters first, and then every language that is none of them."""
    headline = headline_of(found)
    kept = [headline, *(name for name in found if name not in (headline, ALL))]
    languages = [language for language in found[ALL] if language not in kept]
    return {name: found[name] for name in kept} | {language: (language,) for language in languages}


def _same(measured: Sequence[Measurements], reference: str | None, quantity: str) -> list[Timing]:
    return against_reference(measured, reference, "latency" if quantity == "latency" else "throughput") if reference else []


def _fronts(
    study: Study, plan: Plan, measured: Sequence[Measurements], scored: Sequence[Scored], scopes: Scopes
) -> tuple[tuple[Across, ...], tuple[Fronted, ...]]:
    """Return what can be said on each scope that has scores, over all timed targets and of each."""
    mains, across, fronts = mains_of(plan), list[Across](), list[Fronted]()
    staged = {arm for arm, stages in study.arms.items() if stages}
    for scope in dict.fromkeys(name for task in scopes for name in scopes[task]):
        named = {task: own[scope] for task, own in scopes.items() if scope in own}
        targets = averages_by_target([one for one in scored if one.task in named], named)
        timed = {task: _costs(measured, task, one.languages) for task, one in targets.items()}
        costs = {task: own for task, (own, _) in timed.items()}
        if not targets:
            continue
        draws = DRAWS if any(spoken != (scope,) for spoken in map(tuple, named.values())) else FEWER_DRAWS
        overall = equal_accuracy(targets, costs, staged, study.references, draws=draws)
        if len(targets) > 1:
            single = all(target.languages == (scope,) for target in targets.values())
            across.append(Across(scope, tuple(targets), gain(targets, costs, staged), overall, single))
        for task, target in targets.items():
            equal = tuple(one for one in (overall.equal if overall else ()) if one.task == task)
            fronts.append(_fronted(task, mains[task], scope, target, *timed[task], staged, equal))
    order = list(scopes)
    return tuple(across), tuple(sorted(fronts, key=lambda one: order.index(one.task)))


def _costs(measured: Sequence[Measurements], task: str, scope: Sequence[str]) -> tuple[dict[str, Cost], tuple[str, ...]]:
    """Return the costs on one target over the languages of a scope, and which these are."""
    own = [one for one in measured if one.task == task]
    timed = tuple(dict.fromkeys(language for one in own for spoken in one.timed for language in spoken.languages))
    languages = tuple(language for language in scope if language in timed) or timed
    return costs_of(own, languages), languages


def _fronted(
    task: str,
    metric: str,
    scope: str,
    target: TargetAverages,
    costs: Mapping[str, Cost],
    costed: tuple[str, ...],
    staged: set[str],
    equal: tuple[Equal, ...],
) -> Fronted:
    points = points_of(target, costs)
    with_stages, without = parted(points, staged)
    won = gain({task: target}, {task: costs}, staged)
    return Fronted(task, metric, scope, target.languages, costed, points, with_stages, without, won, equal)


def _losses(study: Study, plan: Plan, scored: Sequence[Scored], scopes: Scopes) -> tuple[Loss, ...]:
    if not study.variants:
        return ()
    varied = {cell.task for cell in plan.variants}
    own = {task: scopes[task] for task in scopes if task in varied}
    headlines = {task: next(iter(names)) for task, names in own.items()}
    return tuple(losses([one for one in scored if one.task in own], study.reference or "", own, headlines))


def named(configuration: str) -> tuple[str, str, str]:
    """Return the arm, the model and the variant of a configuration, empty where it names none."""
    arm = without_variant(configuration)
    return without_model(arm), model_in(arm), variant_in(configuration)
