"""The plots of size and spread, and of gains by a feature of languages, as SVG; no sign is told by colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log2
from statistics import median

from isthmus.analysis.crossed import Estimate
from isthmus.analysis.features import FeatureEffect
from isthmus.analysis.paired import Effect
from isthmus.analysis.surface import Surface
from isthmus.report.answer import signed
from isthmus.report.surfaces import told
from isthmus.report.svg import Scale, drawing, element, number, span, text, ticks

WIDTH, BOTTOM = 300.0, 160.0
LEFT, RIGHT = 36.0, 42.0
COLOURS = 7  # declared in the style sheet, grey left out
LETTER = 6.4
NEAR, LINE = 45.0, 11.0  # how near names lie on each other: across, and from line to line
WIDER = 2.0  # usual widths of intervals that an interval may reach before a range no longer follows it
CROWDED = 12  # languages from which on names beside the dots would hide each other; hovering still tells them


def range_of(found: Sequence[Estimate]) -> tuple[float, float]:
    """Return a range that holds some estimates, their intervals and zero; far wider intervals than usual end at its edge."""
    known = [(one.value, ends) for one in found if (ends := one.ends())]
    most = WIDER * median(high - low for _, (low, high) in known) if known else 0.0
    held = [end for value, (low, high) in known for end in (max(low, value - most), min(high, value + most))]
    return span([*(one.value for one in found), *held], zero=True)


def surface_figure(surface: Surface, domain: tuple[float, float], named: Sequence[int], name: str) -> str:
    """Return a line over sizes for each number of languages: dots with intervals as measured, lines as fitted.

    ``named`` are the numbers of languages of all panels of a target, so that each keeps its colour from panel to panel.
    """
    sizes = sorted({spot.size for spot in surface.spots})
    counts = sorted({spot.count for spot in surface.spots})
    room = 0.06 * max(1.0, log2(sizes[-1] / sizes[0])) * (len(counts) > 1)
    x = Scale(log2(sizes[0]) - room - 0.01, log2(sizes[-1]) + room + 0.01, LEFT, WIDTH - RIGHT)
    y = Scale(*domain, BOTTOM, 8)
    end = WIDTH - RIGHT
    parts = [_grid(y, end), _zero(y, end), *(_under(x, log2(size), f"{size:,}") for size in sizes)]
    parts.append(text("examples", (LEFT + WIDTH - RIGHT) / 2, BOTTOM + 31, text_anchor="middle", class_="axis"))
    for i, count in enumerate(counts):
        aside = 0.03 * log2(sizes[-1] / sizes[0]) * (i - (len(counts) - 1) / 2) if len(sizes) > 1 else 0.0
        parts.append(_of_count(surface, count, aside, x, y, _colour(count, named)))
    places = _apart([_end(surface, sizes[-1], count) for count in counts], y)
    for place, count in zip(places, counts, strict=True):
        words = text(f"{count} lang.", end + 4, place + 3.8, class_="name")
        parts.append(element("g", words, class_=f"line {_colour(count, named)}"))
    said = "; ".join(f"{spot.size:,} examples, {spot.count} languages: {told(spot.gain)}" for spot in surface.spots)
    return drawing(f"Gains on {surface.task}, {surface.scope}", said, WIDTH, BOTTOM + 36, *parts, name=name)


def _colour(count: int, named: Sequence[int]) -> str:
    return f"c{1 + named.index(count) % COLOURS}"


def _end(surface: Surface, size: int, count: int) -> float:
    """Return where the line of a number of languages ends, or where nothing is fitted its last dot."""
    fitted = surface.at(size, count)
    return fitted if fitted is not None else [spot.gain.value for spot in surface.spots if spot.count == count][-1]


def _of_count(surface: Surface, count: int, aside: float, x: Scale, y: Scale, colour: str) -> str:
    """Return the fitted line of one number of languages and its measured gains."""
    own = [spot for spot in surface.spots if spot.count == count]
    parts = []
    if surface.level and len(own) > 1:
        ends = [(spot.size, surface.at(spot.size, count) or 0.0) for spot in (own[0], own[-1])]
        path = "L".join(f"{number(x(log2(size)))} {number(y(value))}" for size, value in ends)
        parts.append(element("g", element("path", d=f"M{path}"), class_=f"line light {colour}"))
    for spot in own:
        at, ends_of = x(log2(spot.size) + aside), spot.gain.ends()
        words = f"{spot.size:,} examples in {count} language{'' if count == 1 else 's'}: {told(spot.gain)}"
        words += f"; {', '.join(spot.arms)}"
        marks = [element("title", escape(words))]
        if ends_of:
            marks.append(element("path", d=f"M{number(at)} {number(y(ends_of[0]))}V{number(y(ends_of[1]))}"))
        marks.append(element("circle", cx=at, cy=y(spot.gain.value), r=3.2))
        parts.append(element("g", *marks, class_=f"line spot {colour}"))
    return "".join(parts)


def feature_figure(
    effects: Sequence[Effect],
    values: Mapping[str, float],
    fitted: FeatureEffect | None,
    domain: tuple[float, float],
    name: str,
    words: str,
) -> str:
    """Return the gain of every language over a feature of it, a dot with its interval, and the fitted line."""
    own = [effect for effect in effects if effect.language in values]
    low, high = span([values[effect.language] for effect in own], room=0.08)
    x, y = Scale(low, high, LEFT, WIDTH - 14), Scale(*domain, BOTTOM, 8)
    parts = [_grid(y, x.end), _zero(y, x.end), *(_under(x, tick, f"{tick:g}") for tick in ticks(low, high, 4))]
    parts.append(text(words, (LEFT + WIDTH - 14) / 2, BOTTOM + 31, text_anchor="middle", class_="axis"))
    if fitted:
        path = "L".join(f"{number(x(at))} {number(y(fitted.level + fitted.slope * at))}" for at in (low, high))
        parts.append(element("g", element("path", d=f"M{path}"), class_="line light alone"))
    places = [(x(values[effect.language]), y(effect.delta)) for effect in own]
    heights = _beside(places) if len(own) <= CROWDED else [None] * len(own)
    parts += [_dot(effect, values[effect.language], x, y, height) for effect, height in zip(own, heights, strict=True)]
    said = "; ".join(f"{effect.language} ({values[effect.language]:.2g}): {signed(effect.delta)}" for effect in own)
    return drawing(f"Gains by {words}", said, WIDTH, BOTTOM + 36, *parts, name=name)


def _beside(places: Sequence[tuple[float, float]]) -> list[float | None]:
    """Return heights for names beside dots, moved down where one would lie on another."""
    heights: list[float | None] = [None] * len(places)
    for i in sorted(range(len(places)), key=lambda i: places[i][1]):
        across, height = places[i]
        near = [own for j, own in enumerate(heights) if own is not None and abs(places[j][0] - across) < NEAR]
        while any(abs(own - height) < LINE for own in near):
            height += 1
        heights[i] = height
    return heights


def _dot(effect: Effect, value: float, x: Scale, y: Scale, name_at: float | None) -> str:
    """Return a dot with its interval, and the language's name beside it at a height, or none."""
    kind = {1: "up", -1: "down", 0: "flat"}[effect.sign]
    at, high = x(value), y(effect.delta)
    between = "no interval"
    parts = []
    if effect.low is not None and effect.high is not None:
        between = f"{signed(effect.low)} to {signed(effect.high)}"
        parts.append(element("path", d=f"M{number(at)} {number(y(effect.low))}V{number(y(effect.high))}"))
    parts.insert(0, element("title", escape(f"{effect.language}, {value:.2g}: {signed(effect.delta)} ({between})")))
    parts.append(element("circle", class_="dot", cx=at, cy=high, r=3.4))
    if name_at is not None:
        left = at + 6 + LETTER * len(effect.language) > WIDTH
        aside, anchor = (at - 6, "end") if left else (at + 6, "start")
        parts.append(text(effect.language, aside, name_at + 3.8, text_anchor=anchor, class_="name"))
    return element("g", *parts, class_=f"mark {kind}")


def _grid(scale: Scale, end: float) -> str:
    parts = []
    for tick in ticks(scale.low, scale.high, 4):
        parts.append(element("path", d=f"M{LEFT:g} {number(scale(tick))}H{number(end)}"))
        words = f"{tick:+g}".replace("-", "−") if tick else "0"
        parts.append(text(words, LEFT - 5, scale(tick) + 3.8, text_anchor="end"))
    return element("g", *parts, class_="grid")


def _zero(y: Scale, end: float) -> str:
    return element("path", class_="zero", d=f"M{LEFT:g} {number(y(0))}H{number(end)}")


def _under(x: Scale, value: float, words: str) -> str:
    return element("g", text(words, x(value), BOTTOM + 15, text_anchor="middle"), class_="grid")


def _apart(values: Sequence[float], y: Scale) -> list[float]:
    """Return heights for words beside lines, moved where they would lie on each other."""
    order = sorted(range(len(values)), key=lambda i: -values[i])
    places, last = [0.0] * len(values), -100.0
    for i in order:
        places[i] = last = max(y(values[i]), last + 12)
    return places
