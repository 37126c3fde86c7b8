"""SVG as text: elements whose words are escaped, and scales from data to points of a drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


def element(name: str, *children: str, **attributes: str | float) -> str:
    """Return one element; ``children`` are elements or escaped text; underscores of names are dropped or become dashes."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-") if key != "viewBox" else key}="{_value(value)}"'
        for key, value in attributes.items()
        if value != ""
    )
    return f"<{name}{told}>{''.join(children)}</{name}>" if children else f"<{name}{told}/>"


def text(words: str, x: float, y: float, **attributes: str | float) -> str:
    """Return words at a place."""
    return element("text", escape(words), x=x, y=y, **attributes)


def drawing(title: str, description: str, width: float, height: float, *parts: str, name: str) -> str:
    """Return a whole drawing that says in words what it shows; ``name`` is unique on the page."""
    words = element("title", escape(title), id=f"{name}-t") + element("desc", escape(description), id=f"{name}-d")
    return element(
        "svg", words, *parts, viewBox=f"0 0 {width:g} {height:g}", role="img", aria_labelledby=f"{name}-t {name}-d"
    )  # fmt: skip


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """Return a number with one decimal at most: a tenth of a point is finer than a screen."""
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps [low, high] of data to [start, end] of a drawing, in a straight line."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value; what lies outside is put at the edge."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Return about as many round numbers as wanted, between low and high."""
    assert high > low, (low, high)
    raw = (high - low) / wanted
    power: float = 10.0 ** math.floor(math.log10(raw))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(first * step + i * step, 10) for i in range(math.floor(high / step + 1e-9) - first + 1)]


def span(values: Sequence[float], *, zero: bool = False, room: float = 0.05) -> tuple[float, float]:
    """Return the least and the greatest of values with some room around; ``zero`` is taken in where asked for."""
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    margin = (high - low or 1.0) * room
    return low - margin, high + margin
