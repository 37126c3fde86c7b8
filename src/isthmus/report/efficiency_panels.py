"""What the page's section on cost holds: plots with the words above them, legends, and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isthmus.analysis.latency import Timing
from isthmus.core.at_model import model_in
from isthmus.report.efficiency import Efficiency, named
from isthmus.report.efficiency_figures import (
    Block,
    bar_range,
    bars_figure,
    contrast_in_words,
    cost_range,
    front_figure,
    loss_bar,
    per_cent,
    ratio_bar,
    short,
    words_figure,
)
from isthmus.report.efficiency_grids import (
    efficiency_notes,
    equal_grid,
    gain_grid,
    machine_grid,
    missing,
    without_blanks,
)
from isthmus.report.efficiency_summary import counts_grid, details, exceptions, forms_grid, spoken_losses_grid
from isthmus.report.figures import colour_class
from isthmus.report.grid import Grid
from isthmus.report.marks import shape
from isthmus.results.table import ALL, ZERO_SHOT

if TYPE_CHECKING:
    from markupsafe import Markup

WORDS = frozenset(
    [
        *(
            "arm",
            "model",
            "variant",
            "stage",
            "target",
            "on",
            "verdict",
            "language",
            "as good as",
            "cheapest with a stage",
            "cheapest without",
        ),
        *("measured", "device", "libraries", "day", "noise"),
    ]
)  # headers of columns that hold words
LONG = frozenset(["libraries", "measured"])  # and of those that may be folded


@dataclass(frozen=True, slots=True)
class Drawn:
    """One plot with the words above it."""

    heading: str
    beside: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: its name, the classes of its colour and its mark."""

    name: str
    classes: str
    mark: Markup


@dataclass(frozen=True, slots=True)
class CostSection:
    """Plots by target, legends, and tables; ``folded`` are those that open on demand, each with the id of its table."""

    apart: tuple[str, ...]
    counts: Grid
    forms: Grid
    spoken: Grid
    ratios: tuple[Drawn, ...]
    fronts: tuple[tuple[str, str, tuple[Drawn, ...]], ...]
    losses: tuple[tuple[str, tuple[Drawn, ...]], ...]
    lengths: tuple[Drawn, ...]
    arms: tuple[Key, ...]
    models: tuple[Key, ...]
    equal: Grid
    gains: Grid
    machines: Grid
    folded: tuple[tuple[str, Grid], ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...]
    words: frozenset[str] = WORDS
    long: frozenset[str] = LONG


def cost_section(found: Efficiency, source: str) -> CostSection:
    """Return the section of the page on what inference costs."""
    told = tuple(missing(found))
    return CostSection(
        apart=tuple(exceptions(found)),
        counts=without_blanks(counts_grid(found)),
        forms=without_blanks(forms_grid(found)),
        spoken=spoken_losses_grid(found),
        ratios=tuple(_ratios(found)),
        fronts=tuple(_fronts(found, source)),
        losses=tuple(_losses(found)),
        lengths=tuple(_lengths(found)),
        arms=_keys(found.arms),
        models=_keys(found.models) if len(found.models) > 1 else (),
        equal=without_blanks(equal_grid(found)),
        gains=without_blanks(gain_grid(found)),
        machines=without_blanks(machine_grid(found)),
        folded=tuple((f"cost-{name}", without_blanks(grid)) for name, grid in details(found) if grid.rows),
        notes=tuple(note for note in efficiency_notes(found) if note not in told),
        missing=told,
    )


