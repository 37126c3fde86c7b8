"""From the store to effects: what each arm does to each target, with intervals, and what that says of the study's claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from isthmus.analysis.averages_over_targets import TargetAverages, averages_by_target
from isthmus.analysis.holm import holm
from isthmus.analysis.paired import Effect, Scored, paired_effects, value_of
from isthmus.analysis.verdict import Verdict, judge
from isthmus.core.at_model import model_in, without_model
from isthmus.core.at_variant import at_variant
from isthmus.core.errors import UnknownName
from isthmus.plan.graph import Cell, Plan
from isthmus.results.averages import BASELINE
from isthmus.results.counts import read_counts
from isthmus.results.table import headline_of, scopes_of
from isthmus.store.store import Store
from isthmus.study.spec import Claim, Study

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALARM = 0.05  # at most: false alarms among all tests of a family


def study_effects(study: Study, plan: Plan, store: Store, metrics: Sequence[str] = ()) -> list[Effect]:
    """Return the effect of every arm on every target so far: on the averages that tables show, then on each language.

    Effects are of a task's main figure, then of those in ``metrics``; against the reference arm, where there are several
    models that of the arm's own, then against what a claim names besides. Only what both arms have counts, so that a
    half-finished study has effects too; baselines have none. The p of what matters is corrected for its family: all arms
    and targets that are compared with one arm, by the main figure on the headline average. Raises UnknownName for a metric
    that no finished score has, and CorruptArtifact where one is damaged.
    """
    mains, every = mains_of(plan), measured(plan, store)
    known = {one.metric for one in every}
    for metric in metrics if known else ():
        if metric not in known:
            raise UnknownName("metric", metric, known)
    scored = [one for one in every if one.metric in (mains[one.task], *metrics)]
    scopes = averages(study, plan)
    effects = []
    for reference in study.references:
        alike = [one for one in scored if model_in(one.arm) == model_in(reference)]
        effects += paired_effects(alike, reference, scopes)
    for arm, against, task in dict.fromkeys((c.arm, _against(study, c), c.target) for c in study.own_claims):
        if against and against != study.reference_of(arm):
            chosen = [one for one in scored if one.arm in (arm, against) and one.task == task]
            effects += paired_effects(chosen, against, scopes)
    headlines = {(task, mains[task], headline_of(names)) for task, names in scopes.items()}
    return _corrected(effects, [(one.task, one.metric, one.language) in headlines for one in effects])


def _corrected(effects: Sequence[Effect], matters: Sequence[bool]) -> list[Effect]:
    """Return effects, those that matter with their p after Holm among all that are compared with the same arm.

    The same arm of several models is one.
    """
    done, partners = list(effects), [without_model(effect.against) for effect in effects]
    for against in set(partners):
        family = [(i, one.p) for i, one in enumerate(effects) if matters[i] and partners[i] == against and one.p is not None]
        for (place, _), p in zip(family, holm([p for _, p in family]), strict=True):
            done[place] = replace(done[place], p_holm=p)
    return done


def stay_clear(effects: Iterable[Effect]) -> tuple[list[Effect], list[Effect]]:
    """Return the headline effects whose interval excludes 0 and, of these, those that stay clear after Holm's correction."""
    clear = [effect for effect in effects if effect.p_holm is not None and effect.sign]
    return clear, [effect for effect in clear if effect.p_holm is not None and effect.p_holm < ALARM]


def averages(study: Study, plan: Plan) -> dict[str, Mapping[str, Sequence[str]]]:
    """Return {task: {average: languages}} of the tables of a study."""
    cells = [cell for cell in plan.cells if not cell.arm.startswith(BASELINE)]
    return {
        task: scopes_of([cell for cell in plan.cells if cell.task == task], study.source, study.groups)
        for task in dict.fromkeys(cell.task for cell in cells)
    }


def mains_of(plan: Plan) -> dict[str, str]:
    """Return the main figure of each task."""
    return {cell.task: cell.main for cell in plan.cells}


def measured(plan: Plan, store: Store) -> list[Scored]:
    """Return the counts of every finished and labelled cell of an arm; raises CorruptArtifact where one is damaged."""
    return list(_scored([cell for cell in plan.cells if not cell.arm.startswith(BASELINE)], store))


def verdicts(study: Study, effects: Sequence[Effect]) -> list[Verdict]:
    """Return the verdict on every claim that stands in a study, by the main figure; ``effects`` are of ``study_effects``."""
    first: dict[tuple[str, str | None, str, str], Effect] = {}
    for effect in effects:
        first.setdefault((effect.arm, effect.against, effect.task, effect.language), effect)
    return [judge(c, first.get((c.arm, _against(study, c), c.target, c.on))) for c in study.own_claims]


def scored_mains(plan: Plan, store: Store, *, variants: bool = False) -> Iterator[Scored]:
    """Yield what arms did on every finished and labelled cell, by the main figure of its task; baselines are left out.

    With ``variants`` what cheaper forms of their models did comes after, each by the name of its configuration.
    """
    cells = [cell for cell in plan.cells if not cell.arm.startswith(BASELINE)]
    cells += plan.variants if variants else ()
    mains = {cell.task: cell.main for cell in cells}
    yield from (one for one in _scored(cells, store) if one.metric == mains[one.task])


def chosen_by(study: Study, plan: Plan, store: Store) -> dict[str, TargetAverages]:
    """Return the finished development scores that each target's best arm is chosen by; raises CorruptArtifact."""
    # A target may be scored on development data of the task that it is trained on, whose main figure then counts.
    main_of = {cell.task: cell.main for cell in plan.choices}
    scored = [one for one in _scored(plan.choices, store) if one.metric == main_of[one.task]]
    return averages_by_target(scored, dict.fromkeys(main_of, (study.source,)))


def _against(study: Study, claim: Claim) -> str | None:
    return claim.against or study.reference_of(claim.arm)


def _scored(cells: Sequence[Cell], store: Store) -> Iterator[Scored]:
    """Yield the counts of every finished and labelled cell, for its main figure, then for its others."""

    @cache  # cells of several arms and seeds share a step where the difference plays no part
    def read(step: str) -> dict[str, tuple[str, NDArray[np.float32]]]:
        counts = read_counts(store.open(step)) if store.has(step) else {}
        return {key: (name, rows) for name, rows in counts.items() for key in value_of(name)(rows.sum(0).tolist())}

    for cell in cells:
        found = read(cell.step)
        for key in sorted(found, key=lambda key: key != cell.main):
            yield Scored(at_variant(cell.arm, cell.variant), cell.seed, cell.task, cell.language, key, *found[key])
