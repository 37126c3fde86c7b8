"""Marks that tell one thing from another by shape as well as by colour, words placed beside them, and scales of powers.

A shape and a colour belong to a place in a list; the ninth has the first colour again, and another shape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from isthmus.report.svg import Scale, element, number, text, ticks

LETTER = 6.4  # width of a letter of 11 pixels, about
HIGH = 12.0  # of a line of words
RADIUS = 4.0
SHAPES = (  # around the middle, for a radius of 1; the circle is drawn as one
    "",
    "M-.88-.88h1.76v1.76h-1.76z",
    "M0-1.2L1.12.8H-1.12z",
    "M0-1.25L1.25 0 0 1.25-1.25 0z",
    "M0 1.2L1.12-.8H-1.12z",
    "M-.4-1.2h.8v.8h.8v.8h-.8v.8h-.8v-.8h-.8v-.8h.8z",
    "M-.6-1.1h1.2l.6 1.1-.6 1.1h-1.2l-.6-1.1z",
    "M-1.1-.7l.4-.4.7.7.7-.7.4.4-.7.7.7.7-.4.4-.7-.7-.7.7-.4-.4.7-.7z",
)
FINE = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 5.0, 7.0))  # ticks in a power of ten, from few to many
FEWEST, MOST = 3, 5  # ticks
Box = tuple[float, float, float, float]


def shape(index: int, x: float, y: float, radius: float = RADIUS) -> str:
    """Return the mark of the thing at a place in its list."""
    path = SHAPES[(index + index // len(SHAPES)) % len(SHAPES)]
    if not path:
        return element("circle", class_="dot", cx=x, cy=y, r=radius)
    return element("path", class_="dot", d=path, transform=f"translate({x:.1f} {y:.1f}) scale({radius:g})")


def powers(low: float, high: float) -> list[float]:
    """Return round numbers between two that are told apart by their ratio; ``low`` is above 0 and below ``high``."""
    assert 0 < low < high, (low, high)
    tens = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for mantissas in FINE:
        found = [round(mantissa * 10.0**ten, 12) for ten in tens for mantissa in mantissas]
        within = [value for value in found if low <= value <= high]
        if len(within) >= FEWEST:
            return within[:: math.ceil(len(within) / MOST)]
    return ticks(low, high, FEWEST)


def logarithm(low: float, high: float, start: float, end: float) -> Scale:
    """Return the scale of the logarithms (base 10) of what lies between two values, with some room on either side."""
    room = max(0.06 * math.log10(high / low), 0.02)
    return Scale(math.log10(low) - room, math.log10(high) + room, start, end)


def ends_of(scale: Scale) -> tuple[float, float]:
    """Return the least and the greatest value of a scale of logarithms."""
    return 10.0**scale.low, 10.0**scale.high


def beside(words: Sequence[tuple[str, float, float]], taken: Sequence[tuple[float, float]], within: Box) -> list[str]:
    """Return words as text beside their places (words, x, y), each where it hides neither a mark nor another's words.

    Words that have no such place are left out: what they say is told otherwise. ``taken`` are the middles of all marks,
    ``within`` is (left, top, right, bottom) of where words may stand.
    """
    full = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in taken]
    drawn = []
    for word, x, y in words:
        wide = LETTER * len(word)
        for left, base in _places(x, y, wide):
            box = (left, base - HIGH + 2, left + wide, base + 2)
            if _inside(box, within) and not any(_meet(box, other) for other in full):
                full.append(box)
                drawn.append(text(word, left, base, class_="beside"))
                break
    return drawn


def _places(x: float, y: float, wide: float) -> list[tuple[float, float]]:
    """Return (left end, base line) of the places for words around a mark, the best first."""
    near = RADIUS + 3
    return [
        (x - near - wide + 2, y - near + 2),
        (x - near - wide, y + 3.8),
        (x - wide / 2, y - near),
        (x + near - 2, y - near + 2),
        (x + near - 2, y + near + 6),
        (x + near, y + 3.8),
        (x - wide / 2, y + near + 8),
        (x - near - wide + 2, y + near + 6),
    ]


def _inside(box: Box, within: Box) -> bool:
    return box[0] >= within[0] and box[1] >= within[1] and box[2] <= within[2] and box[3] <= within[3]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def upright(scale: Scale, left: float, right: float, marks: Sequence[tuple[float, str]]) -> str:
    """Return lines across a drawing, each with its words (value, words) at the left."""
    parts = []
    for value, words in marks:
        parts.append(element("path", d=f"M{left:g} {number(scale(value))}H{right:g}"))
        parts.append(text(words, left - 5, scale(value) + 3.8, text_anchor="end"))
    return element("g", *parts, class_="grid")


def below(scale: Scale, top: float, bottom: float, marks: Sequence[tuple[float, str]], words: str) -> str:
    """Return lines down a drawing, each with its words (value, words) below, and what they measure below all."""
    parts = []
    for value, told in marks:
        parts.append(element("path", d=f"M{number(scale(value))} {top:g}V{bottom:g}"))
        parts.append(text(told, scale(value), bottom + 15, text_anchor="middle"))
    parts.append(text(words, (scale.start + scale.end) / 2, bottom + 31, text_anchor="middle", class_="axis"))
    return element("g", *parts, class_="grid")


def titled(words: str, classes: str, *parts: str) -> str:
    """Return parts as one mark that says something when it is pointed at."""
    return element("g", element("title", escape(words)), *parts, class_=classes)


def seconds(value: float) -> str:
    """Return a short time as people say it: 850 µs, 4.2 ms, 1.3 s."""
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if value * scale >= 0.9995 or unit == "µs":
            return f"{value * scale:.3g} {unit}" if value * scale < 999.5 else f"{value * scale:,.0f} {unit}"
    raise AssertionError("the last unit takes everything")
