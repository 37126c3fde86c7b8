"""The plots of the report as SVG: gains by language, retrieval by layer, learning curves.

Colours are classes that the style sheet knows (``up``, ``down``, ``c0`` for the first arm); no sign is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from statistics import fmean

from isthmus.analysis.averages_over_targets import Contrast
from isthmus.analysis.paired import Effect
from isthmus.analysis.shares import ShareEffects
from isthmus.report.answer import signed
from isthmus.report.by_model import Bounded, ByModel
from isthmus.report.evidence import Gains
from isthmus.report.layers import Layered
from isthmus.report.learning import Lesson
from isthmus.report.shares import called, told, trend_in_words
from isthmus.report.svg import Scale, drawing, element, number, span, text, ticks

WIDTH = 300.0
LETTER = 6.4  # width of a letter of 11 pixels, about
COLOURS = 8  # of arms, declared in the style sheet; a further arm has the first colour again, dashed


def gains_figure(gains: Gains, domain: tuple[float, float], distances: Mapping[str, float], name: str) -> str:
    """Return a row for each language, nearest first, with its effect as a dot and its interval as a line."""
    effects = ([gains.headline] if gains.headline else []) + list(gains.effects)
    left = 10 + LETTER * max(len(effect.language) for effect in effects)
    pitch = 18.0 if len(effects) <= 14 else 13.0
    scale = Scale(*domain, left, WIDTH - 10)
    top, bottom = 4.0, 4.0 + pitch * len(effects) + (6 if gains.headline else 0)
    parts = [_axis(scale, top, bottom), element("path", class_="zero", d=f"M{number(scale(0))} {top:g}V{number(bottom)}")]
    y = top + pitch / 2
    for effect in effects:
        average = effect is gains.headline
        parts.append(_mark(effect, scale, y, left, distances, average=average))
        y += pitch + (6 if average else 0)
        if average:
            parts.append(element("path", class_="rule", d=f"M0 {number(y - pitch / 2 - 3)}H{WIDTH:g}"))
    clear = sum(effect.sign > 0 for effect in gains.effects), sum(effect.sign < 0 for effect in gains.effects)
    said = f"{len(gains.effects)} languages: {clear[0]} clearly gain, {clear[1]} clearly lose."
    return drawing(f"{gains.arm} on {gains.task}", said, WIDTH, bottom + 22, *parts, name=name)


def _mark(effect: Effect, scale: Scale, y: float, left: float, distances: Mapping[str, float], *, average: bool) -> str:
    distance = f", distance {distances[effect.language]:g}" if effect.language in distances else ""
    title = f"{effect.language}{distance}: {said(effect)}"
    return _dot(effect, effect.language, title, scale, y, left, average=average)


def _dot(one: Effect | Bounded, label: str, title: str, scale: Scale, y: float, left: float, *, average: bool) -> str:
    """Return a difference with its interval on a row of its own, a diamond where it sums up the others."""
    x, at, kind = scale(one.delta), number(y), {1: "up", -1: "down", 0: "flat"}[one.sign]
    parts = [element("title", escape(title)), text(label, left - 6, y + 3.8, text_anchor="end", class_="name")]
    if one.low is not None and one.high is not None:
        parts.append(element("path", d=f"M{number(scale(one.low))} {at}H{number(scale(one.high))}"))
    if average:
        parts.append(element("path", class_="dot", d=f"M{number(x - 5.5)} {at}l5.5-5.5 5.5 5.5-5.5 5.5z"))
    else:
        parts.append(element("circle", class_="dot", cx=x, cy=y, r=3.6))
    return element("g", *parts, class_=f"mark {kind}")


def models_figure(one: ByModel, domain: tuple[float, float], name: str) -> str:
    """Return a row for each model, the first on top, with what an arm changes, and above them what the last adds."""
    rows = [(model, effect) for model, effect in one.effects.items() if effect]
    models = list(one.effects)
    apart = [(f"{models[-1]} − {models[0]}", one.difference)] if one.difference else []
    left = 10 + LETTER * max(len(label) for label, _ in (*apart, *rows))
    scale, pitch, top = Scale(*domain, left, WIDTH - 10), 18.0, 4.0
    bottom = top + pitch * (len(rows) + len(apart)) + (6 if apart else 0)
    parts = [_axis(scale, top, bottom), element("path", class_="zero", d=f"M{number(scale(0))} {top:g}V{number(bottom)}")]
    y = top + pitch / 2
    for label, found in (*apart, *rows):
        sums_up = (label, found) in apart
        parts.append(_dot(found, label, f"{label}: {bounded_words(found)}", scale, y, left, average=sums_up))
        y += pitch + (6 if sums_up else 0)
        if sums_up:
            parts.append(element("path", class_="rule", d=f"M0 {number(y - pitch / 2 - 3)}H{WIDTH:g}"))
    told = "; ".join(f"{label}: {bounded_words(found)}" for label, found in (*rows, *apart))
    return drawing(f"{one.arm} on {one.target}, by model", told, WIDTH, bottom + 22, *parts, name=name)


def bounded_words(one: Bounded) -> str:
    """Return a difference and its interval in words."""
    between = "no interval" if one.low is None or one.high is None else f"{signed(one.low)} to {signed(one.high)}"
    return f"{signed(one.delta)} ({between})"


def models_domain(found: Sequence[ByModel]) -> tuple[float, float]:
    """Return a range that holds the intervals of all effects by model, and zero."""
    shown = [one for by_model in found for one in (*by_model.effects.values(), by_model.difference) if one]
    return span([end for one in shown for end in (one.delta, one.low, one.high) if end is not None], zero=True)


def said(effect: Effect) -> str:
    """Return an effect in words: its size, its interval and its seeds."""
    between = (
        "no interval" if effect.low is None or effect.high is None else f"{signed(effect.low)} to {signed(effect.high)}"
    )
    seeds = " ".join(signed(value) for _, value in effect.by_seed)
    return f"{signed(effect.delta)} ({between}); seeds {seeds}; n {effect.n:,}"


def domain_of(gains: Sequence[Gains]) -> tuple[float, float]:
    """Return a range that holds the intervals of all of them, and zero."""
    effects = [effect for one in gains for effect in (one.headline, *one.effects) if effect]
    ends = [end for e in effects for end in (e.delta, e.low, e.high) if end is not None]
    return span(ends, zero=True)


def layers_figure(one: Layered, arms: Sequence[str], highest: float, name: str) -> str:
    """Return a line for each arm over the layers of the encoder, on a scale from 0 to ``highest``."""
    points = [point for profile in one.profiles.values() for point in profile]
    lines = {arm: list(profile) for arm, profile in one.profiles.items()}
    deepest = max(layer for layer, _ in points)
    x = Scale(0, max(1, deepest), 40, WIDTH - 12)
    y = Scale(0, max(5.0, highest * 1.05), 150, 8)
    marks = [layer for layer in range(deepest + 1) if deepest <= 12 or layer % 4 == 0]
    parts = [_upright(y, 40, WIDTH - 12), _below(x, marks, 150, "layer (0: embeddings)")]
    parts += [_line(lines[arm], x, y, arm, arms, dots=True) for arm in (*arms, *lines.keys() - set(arms)) if arm in lines]
    best = {arm: max(profile, key=lambda point: point[1]) for arm, profile in one.profiles.items()}
    told = "; ".join(f"{arm}: best layer {layer} with {value:.1f}" for arm, (layer, value) in best.items())
    return drawing(f"{one.task} by layer, {one.name}", told, WIDTH, 186, *parts, name=name)


def shares_figure(effects: ShareEffects, domain: tuple[float, float], most: float, name: str) -> str:
    """Return a dot with its interval for each arm over its share, from 0 to ``most``, and the line through all of them."""
    x, y = Scale(0, most, 40, WIDTH - 12), Scale(*domain, 150, 8)
    parts = [_upright(y, 40, WIDTH - 12), _below(x, ticks(0, most, 4), 150, "share in domain")]
    parts.append(element("path", class_="zero", d=f"M40 {number(y(0))}H{WIDTH - 12:g}"))
    if effects.trend and len(effects.points) > 1:
        middle, height = fmean(share for share, _ in effects.points), fmean(one.delta for _, one in effects.points)
        ends = [
            f"{number(x(share))} {number(y(height + effects.trend.delta * (share - middle)))}"
            for share in (effects.points[0][0], effects.points[-1][0])
        ]
        parts.append(element("g", element("path", d=f"M{'L'.join(ends)}"), class_="line light alone"))
    parts += [_upright_mark(share, one, x, y) for share, one in effects.points]
    said = "; ".join(f"{share:g}: {told(one)}" for share, one in effects.points)
    words = f"{said}. From 0 to 1: {trend_in_words(effects)}."
    return drawing(f"{called(effects)} by share of text in domain", words, WIDTH, 186, *parts, name=name)


def _upright_mark(share: float, found: Contrast, x: Scale, y: Scale) -> str:
    ends, at = found.ends(), number(x(share))
    sign = 0 if not ends else (ends[0] > 0) - (ends[1] < 0)
    parts = [element("title", escape(f"{share:g}: {told(found)}; n {found.n:,}"))]
    if ends:
        parts.append(element("path", d=f"M{at} {number(y(ends[0]))}V{number(y(ends[1]))}"))
    parts.append(element("circle", class_="dot", cx=x(share), cy=y(found.delta), r=3.6))
    kind = {1: "up", -1: "down", 0: "flat"}[sign]
    return element("g", *parts, class_=f"mark {kind}")


def range_of(found: Sequence[Contrast]) -> tuple[float, float]:
    """Return a range that holds the intervals of some differences, and zero."""
    ends = [end for one in found for end in (one.delta, *(one.ends() or ()))]
    return span(ends, zero=True)


def curves_figure(lesson: Lesson, arms: Sequence[str], name: str) -> str:
    """Return the training losses of all runs of a lesson, drawn lightly."""
    points = [point for curve in lesson.curves for point in curve.points]
    x = Scale(0, max(step for step, _ in points), 40, WIDTH - 12)
    low, high = span([loss for _, loss in points])
    y = Scale(max(0.0, low), high, 150, 8)
    parts = [_upright(y, 40, WIDTH - 12), _below(x, ticks(0, x.high, 4), 150, "optimiser step")]
    parts += [_line(curve.points, x, y, curve.arm, arms, dots=False) for curve in lesson.curves]
    ends = [curve.points[-1][1] for curve in lesson.curves]
    told = f"{len(ends)} runs; last losses from {min(ends):.3f} to {max(ends):.3f}."
    return drawing(f"Training loss: {lesson.name}", told, WIDTH, 186, *parts, name=name)


def colour_class(arm: str, arms: Sequence[str]) -> str:
    """Return the classes of an arm's line: its colour, and dashes where colours begin anew; baselines are grey."""
    if not arm:
        return "alone"
    if arm not in arms:
        return "other"
    index = list(arms).index(arm)
    return f"c{index % COLOURS}" + (" dashed" if index >= COLOURS else "")


