"""What a study can see: the seeds that each target takes for an effect of a given size, from what the store has already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import ceil, sqrt
from statistics import NormalDist
from typing import Any

from isthmus.analysis.chance import Chance
from isthmus.analysis.paired import LEVEL, Effect, Scored, paired_effects
from isthmus.analysis.power import ASSUMED, POWER, pooled, power, seeds_needed, smallest_seen
from isthmus.core.at_model import model_in
from isthmus.plan.graph import Plan
from isthmus.report.effects import averages, mains_of, measured
from isthmus.report.grid import NONE, Grid
from isthmus.results.table import headline_of
from isthmus.store.store import Store
from isthmus.study.spec import Study

FEWEST = 2  # seeds that show a spread at all


@dataclass(frozen=True, slots=True)
class TargetPower:
    """What it takes to see an effect on one target's headline average.

    ``pairs`` is the number of pairs of arms whose differences ``chance`` is measured on, with ``seeds`` seeds at least; both
    are 0 where it is assumed. ``needed`` are the seeds that 80 % power takes, None where no number is enough; ``power``
    (0-1) and ``smallest`` (points) are those of the seeds that the study has, None where it has one, whose interval does not
    know how far seeds spread.
    """

    task: str
    metric: str
    on: str
    pairs: int
    seeds: int
    chance: Chance
    needed: int | None
    power: float | None
    smallest: float | None


def target_powers(study: Study, plan: Plan, store: Store, points: float) -> list[TargetPower]:
    """Return the power of each target for an effect of so many points; raises CorruptArtifact where a score is damaged."""
    scored, mains, seeds = measured(plan, store), mains_of(plan), len(study.seeds)
    found = []
    for task, scopes in averages(study, plan).items():
        own = [one for one in scored if one.task == task and one.metric == mains[task]]
        on = headline_of(scopes)
        effects = [one for one in _effects(study, own, {on: scopes[on]}) if one.language == on]
        effects = [one for one in effects if one.seeds_seen > 1 and one.chance]
        chance = pooled(effects) or ASSUMED
        fewest = min((one.seeds_seen for one in effects), default=0)
        seen = (power(points, chance, seeds), smallest_seen(chance, seeds)) if seeds > 1 else (None, None)
        needed = seeds_needed(points, chance)
        found.append(TargetPower(task, mains[task], on, len(effects), fewest, chance, needed, *seen))
    return found


def _effects(study: Study, scored: Sequence[Scored], scope: dict[str, Sequence[str]]) -> list[Effect]:
    """Return the effects of each model against its reference or, where that has no score, its first arm that has one."""
    found: list[Effect] = []
    for model in study.encoders:
        own = [one for one in scored if model_in(one.arm) == model]
        arms = dict.fromkeys(one.arm for one in own)
        against = next((arm for arm in study.references if arm in arms), next(iter(arms), None))
        found += paired_effects(own, against, {own[0].task: scope}) if against else []
    return found


def power_grid(found: Sequence[TargetPower], points: float, seeds: int) -> Grid:
    """Return the table of what each target takes."""
    headers = ("target", "on", "from", "sd of seeds", "se of examples", f"seeds for {points:g}", f"power of {seeds}", "sees")
    return Grid(f"seeds to see {points:g} points", headers, tuple(_row(one, seeds) for one in found), ())


def _row(one: TargetPower, seeds: int) -> tuple[str, ...]:
    examples = sqrt(one.chance.shared + one.chance.own / seeds)
    return (
        f"{one.task}: {one.metric}",
        one.on,
        f"{one.pairs} pair{'' if one.pairs == 1 else 's'} of arms" if one.pairs else "assumed",
        f"{sqrt(one.chance.seeds):.1f}",
        f"{examples:.1f}",
        NONE if one.needed is None else str(one.needed),
        NONE if one.power is None else f"{one.power:.0%}",
        NONE if one.smallest is None else f"{one.smallest:.1f}",
    )


def power_notes(found: Sequence[TargetPower], points: float, seeds: int) -> Iterator[str]:
    """Yield the meaning of the columns, what was assumed, and where seeds are no help."""
    yield (
        f"seeds for {points:g}: to see an effect of {points:g} points with {POWER:.0%} power at 5 %, two at least; sees: "
        f"the smallest effect in points that the study's own number of seeds, {seeds}, sees with that power"
    )
    if any(not one.pairs for one in found):
        yield (
            "assumed: no two arms have been scored with two seeds yet, so a difference of two arms is taken to spread by "
            f"{sqrt(ASSUMED.seeds):g} points over seeds, and by {sqrt(ASSUMED.shared):g} over examples in all seeds alike "
            "and as much in each anew"
        )
    if any(one.seeds == FEWEST for one in found):
        yield f"{FEWEST} seeds tell little of how far seeds spread: what is measured on them may be far off"
    for one in found:
        if one.needed is None:
            yield (
                f"{NONE} {one.task}: no number of seeds is enough, for examples alone leave {sqrt(one.chance.shared):.1f} "
                f"points (standard error); it takes about {_times(one, points)} times as many examples"
            )


def _times(one: TargetPower, points: float) -> int:
    normal = NormalDist()
    reach = normal.inv_cdf((1 + LEVEL) / 2) + normal.inv_cdf(POWER)
    return ceil(one.chance.shared * (reach / points) ** 2) + 1  # and one more, for what the seeds add


def power_json(found: Sequence[TargetPower], points: float) -> dict[str, Any]:
    """Return the table as plain JSON types."""
    return {"points": points, "power": POWER, "targets": [asdict(one) for one in found]}
