"""Effects as text, cell by cell, before the terminal draws them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from isthmus.analysis.paired import Effect
from isthmus.core.at_model import without_model
from isthmus.report.effects import stay_clear
from isthmus.report.grid import DELTA, NONE, Grid
from isthmus.results.table import ALL, UNSEEN, ZERO_SHOT
from isthmus.study.spec import Study

ABOVE, BELOW = "▲", "▼"
NOTHING = (
    "no two arms have been scored on the same data yet, or every arm has stages and no claim says which to compare with"
)
FEW_SEEDS = 5
SIMULATED = "of simulated studies without any effect up to 35 of 100 kept at least one with two seeds, 19 with three"


def effect_grids(study: Study, effects: Sequence[Effect], *, languages: bool = False) -> list[Grid]:
    """Return a table of effects for each arm compared with, the most telling first: many half-widths away from 0."""
    chosen = shown(study, effects, languages=languages)
    return [_grid(against, chosen) for against in dict.fromkeys(effect.against for effect in chosen)]


def shown(study: Study, effects: Sequence[Effect], *, languages: bool = False) -> list[Effect]:
    """Return the effects on the source, zero-shot (all, where nothing is) and the groups; on demand on all languages."""
    names = {study.source, ZERO_SHOT, UNSEEN, *study.groups}
    transferred = {effect.task for effect in effects if effect.language == ZERO_SHOT}
    return [
        effect
        for effect in effects
        if effect.language in (names if effect.task in transferred else {*names, ALL})
        or (languages and effect.languages == (effect.language,))
    ]


def effect_notes(effects: Sequence[Effect]) -> list[str]:
    """Return the meaning of every sign of the tables of effects."""
    notes = [f"{DELTA} paired difference in points, the mean over seeds, with its 95 % interval over seeds and examples"]
    if any(effect.seeds_seen == 1 for effect in effects):
        notes.append("where there is one seed the interval is over examples only: another seed may lie outside it")
    if any(effect.sign for effect in effects):
        notes.append(f"{ABOVE} {BELOW} the interval lies above, below 0")
    if any(effect.p is not None for effect in effects):
        notes.append("p two-sided, of the t behind the interval: how often chance alone would make as large a difference")
    notes += family_notes(effects)
    if any(effect.low is None for effect in effects):
        notes.append(f"{NONE} examples too few or too alike for an interval")
    if not effects:
        notes = [NOTHING]
    return notes


def family_notes(effects: Sequence[Effect]) -> Iterator[str]:
    """Yield how far each correction reaches, and how many effects it leaves clear."""
    for against in dict.fromkeys(without_model(effect.against) for effect in effects):
        family = [effect for effect in effects if without_model(effect.against) == against and effect.p_holm is not None]
        if len(family) > 1:
            clear, stay = stay_clear(family)
            yield (
                f"p-values corrected by Holm over all {len(family)} headline averages compared with {against}: "
                f"of {len(clear)} whose interval excludes 0, {len(stay)} stay below 5 %"
            )
            fewest = min(effect.seeds_seen for effect in family)
            if clear and 1 < fewest < FEW_SEEDS:
                yield f"with {fewest} seeds even these may be chance where seeds differ: {SIMULATED}"


def _grid(against: str, effects: Collection[Effect]) -> Grid:
    rows = [_row(effect) for effect in sorted(effects, key=telling, reverse=True) if effect.against == against]
    headers = (
        "",
        "target",
        "on",
        f"{DELTA} against {against}",
        "95 % interval",
        "",
        "p",
        "Holm",
        f"{DELTA} of each seed",
        "n",
    )
    return Grid(f"effects against {against}", headers, tuple(rows), ())


def _row(effect: Effect) -> tuple[str, ...]:
    return (
        *place(effect),
        f"{effect.delta:+z.1f}",
        between(effect.low, effect.high),
        {1: ABOVE, -1: BELOW, 0: ""}[effect.sign],
        probability(effect.p),
        probability(effect.p_holm),
        " ".join(f"{points:+z.1f}" for _, points in effect.by_seed),
        f"{effect.n:,}",
    )


def place(effect: Effect) -> tuple[str, str, str]:
    """Return the arm, the target with its metric, and what an effect is on, with the number of languages of an average."""
    several = effect.languages != (effect.language,)
    on = f"{effect.language} ({len(effect.languages)})" if several else effect.language
    return effect.arm, f"{effect.task}: {effect.metric}", on


def between(low: float | None, high: float | None) -> str:
    """Return an interval as it is printed."""
    return NONE if low is None or high is None else f"[{low:+z.1f}, {high:+z.1f}]"


def probability(p: float | None) -> str:
    """Return a p-value as it is printed, nothing where there is none."""
    if p is None:
        return ""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def telling(effect: Effect) -> float:
    """Return how far an effect is from 0 in widths of its interval, -1 without one."""
    if effect.low is None or effect.high is None:
        return -1.0
    return abs(effect.delta) / max(effect.high - effect.low, 1e-9)
