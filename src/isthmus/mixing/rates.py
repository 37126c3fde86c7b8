"""Rates of a mix: how often the next batch is one of each task, by numbers, by a scheme, and over the run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from isthmus.study.rates import Schedule, Scheme, Smoothing, shared

Shares = Mapping[str, float]


@dataclass(frozen=True)
class Course:
    """Shares of the tasks of a mix over a run of ``steps``; each leg is (share of the run, shares that sum to 1).

    A leg's shares hold until its place; where ``linear``, they are reached there, in a straight line from those before.
    """

    legs: tuple[tuple[float, Shares], ...]
    linear: bool
    steps: int

    def at(self, step: int) -> dict[str, float]:
        """Return the shares of a step, taken at its middle, without those of 0."""
        now = (step + 0.5) / self.steps
        places = [place for place, _ in self.legs]
        after = min(bisect_right(places, now), len(places) - 1)
        before = after - 1 if self.linear and after and now < places[after] else after
        (start, one), (end, two) = self.legs[before], self.legs[after]
        way = (now - start) / (end - start) if before != after else 0.0
        mixed = {name: (1 - way) * one.get(name, 0.0) + way * two.get(name, 0.0) for name in {*one, *two}}
        return {name: share for name, share in mixed.items() if share}

    def mean(self) -> dict[str, float]:
        """Return the mean share of each task over the run; they sum to 1."""
        if len(self.legs) == 1:
            return dict(self.legs[0][1])
        sums: dict[str, float] = {}
        for step in range(self.steps):
            for name, share in self.at(step).items():
                sums[name] = sums.get(name, 0.0) + share
        return {name: sums[name] / self.steps for name in sorted(sums)}

    @property
    def changes(self) -> list[dict[str, float | Shares]]:
        """Return its legs as a study says them, none where the shares stay the same."""
        word = "at" if self.linear else "until"
        return [{word: place, "rates": shares} for place, shares in self.legs] if len(self.legs) > 1 else []


def course_of(rates: Shares | Scheme | Schedule, sizes: Mapping[str, int | None], steps: int) -> Course:
    """Return the course of rates over a run; ``sizes`` are as ``rates_of`` has them."""
    if isinstance(rates, Schedule):
        legs: list[tuple[float, Shares | Scheme]] = [
            (leg.place, leg.rates if isinstance(leg.rates, Scheme) else shared(leg.rates)) for leg in rates.schedule
        ]
    else:
        legs = [(1.0, rates)]
    shares = [(place, rates_of(own, sizes) if isinstance(own, Scheme) else own) for place, own in legs]
    return Course(tuple(shares), isinstance(rates, Schedule) and rates.linear, steps)


def rates_of(scheme: Scheme, sizes: Mapping[str, int | None]) -> dict[str, float]:
    """Return the rate of each task under a scheme; they sum to 1.

    ``sizes`` are numbers of training examples, None for raw text, which gets the scheme's own rate of it.
    """
    power = {"proportional": 1.0, "uniform": 0.0, "temperature": 1 / (scheme.temperature or 1.0)}[scheme.scheme]
    weights = _powers({name: size for name, size in sizes.items() if size is not None}, scheme.cap, power)
    total = sum(weights[name] for name in sorted(weights))
    text = {name: scheme.text[name] for name, size in sizes.items() if size is None}
    share = sum(text.values())
    return {name: (1 - share) * weight / total for name, weight in weights.items()} | text


def language_shares(rates: Smoothing | Shares, sizes: Mapping[str, int]) -> dict[str, float]:
    """Return how often each language is drawn; the shares sum to 1. ``sizes`` are numbers of examples by language.

    A language without an example has no share.
    """
    there = {name: size for name, size in sizes.items() if size}
    if isinstance(rates, Smoothing):
        return shared(_powers(there, rates.cap, rates.alpha))
    return shared({name: rates[name] for name in there})


def _powers(sizes: Mapping[str, int], cap: int | None, power: float) -> dict[str, float]:
    return {name: min(size, cap or size) ** power for name, size in sizes.items()}