def _line(points: Sequence[tuple[int, float]], x: Scale, y: Scale, arm: str, arms: Sequence[str], *, dots: bool) -> str:
    places = [f"{number(x(step))} {number(y(value))}" for step, value in points]
    values = "; ".join(f"{step}: {value:.1f}" for step, value in points) if dots else ""
    title = element("title", escape(f"{arm or 'pretraining'}{f' ({values})' if values else ''}"))
    parts = [title, element("path", d=f"M{'L'.join(places)}")]
    parts += [element("circle", cx=x(step), cy=y(value), r=2.6) for step, value in points] if dots else []
    return element("g", *parts, class_=f"line {'' if dots else 'light '}{colour_class(arm, arms)}")


def _axis(scale: Scale, top: float, bottom: float) -> str:
    parts = []
    for tick in ticks(scale.low, scale.high, 6):
        x = scale(tick)
        parts.append(element("path", d=f"M{number(x)} {top:g}V{number(bottom)}"))
        parts.append(text(f"{tick:+g}".replace("-", "−") if tick else "0", x, bottom + 14, text_anchor="middle"))
    return element("g", *parts, class_="grid")


def _upright(scale: Scale, left: float, right: float) -> str:
    parts = []
    for tick in ticks(scale.low, scale.high, 4):
        parts.append(element("path", d=f"M{left:g} {number(scale(tick))}H{right:g}"))
        parts.append(text(f"{tick:g}", left - 6, scale(tick) + 3.8, text_anchor="end"))
    return element("g", *parts, class_="grid")


def _below(scale: Scale, marks: Sequence[float], y: float, words: str) -> str:
    parts = [text(f"{mark:,g}", scale(mark), y + 15, text_anchor="middle") for mark in marks]
    parts.append(text(words, (scale.start + scale.end) / 2, y + 31, text_anchor="middle", class_="axis"))
    return element("g", *parts, class_="grid")
