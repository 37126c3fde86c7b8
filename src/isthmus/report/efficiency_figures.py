"""The plots of cost: accuracy against it, latency against the length of words, and what cheaper forms of a model lose.

Arms, or models, are told apart by shape and by colour; the two fronts by dashes and by colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from statistics import fmean, median

from isthmus.analysis.averages_over_targets import Contrast
from isthmus.analysis.fronts import Point
from isthmus.analysis.latency import Timing
from isthmus.analysis.retention import Loss
from isthmus.core.at_model import without_model
from isthmus.core.at_variant import at_variant
from isthmus.report.answer import signed
from isthmus.report.efficiency import Fronted, named
from isthmus.report.figures import colour_class
from isthmus.report.marks import LETTER, RADIUS, below, beside, ends_of, logarithm, powers, seconds, shape, titled, upright
from isthmus.report.spent import Spent
from isthmus.report.surface_figure import WIDER
from isthmus.report.svg import Scale, drawing, element, number, span, text, ticks

WIDTH, BOTTOM, TOP = 330.0, 210.0, 8.0
LEFT, RIGHT = 34.0, 10.0
HEAD, ROW, BETWEEN = 15.0, 13.0, 7.0  # heights of a variant's name, of an arm's row below it, and of the gap after
FEW_LANGUAGES = 16  # whose names stand beside their marks; hovering tells the others


def cost_range(fronts: Sequence[Fronted]) -> tuple[float, float]:
    """Return the least and the greatest cost of the panels of a target, which share their axis."""
    costs = [point.cost for one in fronts for point in one.points]
    return min(costs), max(max(costs), min(costs) * 1.01)


def front_figure(one: Fronted, costs: tuple[float, float], arms: Sequence[str], name: str) -> str:
    """Return every configuration by cost and score, and two step lines: the best that a cost buys without a stage and with.

    What stands on a line is labelled with its model and variant, as far as there is room; the rest is pale.
    """
    x = logarithm(*costs, LEFT, WIDTH - RIGHT)
    y = Scale(*span([point.score for point in one.points], room=0.12), BOTTOM, TOP)
    parts = [
        upright(y, LEFT, x.end, [(tick, f"{tick:g}") for tick in ticks(y.low, y.high, 4)]),
        below(x, TOP, BOTTOM, _cost_marks(x), "latency of one example (log)"),
    ]
    parts += [_steps(points, x, y, kind) for points, kind in ((one.plain, "plain"), (one.staged, "staged")) if points]
    best = (*one.plain, *one.staged)
    for point in sorted(one.points, key=lambda point: point in best):
        parts.append(_point(point, x, y, arms, best=point in best))
    places = {point: (x(log10(point.cost)), y(point.score)) for point in one.points}
    words = [(short(point.configuration), *places[point]) for point in dict.fromkeys(sorted(best, key=lambda p: -p.score))]
    parts += beside(words, list(places.values()), (LEFT + 1, 0.0, WIDTH - 1, BOTTOM - 1))
    said = "; ".join(f"{_said(points)} {kind}" for points, kind in ((one.plain, "without"), (one.staged, "with a stage")))
    title = f"{one.task}, {one.scope}: {one.metric} against latency"
    return drawing(title, f"Best at their cost: {said}.", WIDTH, BOTTOM + 36, *parts, name=name)


def short(configuration: str) -> str:
    """Return how a configuration is called where its arm is told by its mark: model and variant."""
    _, model, variant = named(configuration)
    return "/".join(part for part in (model, variant) if part) or "full"


def _cost_marks(x: Scale) -> list[tuple[float, str]]:
    return [(log10(value), seconds(value)) for value in powers(*ends_of(x))]


def _said(points: Sequence[Point]) -> str:
    told = (f"{point.configuration} {seconds(point.cost)} {point.score:.1f}" for point in points)
    return ", ".join(told) or "none"


def _steps(points: Sequence[Point], x: Scale, y: Scale, kind: str) -> str:
    """Return a line that rises where a dearer configuration is better, and goes on to the edge."""
    first, *rest = points
    path = f"M{number(x(log10(first.cost)))} {number(y(first.score))}"
    path += "".join(f"H{number(x(log10(point.cost)))}V{number(y(point.score))}" for point in rest)
    return element("g", element("path", d=f"{path}H{number(x.end)}"), class_=f"front {kind}")


def _point(point: Point, x: Scale, y: Scale, arms: Sequence[str], *, best: bool) -> str:
    arm = named(point.configuration)[0]
    words = f"{point.configuration}: {point.score:.1f} at {seconds(point.cost)}{'' if best else '; another is better'}"
    mark = shape(list(arms).index(arm), x(log10(point.cost)), y(point.score))
    return titled(words, f"point {'' if best else 'off '}{colour_class(arm, arms)}", mark)


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure of one arm with the ends of its interval, None where there is none, and what it says when pointed at."""

    arm: str
    value: float
    ends: tuple[float, float] | None
    words: str


