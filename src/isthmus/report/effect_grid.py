"""Effects and verdicts as text, cell by cell, before the terminal draws them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from isthmus.analysis.paired import Effect
from isthmus.analysis.verdict import Verdict
from isthmus.report.grid import DELTA, NONE, Grid
from isthmus.results.table import ALL, UNSEEN, ZERO_SHOT
from isthmus.study.spec import Study

ABOVE, BELOW = "▲", "▼"


def effect_grids(study: Study, effects: Sequence[Effect], *, languages: bool = False) -> list[Grid]:
    """Return a table of effects for each arm compared with, the most telling first: many half-widths away from 0.

    Its lines are the source, zero-shot (all, where nothing is) and the groups, and on demand every other language.
    """
    names = {study.source, ZERO_SHOT, UNSEEN, *study.groups}
    transferred = {effect.task for effect in effects if effect.language == ZERO_SHOT}
    chosen = [
        effect
        for effect in effects
        if effect.language in (names if effect.task in transferred else {*names, ALL})
        or (languages and effect.languages == (effect.language,))
    ]
    return [_grid(against, chosen) for against in dict.fromkeys(effect.against for effect in chosen)]


def effect_notes(effects: Sequence[Effect], verdicts: Sequence[Verdict]) -> list[str]:
    """Return the meaning of every sign of the tables of effects, then a sentence on each claim."""
    notes = [f"{DELTA} paired difference in points, the mean over seeds, with its 95 % interval over seeds and examples"]
    if any(effect.seeds_seen == 1 for effect in effects):
        notes.append("where there is one seed the interval is over examples only: another seed may lie outside it")
    if any(effect.sign for effect in effects):
        notes.append(f"{ABOVE} {BELOW} the interval lies above, below 0")
    if any(effect.low is None for effect in effects):
        notes.append(f"{NONE} examples too few or too alike for an interval")
    if not effects:
        notes = ["no two arms have been scored on the same data yet"]
    return notes + [f"{verdict.outcome}: {verdict.claim.text.strip()} – {verdict.why}" for verdict in verdicts]


def _grid(against: str, effects: Collection[Effect]) -> Grid:
    rows = [_row(effect) for effect in sorted(effects, key=_telling, reverse=True) if effect.against == against]
    headers = ("", "target", "on", f"{DELTA} against {against}", "95 % interval", "", f"{DELTA} of each seed", "n")
    return Grid(f"effects against {against}", headers, tuple(rows), ())


def _row(effect: Effect) -> tuple[str, ...]:
    several = effect.languages != (effect.language,)
    return (
        effect.arm,
        f"{effect.task}: {effect.metric}",
        f"{effect.language} ({len(effect.languages)})" if several else effect.language,
        f"{effect.delta:+z.1f}",
        NONE if effect.low is None else f"[{effect.low:+z.1f}, {effect.high:+z.1f}]",
        {1: ABOVE, -1: BELOW, 0: ""}[effect.sign],
        " ".join(f"{points:+z.1f}" for _, points in effect.by_seed),
        f"{effect.n:,}",
    )


def _telling(effect: Effect) -> float:
    if effect.low is None or effect.high is None:
        return -1.0
    return abs(effect.delta) / max(effect.high - effect.low, 1e-9)
