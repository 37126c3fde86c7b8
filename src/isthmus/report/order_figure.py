"""The plot of orders as SVG: a tree of scores, a branch for each stage that comes next, coloured by the stage."""

from __future__ import annotations

from html import escape

from isthmus.analysis.order import Stages
from isthmus.report.figures import WIDTH, colour_class
from isthmus.report.orders import Course
from isthmus.report.svg import Scale, drawing, element, number, span, text, ticks

BOTTOM = 150.0


def order_figure(course: Course, stages: Stages, name: str) -> str:
    """Return the score after no, one, two, ... stages of each order; small dots are seeds, a branch ends in their mean."""
    values = [value for own in course.seeds.values() for _, value in own]
    first = min(map(len, course.means))
    x, y = Scale(first, len(stages), 44, WIDTH - 14), Scale(*span(values), BOTTOM, 8)
    parts = []
    for tick in ticks(y.low, y.high, 4):
        parts.append(element("path", d=f"M44 {number(y(tick))}H{number(WIDTH - 14)}"))
        parts.append(text(f"{tick:g}", 38, y(tick) + 3.8, text_anchor="end"))
    for after in range(first, len(stages) + 1):
        parts.append(text(f"{after}" if after else "none", x(after), BOTTOM + 15, text_anchor="middle"))
    parts.append(text("stages so far", (x.start + x.end) / 2, BOTTOM + 31, text_anchor="middle", class_="axis"))
    drawn = [element("g", *parts, class_="grid")]
    drawn += [_branch(course, own, x, y, stages) for own in sorted(course.means, key=lambda own: (len(own), own))]
    ends = {own: value for own, value in course.means.items() if len(own) == len(stages)}
    told = "; ".join(f"{' → '.join(own)}: {value:.1f}" for own, value in ends.items())
    return drawing(f"{course.task} along each order", told or "no order is finished", WIDTH, 186, *drawn, name=name)


def _branch(course: Course, own: Stages, x: Scale, y: Scale, stages: Stages) -> str:
    """Return one stage of some orders: a line from the mean before it, its mean, and a dot for each seed."""
    at, value, before = number(x(len(own))), course.means[own], course.means.get(own[:-1]) if own else None
    seeds = "; ".join(f"{value:.1f}" for _, value in course.seeds[own])
    parts = [element("title", escape(f"{' → '.join(own) or 'no stage'}: {value:.1f} (seeds {seeds})"))]
    if before is not None:
        parts.append(element("path", d=f"M{number(x(len(own) - 1))} {number(y(before))}L{at} {number(y(value))}"))
    parts += [element("circle", cx=x(len(own)), cy=y(one), r=1.5, opacity="0.55") for _, one in course.seeds[own]]
    parts.append(element("circle", cx=x(len(own)), cy=y(value), r=3.2))
    return element("g", *parts, class_=f"line {colour_class(own[-1], stages) if own else 'other'}")