@dataclass(frozen=True, slots=True)
class Block:
    """Figures of several arms under one heading: a variant, with its model where there are several."""

    heading: str
    bars: tuple[Bar, ...]


def loss_bar(one: Loss) -> Bar:
    """Return what a variant of an arm loses as a bar, in points."""
    words = f"{at_variant(one.arm, one.variant)}: {contrast_in_words(one.loss)}"
    return Bar(without_model(one.arm), one.loss.delta, one.loss.ends(), words)


def ratio_bar(one: Timing) -> Bar:
    """Return how much slower an arm is than its reference as a bar, in per cent."""
    found, value = one.ratio.ends(), per_cent(one.ratio.ratio)
    ends = (per_cent(found[0]), per_cent(found[1])) if found else None
    between = f"{signed(ends[0])} to {signed(ends[1])}" if ends else "no interval"
    return Bar(named(one.arm)[0], value, ends, f"{one.arm}: {signed(value)} % ({between}), {one.ratio.outcome}")


def per_cent(ratio: float) -> float:
    """Return a ratio as what it is beyond 1, in per cent."""
    return 100 * (ratio - 1)


def bar_range(blocks: Sequence[Block], *, least: float = 0.0) -> tuple[float, float]:
    """Return a range that holds bars with their intervals, zero, and ``least`` on either side of it.

    Far wider intervals than usual end at its edge.
    """
    bars = [bar for block in blocks for bar in block.bars]
    known = [(bar.value, bar.ends) for bar in bars if bar.ends]
    most = WIDER * median(high - low for _, (low, high) in known) if known else 0.0
    held = [end for value, (low, high) in known for end in (max(low, value - most), min(high, value + most))]
    return span([*(bar.value for bar in bars), *held, least, -least], zero=True)


def bars_figure(
    blocks: Sequence[Block],
    domain: tuple[float, float],
    arms: Sequence[str],
    title: str,
    axis: str,
    name: str,
    band: tuple[float, float] | None = None,
) -> str:
    """Return a block of rows for each heading, a row for each arm: its mark and interval, over a band where asked for."""
    scale, y = Scale(*domain, 10.0, WIDTH - RIGHT), TOP
    bottom = TOP + sum(HEAD + ROW * len(one.bars) + BETWEEN for one in blocks)
    parts = []
    if band:
        left, right = scale(band[0]), scale(band[1])
        parts.append(element("rect", class_="band", x=left, y=TOP, width=right - left, height=bottom - TOP))
    parts.append(below(scale, TOP, bottom, [(tick, _plain(tick)) for tick in ticks(*domain, 6)], axis))
    parts.append(element("path", class_="zero", d=f"M{number(scale(0))} {TOP:g}V{number(bottom)}"))
    for one in blocks:
        parts.append(text(_cut(one.heading), 0, y + 10, class_="beside"))
        y += HEAD
        for bar in one.bars:
            parts.append(_bar(bar, scale, y + ROW / 2, arms))
            y += ROW
        y += BETWEEN
    return drawing(title, "; ".join(bar.words for one in blocks for bar in one.bars), WIDTH, bottom + 36, *parts, name=name)


