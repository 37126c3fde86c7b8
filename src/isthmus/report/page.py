"""The report as one HTML page: templates filled with evidence. It asks nothing of any network and is whole without scripts.

The page forbids itself every request and every script but its own (a Content-Security-Policy with the script's digest), and
every text goes through the templates' escaping.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import isthmus
from isthmus.analysis.averages_over_targets import Contrast
from isthmus.analysis.paired import Effect
from isthmus.analysis.surface import TRAINED, UNTRAINED
from isthmus.claims.judge import Judgement
from isthmus.report.answer import signed
from isthmus.report.best import best_grid, best_notes
from isthmus.report.by_feature import rank_in_words, slope_in_words
from isthmus.report.by_question import by_question
from isthmus.report.claim_table import source_of
from isthmus.report.effect_grid import family_notes, probability
from isthmus.report.efficiency_panels import cost_section
from isthmus.report.evidence import Cell, Evidence, line_of, stages
from isthmus.report.figures import (
    colour_class,
    curves_figure,
    domain_of,
    gains_figure,
    layers_figure,
    models_domain,
    models_figure,
    range_of,
    shares_figure,
)
from isthmus.report.order_figure import order_figure
from isthmus.report.orders import Ordered, side
from isthmus.report.shares import called, heading, trend_in_words
from isthmus.report.specimen import RULE, Specimen
from isthmus.report.surface_panels import feature_panels, surface_panels
from isthmus.report.surfaces import Surfaced, sentences, told
from isthmus.results.averages import BASELINE, Figure
from isthmus.results.table import ALL, ZERO_SHOT, Line, Table

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
TEMPLATES = Path(__file__).parent / "templates"
STEPS = (0.5, 2.0, 5.0, 10.0, 20.0)  # points at which the colour of a difference grows stronger, the same in every report
FEW_LANGUAGES = 12  # up to which retrieval by layer is drawn for every language too
FEW_ARMS = 6  # whose gains are drawn by a feature of languages, on each target


@dataclass(frozen=True, slots=True)
class Panel:
    """One plot of a row of small multiples, with the words above it."""

    heading: str
    beside: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class OrderSection:
    """One set of orders with its plots: ``rows`` (stage, target) and columns of the tables of forgetting and of places."""

    found: Ordered
    panels: tuple[Panel, ...]
    rows: tuple[tuple[str, str], ...]
    afters: tuple[str | None, ...]
    columns: tuple[int | None, ...]


def render(evidence: Evidence) -> str:
    """Return the whole page."""
    environment = _environment()
    script = (TEMPLATES / "page.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(f"\n{script}".encode()).digest()).decode()
    return environment.get_template("page.html").render(
        e=evidence,
        answered=tuple(by_question(evidence)),
        version=isthmus.__version__,
        script=_safe(f"\n{script}"),
        style=_safe((TEMPLATES / "page.css").read_text("utf-8")),
        policy=f"{POLICY}; script-src 'sha256-{digest}'",
        stages={arm: stages(evidence.study, arm) for arm in evidence.study.arms},
        gains=list(_gains(evidence)),
        layers=_layers(evidence),
        sizes=list(_sizes(evidence)),
        lessons=list(_lessons(evidence)),
        best=[(one, best_grid(one), best_notes(one)) for one in evidence.best],
        family=list(family_notes(evidence.effects)),
        shares=list(_shares(evidence)),
        surfaces=list(_surfaces(evidence)),
        features=list(_features(evidence)),
        slopes=[pair for one in evidence.features for pair in (*one.fitted, *one.partial)],
        best_here=evidence.best_here,
        few=FEW_ARMS,
        orders=list(_orders(evidence)),
        cost=cost_section(evidence.efficiency, evidence.study.source) if evidence.efficiency else None,
        steps=STEPS,
        examples=_examples(evidence),
        rule=RULE,
        baseline=BASELINE,
    )


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"points": points, "interval": interval, "clock": clock, "coded": coded, "count": count, "minus": minus}
    made.globals |= {
        "strength": strength,
        "scope_name": scope_name,
        "meaning": meaning,
        "line_of": line_of,
        "colour_class": colour_class,
        "columns": columns,
        "averages": averages,
        "languages": languages,
        "score": score,
        "source_of": source_of,
        "told": told,
        "slope_in_words": slope_in_words,
        "rank_in_words": rank_in_words,
        "probability": probability,
        "bounded": bounded,
    }
    return made


def _safe(words: str) -> Markup:
    """Mark as safe what is ours: drawings, whose words are escaped where they are made, and files of this folder."""
    from markupsafe import Markup

    return Markup(words)


def points(value: float | None) -> str:
    """Return a difference in points with its sign."""
    return "–" if value is None else signed(value)


def interval(effect: Effect | Judgement) -> str:
    """Return the ends of the interval of an effect, or of what a claim is judged by."""
    if effect.low is None or effect.high is None:
        return "no interval"
    return f"{points(effect.low)} to {points(effect.high)}"


def clock(seconds: float) -> str:
    """Return a time as people say it: 0.4 s, 35 s, 12 min 5 s, 3 h 20 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60:,} h {minutes % 60} min"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where that is right."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def coded(words: str) -> Markup:
    """Return a sentence with what stands between backticks set as names."""
    from markupsafe import escape

    parts = words.split("`")
    return _safe("".join(f"<b>{escape(part)}</b>" if i % 2 else str(escape(part)) for i, part in enumerate(parts)))