def _ratios(found: Efficiency) -> Iterator[Drawn]:
    """Yield a plot for each target: the latency of every arm beside its reference, by model and variant."""
    lines = [one for one in found.same if (one.quantity, one.language) == ("latency", ALL)]
    margin = max((100 * one.ratio.margin for one in lines), default=0.0)
    blocks: dict[str, dict[str, list[Timing]]] = {}
    for one in lines:
        blocks.setdefault(one.task, {}).setdefault(short(one.arm), []).append(one)
    drawn = {
        task: [Block(name, tuple(map(ratio_bar, own))) for name, own in found.items()] for task, found in blocks.items()
    }
    domain = bar_range([block for own in drawn.values() for block in own], least=1.2 * margin) if drawn else (-1.0, 1.0)
    for row, (task, own) in enumerate(drawn.items()):
        title, band = f"Latency beside {found.reference}, {task}", (per_cent(1 / (1 + margin / 100)), margin)
        svg = bars_figure(own, domain, found.arms, title, "latency beyond the reference, %", f"ratio-{row}", band)
        yield Drawn(task, _counted(blocks[task]), _safe(svg))


def _counted(blocks: dict[str, list[Timing]]) -> str:
    """Return how many comparisons have which outcome."""
    counts = Counter(one.ratio.outcome for own in blocks.values() for one in own)
    return ", ".join(
        f"{counts[outcome]} {outcome}" for outcome in ("equivalent", "different", "undecided") if counts[outcome]
    )


def _fronts(found: Efficiency, source: str) -> Iterator[tuple[str, str, tuple[Drawn, ...]]]:
    """Yield (target, metric, plots) with a plot for each average that has a cost and a score."""
    for row, task in enumerate(found.tasks):
        own = [one for one in found.fronts if one.task == task and one.points and (not one.single or one.scope == source)]
        drawn = []
        for column, one in enumerate(own):
            svg = front_figure(one, cost_range(own), found.arms, f"front-{row}-{column}")
            won = contrast_in_words(one.gain.points) if one.gain else ""
            drawn.append(Drawn(_scope(one.scope, source), f"at equal cost {won}" if won else "", _safe(svg)))
        if own:
            yield task, own[0].metric, tuple(drawn)


def _scope(scope: str, source: str) -> str:
    return {ZERO_SHOT: "Zero-shot average", ALL: "All languages", source: f"Source ({source})"}.get(scope, f"Group {scope}")


def _losses(found: Efficiency) -> Iterator[tuple[str, tuple[Drawn, ...]]]:
    """Yield (target, plots) with a plot for each model, on the average that matters."""
    for row, task in enumerate(found.tasks):
        scope = next((one.scope for one in found.losses if one.task == task), None)
        own = [one for one in found.losses if (one.task, one.scope) == (task, scope)]
        by_model = {
            model: [
                Block(variant, bars)
                for variant in found.variants
                if (bars := tuple(loss_bar(one) for one in own if (one.variant, model_in(one.arm)) == (variant, model)))
            ]
            for model in found.models
        }
        if own:
            domain = bar_range([block for blocks in by_model.values() for block in blocks])
            drawn = []
            for column, (model, blocks) in enumerate(by_model.items()):
                title = f"What cheaper forms change on {task}{f', {model}' if model else ''}, {scope}"
                svg = bars_figure(blocks, domain, found.arms, title, "change in points", f"loss-{row}-{column}")
                drawn += [Drawn(model or task, scope or "", _safe(svg))] if blocks else []
            yield task, tuple(drawn)


def _lengths(found: Efficiency) -> Iterator[Drawn]:
    """Yield a plot for each target: the full model of the reference arm, or of the first timed, in each language."""
    for row, task in enumerate(found.tasks):
        own = [one for one in found.spent if one.task == task and one.language != ALL and not named(one.configuration)[2]]
        arms = list(dict.fromkeys(named(one.configuration)[0] for one in own))
        shown = found.reference if found.reference in arms else next(iter(arms), "")
        lines = [one for one in own if named(one.configuration)[0] == shown]
        if lines:
            title = f"Latency by length of words, {task}"
            yield Drawn(task, shown, _safe(words_figure(lines, found.models, title, f"length-{row}")))


def _keys(names: tuple[str, ...]) -> tuple[Key, ...]:
    return tuple(Key(name, colour_class(name, names), _safe(shape(i, 0, 0, 5))) for i, name in enumerate(names))


def _safe(words: str) -> Markup:
    """Mark a drawing as safe, whose words are escaped where it is made."""
    from markupsafe import Markup

    return Markup(words)
