"""Effects checked by resampling: the bootstrap and sign flips beside the interval and p of Student's t."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.analysis.bootstrap import DRAWS, bootstrap
from isthmus.analysis.paired import Effect
from isthmus.analysis.pairs import by_place
from isthmus.analysis.permutation import of_examples, of_seeds
from isthmus.plan.graph import Plan
from isthmus.report.effect_grid import FEW_SEEDS, between, place, probability, telling
from isthmus.report.effects import measured
from isthmus.report.grid import DELTA, Grid
from isthmus.store.store import Store


@dataclass(frozen=True, slots=True)
class Resampled:
    """An effect, its bootstrap interval in points, and the p of exchanging the two arms on examples, and in whole seeds."""

    effect: Effect
    low: float
    high: float
    p_examples: float
    p_seeds: float


def resampled(plan: Plan, store: Store, effects: Sequence[Effect]) -> list[Resampled]:
    """Return effects with what resampling says of each; raises CorruptArtifact where a score is damaged."""
    scored = by_place(measured(plan, store))
    intervals = bootstrap(effects, scored)
    return [
        Resampled(effect, low, high, of_examples(effect, scored), of_seeds(effect))
        for effect, (low, high) in zip(effects, intervals, strict=True)
    ]


def resampled_grids(found: Sequence[Resampled]) -> list[Grid]:
    """Return a table for each arm compared with, in the order of the tables of effects."""
    return [_grid(against, found) for against in dict.fromkeys(one.effect.against for one in found)]


def resampled_notes(found: Sequence[Resampled]) -> list[str]:
    """Return what each column of the tables is, and what few seeds cannot show."""
    notes = [
        f"bootstrap {DRAWS:,} draws of seeds and of examples, the ends of the middle 95 %",
        "p as in the table of effects; examples, seeds: the two arms exchanged on single examples (these models as they "
        "are), in whole seeds (other models too)",
    ]
    fewest = min((one.effect.seeds_seen for one in found), default=FEW_SEEDS)
    if 1 < fewest < FEW_SEEDS:
        notes.append(
            f"with {fewest} seeds the bootstrap is too narrow where seeds differ, "
            f"and no p of seeds is below {2 / 2**fewest:g}"
        )
    if fewest == 1:
        notes.append("where there is one seed the bootstrap is over examples only, and exchanging it shows nothing (p of 1)")
    return notes


def resampled_json(found: Sequence[Resampled]) -> list[dict[str, Any]]:
    """Return one record an effect, as plain JSON types."""
    names = ("arm", "against", "task", "metric", "language")
    return [
        {name: getattr(one.effect, name) for name in names}
        | {"low": one.low, "high": one.high, "p_examples": one.p_examples, "p_seeds": one.p_seeds}
        for one in found
    ]


def _grid(against: str, found: Sequence[Resampled]) -> Grid:
    headers = ("", "target", "on", f"{DELTA} against {against}", "95 % interval", "bootstrap", "p", "examples", "seeds")
    chosen = [one for one in found if one.effect.against == against]
    rows = [_row(one) for one in sorted(chosen, key=lambda one: telling(one.effect), reverse=True)]
    return Grid(f"effects against {against}, resampled", headers, tuple(rows), ())


def _row(one: Resampled) -> tuple[str, ...]:
    effect = one.effect
    return (
        *place(effect),
        f"{effect.delta:+z.1f}",
        between(effect.low, effect.high),
        between(one.low, one.high),
        probability(effect.p),
        probability(one.p_examples),
        probability(one.p_seeds),
    )
