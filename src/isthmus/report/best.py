"""The best intermediate stage for each target, chosen on development data, as text before anyone draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from isthmus.analysis.averages_over_targets import Contrast, averages_by_target
from isthmus.analysis.selection import Selected, average_of_selected, selected
from isthmus.core.at_model import model_in
from isthmus.plan.graph import Plan
from isthmus.report.claim_table import scopes_on
from isthmus.report.effects import chosen_by, scored_mains
from isthmus.report.grid import DELTA, NONE, Grid
from isthmus.store.store import Store
from isthmus.study.spec import Study


@dataclass(frozen=True, slots=True)
class Best:
    """The choice on each target among the arms of one model, the mean over these targets, and a sentence on each target
    without such a choice."""

    reference: str
    source: str
    selected: tuple[Selected, ...]
    average: Contrast | None
    notes: tuple[str, ...]


def best_by_target(study: Study, plan: Plan, store: Store) -> tuple[Best, ...]:
    """Return the best intermediate arm of each target so far, for each model; empty where the study does not select.

    So it is without an arm to compare with. Raises CorruptArtifact where a score is damaged.
    """
    if study.selection is None:
        return ()
    test = averages_by_target(list(scored_mains(plan, store)), scopes_on(study, plan, ""))
    dev = chosen_by(study, plan, store)
    found = []
    for reference in study.references:
        own = study.of_model(model_in(reference)).arms
        arms = [arm for arm, stages in own.items() if stages]
        if arms:
            average = average_of_selected(dev, test, arms, reference)
            chosen = tuple(selected(dev, test, arms, reference))
            found.append(Best(reference, study.source, chosen, average, plan.notes))
    return tuple(found)


def best_grid(best: Best) -> Grid:
    """Return the table of the best arms, with the average over targets where there are several."""
    headers = (
        "best intermediate stage",
        "chosen",
        "in seeds",
        "dev",
        f"{DELTA} against {best.reference}",
        "95 % interval",
        "best on test",
        "regret",
    )
    rows = [
        (
            one.target,
            one.arm,
            f"{one.times} of {len(one.by_seed)}",
            f"{one.dev:.1f}",
            f"{one.effect.delta:+z.1f}",
            interval_of(one.effect),
            one.best,
            f"{one.regret:.1f}",
        )
        for one in best.selected
    ]
    if best.average and len(rows) > 1:
        blank = ("", "", "")
        delta = f"{best.average.delta:+z.1f}"
        rows.append((f"average ({len(rows)})", *blank, delta, interval_of(best.average), "", ""))
    return Grid("the best intermediate stage for each target", headers, tuple(rows), ())


def interval_of(found: Contrast) -> str:
    """Return the ends of a 95 % interval as they are printed."""
    ends = found.ends()
    return NONE if ends is None else f"[{ends[0]:+z.1f}, {ends[1]:+z.1f}]"


def best_notes(best: Best) -> Sequence[str]:
    """Return how the arms were chosen and what the columns mean, then which targets have no such choice."""
    if not best.selected:
        return ["no target has development and test scores of every arm yet, so none has a best arm", *best.notes]
    seeds = max(len(one.by_seed) for one in best.selected)
    luck = (
        "in each seed by the mean of the other seeds, so that a lucky run does not choose itself"
        if seeds > 1
        else "on the only seed, so that the effect is that of its best run and keeps its luck"
    )
    return [
        f"chosen: the arm with the highest {best.source} dev score over all seeds; it is judged on test data, chosen {luck}",
        "in seeds: how often the choice for one seed is that arm",
        "regret: how far the chosen arms stay below the one best on test, which only hindsight knows and luck flatters",
        *best.notes,
    ]


def best_json(best: Best) -> dict[str, Any]:
    """Return the choices as plain JSON types."""
    return {
        "reference": best.reference,
        "targets": [asdict(one) | {"ends": one.effect.ends()} for one in best.selected],
        "average": asdict(best.average) | {"ends": best.average.ends()} if best.average else None,
        "notes": list(best.notes),
    }