def _bar(bar: Bar, scale: Scale, y: float, arms: Sequence[str]) -> str:
    parts = []
    if bar.ends:
        path = f"M{number(scale(bar.ends[0]))} {number(y)}H{number(scale(bar.ends[1]))}"
        parts.append(element("path", class_="between", d=path))
    parts.append(shape(list(arms).index(bar.arm), scale(bar.value), y))
    return titled(bar.words, f"point {colour_class(bar.arm, arms)}", *parts)


def _plain(tick: float) -> str:
    return f"{tick:+g}".replace("-", "−") if tick else "0"


def _cut(words: str) -> str:
    """Return a name as far as there is room for it."""
    most = int(WIDTH / LETTER)
    return words if len(words) <= most else f"{words[: most - 1]}…"


def contrast_in_words(found: Contrast) -> str:
    """Return a difference in points with its interval."""
    ends = found.ends()
    return f"{signed(found.delta)} ({f'{signed(ends[0])} to {signed(ends[1])}' if ends else 'no interval'})"


def words_figure(lines: Sequence[Spent], models: Sequence[str], title: str, name: str) -> str:
    """Return latency over sub-words per word, a mark for each language and model and a line through those of a model.

    ``lines`` are of single languages and of one configuration a model; both axes are logarithmic.
    """
    x = logarithm(*_ends([one.sub_words for one in lines]), LEFT + 12, WIDTH - RIGHT)
    y = _logarithmic_upright([one.p50.value for one in lines])
    parts = [
        upright(y, LEFT + 12, x.end, _cost_marks(y)),
        below(x, TOP, BOTTOM, [(log10(value), f"{value:g}") for value in powers(*ends_of(x))], "sub-words per word (log)"),
    ]
    places, words = [], list[tuple[str, float, float]]()
    for model in models:
        own = [one for one in lines if named(one.configuration)[1] == model]
        if own:
            parts.append(_trend(own, x, y, f"line light {colour_class(model, models)}"))
        for one in own:
            at, high = x(log10(one.sub_words)), y(log10(one.p50.value))
            places.append((at, high))
            words.append((one.language, at, high))
            who = f"{one.language}, {model}" if model else one.language
            told = f"{who}: {one.sub_words:.2f} sub-words per word, {seconds(one.p50.value)}"
            mark = shape(list(models).index(model), at, high, RADIUS - 0.4)
            parts.append(titled(told, f"point {colour_class(model, models)}", mark))
    if len({one.language for one in lines}) <= FEW_LANGUAGES:
        parts += beside(words, places, (LEFT + 13, 0.0, WIDTH - 1, BOTTOM - 1))
    said = "; ".join(f"{one.configuration} {one.language} {one.sub_words:.2f}: {seconds(one.p50.value)}" for one in lines)
    return drawing(title, said, WIDTH, BOTTOM + 36, *parts, name=name)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(max(values), min(values) * 1.01)


def _logarithmic_upright(values: Sequence[float]) -> Scale:
    """Return the scale of logarithms with the least value at the bottom."""
    return logarithm(*_ends(values), BOTTOM, TOP)


def _trend(own: Sequence[Spent], x: Scale, y: Scale, classes: str) -> str:
    """Return the line of least squares through the logarithms, from the first mark to the last; a single mark has none."""
    places = [(log10(one.sub_words), log10(one.p50.value)) for one in own]
    across, high = fmean(at for at, _ in places), fmean(value for _, value in places)
    spread = sum((at - across) ** 2 for at, _ in places)
    if not spread:
        return ""
    slope = sum((at - across) * (value - high) for at, value in places) / spread
    ends = [(at, high + slope * (at - across)) for at in (min(places)[0], max(places)[0])]
    path = "L".join(f"{number(x(at))} {number(y(value))}" for at, value in ends)
    return element("g", element("path", d=f"M{path}"), class_=classes)