def minus(words: str) -> str:
    """Return a sentence with the hyphens before its numbers as minus signs."""
    return re.sub(r"(?<!\S)-(?=\d)", "−", words)


def strength(delta: float) -> str:
    """Return the classes of a difference's colour: its side, and how many of ``STEPS`` it reaches."""
    reached = sum(abs(delta) >= step for step in STEPS)
    return "s0" if not reached else f"{'up' if delta > 0 else 'down'} s{reached}"


def scope_name(scope: str, source: str) -> str:
    """Return how a scope is called on the page."""
    return {ZERO_SHOT: "Zero-shot average", ALL: "All languages", source: f"Source ({source})"}.get(scope, f"Group {scope}")


def meaning(cell: Cell) -> str:
    """Return what the signs of a cell mean, for those who do not see them."""
    assert cell.effect is not None
    clear = {1: "clear gain", -1: "clear loss", 0: "undecided"}[cell.effect.sign]
    weak = "; score not above every baseline" if cell.figure and cell.figure.not_beaten else ""
    return f"{clear}{weak}"


def columns(table: Table) -> list[str]:
    """Return the columns of a table of scores: arms, then baselines."""
    return list(table.seeds)


def averages(table: Table, source: str) -> list[Line]:
    """Return the averages worth a row: not the source language, which has one, nor the whole beside zero-shot languages."""
    return [line for line in table.averages if line.name != source and (line.name != ALL or table.headline == ALL)]


def languages(table: Table, order: Sequence[str]) -> list[Line]:
    """Return the single languages of a table in an order."""
    return sorted(table.languages, key=lambda line: order.index(line.name))


def score(line: Line | None, arm: str) -> Figure | None:
    """Return the figure of an arm on a line, None where there is none."""
    return line.figures.get(arm) if line else None


def _gains(evidence: Evidence) -> Iterator[tuple[str, str, list[Panel]]]:
    """Yield (task, metric, panels) with a panel for each arm; the panels of a task share their scale."""
    for row, table in enumerate(evidence.tables):
        own = [gains for gains in evidence.gains if gains.task == table.task]
        panels = [
            Panel(
                one.arm,
                points(one.headline.delta) if one.headline else "",
                _safe(gains_figure(one, domain_of(own), evidence.distances, f"gain-{row}-{column}")),
            )
            for column, one in enumerate(own)
        ]
        if panels:
            yield table.task, table.metric, panels


def bounded(found: Contrast) -> Markup:
    """Return a difference with its interval below it, in bold where that excludes 0."""
    ends, delta = found.ends(), points(found.delta)
    between = f"{points(ends[0])} to {points(ends[1])}" if ends else "no interval"
    return _safe(f"{f'<b>{delta}</b>' if side(found) else delta} <small>{between}</small>")


