"""From the store to effects: what each arm does to each target, with intervals, and what that says of the study's claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from isthmus.analysis.paired import Effect, Scored, paired_effects, value_of
from isthmus.analysis.verdict import Verdict, judge
from isthmus.core.errors import UnknownName
from isthmus.plan.graph import Cell, Plan
from isthmus.results.averages import BASELINE
from isthmus.results.counts import read_counts
from isthmus.results.table import scopes_of
from isthmus.store.store import Store
from isthmus.study.spec import Claim, Study

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def study_effects(study: Study, plan: Plan, store: Store, metrics: Sequence[str] = ()) -> list[Effect]:
    """Return the effect of every arm on every target so far: on the averages that tables show, then on each language.

    Effects are of a task's main figure, then of those in ``metrics``; against the reference arm, then against what a claim
    names besides. Only what both arms have counts, so that a half-finished study has effects too; baselines have none.
    Raises UnknownName for a metric that no finished score has, and CorruptArtifact where one is damaged.
    """
    cells = [cell for cell in plan.cells if not cell.arm.startswith(BASELINE)]
    every = list(_scored(cells, store))
    known, mains = {one.metric for one in every}, {cell.task: cell.main for cell in cells}
    for metric in metrics if known else ():
        if metric not in known:
            raise UnknownName("metric", metric, known)
    scored = [one for one in every if one.metric in (mains[one.task], *metrics)]
    scopes = {
        task: scopes_of([cell for cell in plan.cells if cell.task == task], study.source, study.groups)
        for task in dict.fromkeys(cell.task for cell in cells)
    }
    reference = study.reference
    effects = paired_effects(scored, reference, scopes) if reference else []
    for arm, against, task in dict.fromkeys((c.arm, _against(study, c), c.target) for c in study.claims):
        if against and against != reference:
            chosen = [one for one in scored if one.arm in (arm, against) and one.task == task]
            effects += paired_effects(chosen, against, scopes)
    return effects


def verdicts(study: Study, effects: Sequence[Effect]) -> list[Verdict]:
    """Return the verdict on every claim of a study, by the main figure; ``effects`` are those of ``study_effects``."""
    first: dict[tuple[str, str | None, str, str], Effect] = {}
    for effect in effects:
        first.setdefault((effect.arm, effect.against, effect.task, effect.language), effect)
    return [judge(c, first.get((c.arm, _against(study, c), c.target, c.on))) for c in study.claims]


def _against(study: Study, claim: Claim) -> str | None:
    return claim.against or study.reference


def _scored(cells: Sequence[Cell], store: Store) -> Iterator[Scored]:
    """Yield the counts of every finished and labelled cell, for its main figure, then for its others."""

    @cache  # cells of several arms and seeds share a step where the difference plays no part
    def read(step: str) -> dict[str, tuple[str, NDArray[np.float32]]]:
        counts = read_counts(store.open(step)) if store.has(step) else {}
        return {key: (name, rows) for name, rows in counts.items() for key in value_of(name)(rows.sum(0).tolist())}

    for cell in cells:
        found = read(cell.step)
        for key in sorted(found, key=lambda key: key != cell.main):
            yield Scored(cell.arm, cell.seed, cell.task, cell.language, key, *found[key])