def _orders(evidence: Evidence) -> Iterator[OrderSection]:
    for row, one in enumerate(evidence.orders):
        stages = one.orders.stages
        panels = tuple(
            Panel(
                course.task,
                f"{course.metric}, {'own head' if course.kept else course.on}",
                _safe(order_figure(course, stages, f"order-{row}-{column}")),
            )
            for column, course in enumerate(one.courses)
        )
        rows = tuple(dict.fromkeys((lost.stage, lost.task) for lost in one.forgetting))
        places = [*range(1, len(stages) + 1)]
        yield OrderSection(one, panels, rows, (*stages, None), (*places, None) if len(stages) > 2 else tuple(places))


def _shares(evidence: Evidence) -> Iterator[tuple[str, str, list[Panel]]]:
    """Yield (heading, arm compared with, panels) of arms by their share of text in a domain; panels share their scale."""
    for row, one in enumerate(evidence.shares):
        found = [contrast for effects in one.effects for _, contrast in effects.points]
        most = 1.0 if one.of.text is not None else max(one.of.shares.values())
        panels = [
            Panel(
                called(effects),
                f"from 0 to 1: {trend_in_words(effects)}",
                _safe(shares_figure(effects, range_of(found), most, f"share-{row}-{column}")),
            )
            for column, effects in enumerate(one.effects)
        ]
        yield heading(one), one.effects[0].against, panels


def _sizes(evidence: Evidence) -> Iterator[tuple[str, list[Panel]]]:
    """Yield (target, panels) with a panel for each arm, by model; the panels of a target share their scale."""
    for row, target in enumerate(dict.fromkeys(one.target for one in evidence.sizes)):
        own = [one for one in evidence.sizes if one.target == target]
        panels = [
            Panel(
                one.arm,
                points(one.difference.delta) if one.difference else "",
                _safe(models_figure(one, models_domain(own), f"size-{row}-{column}")),
            )
            for column, one in enumerate(own)
        ]
        yield target, panels


def _surfaces(evidence: Evidence) -> Iterator[tuple[Surfaced, list[str], list[Panel]]]:
    """Yield what size and spread do to each target, in words and as a panel an average."""
    for one, drawn in surface_panels(evidence):
        named = {TRAINED: TRAINED.capitalize(), UNTRAINED: UNTRAINED.capitalize()}
        headings = [named.get(scope) or scope_name(scope, evidence.study.source) for scope, _ in drawn]
        yield one, sentences(one), [Panel(head, "", _safe(svg)) for head, (_, svg) in zip(headings, drawn, strict=True)]


def _features(evidence: Evidence) -> Iterator[tuple[str, list[Panel]]]:
    """Yield (target, panels) of gains by what is known of each language, a panel an arm."""
    for task, drawn in feature_panels(evidence, FEW_ARMS):
        yield task, [Panel(one.arm, slope_in_words(one.line), _safe(svg)) for one, svg in drawn]


def _layers(evidence: Evidence) -> Mapping[str, list[Panel]]:
    arms = tuple(evidence.study.arms)
    found: dict[str, list[Panel]] = {}
    for number, one in enumerate(evidence.layers):
        single = one.languages == (one.name,)
        if one.name == ALL or (single and one.name != evidence.study.source and _many(evidence, one.task)):
            continue
        heading = one.name if single else scope_name(one.name, evidence.study.source)
        svg = _safe(layers_figure(one, arms, _highest(evidence, one.task), f"layer-{number}"))
        found.setdefault(one.task, []).append(Panel(heading, one.metric, svg))
    return found


def _highest(evidence: Evidence, task: str) -> float:
    """Return the best figure of any layer, which the panels of a task share as the end of their scale."""
    return max(value for one in evidence.layers if one.task == task for own in one.profiles.values() for _, value in own)


def _many(evidence: Evidence, task: str) -> bool:
    return sum(one.task == task and len(one.languages) == 1 for one in evidence.layers) > FEW_LANGUAGES


def _lessons(evidence: Evidence) -> Iterator[Panel]:
    arms = tuple(evidence.study.arms)
    for number, lesson in enumerate(evidence.lessons):
        runs = len(lesson.curves)
        yield Panel(lesson.name, count(runs, "run"), _safe(curves_figure(lesson, arms, f"curve-{number}")))


def _examples(evidence: Evidence) -> Mapping[str, list[Specimen]]:
    found: dict[str, list[Specimen]] = {}
    for one in evidence.specimens:
        found.setdefault(one.task, []).append(one)
    return found
