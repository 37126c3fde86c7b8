"""Accuracy against cost: which configurations nothing cheaper is as good as, and what a stage wins at the same cost.

A configuration is an arm of a model, in a variant. Its score is that of a target, averaged over languages and seeds; its
cost what one example takes. What stages win is the score of the best configuration with a stage that costs no more, less
that of the best without one, averaged over the logarithm of the cost: from where both have one to the dearest.

The best of many looks best by luck too, and arms with stages are often more. So what is best at a cost is chosen on half of
the examples, in the other seeds, and judged on the other half (``best_arm``); what remains is a weighted sum of scores, with
the interval of one: over seeds and examples. Costs are taken as measured. The front itself is drawn of all the examples.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, log
from statistics import fmean
from typing import Literal, get_args

from isthmus.analysis.averages_over_targets import (
    Contrast,
    TargetAverages,
    Weights,
    contrast,
    elsewhere,
    half_of,
    halves,
    seeds_of,
)
from isthmus.analysis.latency import configuration, rounds_of
from isthmus.core.at_variant import without_variant
from isthmus.core.errors import UnknownName
from isthmus.results.averages import Seed
from isthmus.results.measured import Measurements, Spoken, Timed

Price = Literal["latency", "throughput", "flops", "parameters", "disk", "memory", "energy"]
COSTS: tuple[Price, ...] = get_args(Price)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one example takes a configuration, in each round; rounds of one ``run`` were measured side by side.

    Seconds (latency, throughput), operations, joules, or what the whole model takes: parameters, bytes. What does not vary
    has one round, and no run.
    """

    rounds: tuple[float, ...]
    run: str = ""

    @property
    def value(self) -> float:
        """Return the mean over rounds."""
        return fmean(self.rounds)


@dataclass(frozen=True, slots=True)
class Point:
    """A configuration with its cost and its score (0-100), the mean over seeds."""

    configuration: str
    cost: float
    score: float


@dataclass(frozen=True, slots=True)
class Gain:
    """The points that arms with stages win at equal cost, between the cheapest cost that both have and the dearest."""

    points: Contrast
    cheapest: float
    dearest: float


def costs_of(measured: Collection[Measurements], languages: Collection[str], quantity: Price = "latency") -> dict[str, Cost]:
    """Return the cost of every configuration of one target, the mean over those of the languages that were measured.

    Where several seeds were timed it is their mean. Configurations without the figure (joules, where the platform reports
    none) are left out. Raises UnknownName for a quantity that nobody measures.
    """
    if quantity not in COSTS:
        raise UnknownName("cost", quantity, COSTS)
    found: dict[str, Cost] = {}
    for one in measured:
        same: dict[str, list[Timed]] = {}
        for timed in one.timed:
            same.setdefault(configuration(timed), []).append(timed)
        for name, several in same.items():
            spoken = [language for language in several[0].languages if language in languages]
            cost = _cost(several, spoken, quantity, f"{one.task}@{one.model}") if spoken else None
            if cost is not None:
                found[name] = cost
    return found


def _cost(several: Sequence[Timed], spoken: Sequence[str], quantity: Price, run: str) -> Cost | None:
    each = [timed.languages[language] for timed in several for language in spoken]
    if quantity == "latency" or quantity == "throughput":
        series = [
            [seconds / _queries(own, quantity) for seconds in rounds]
            for own, rounds in zip(each, rounds_of(several, spoken, quantity), strict=True)
        ]
        return Cost(tuple(map(fmean, zip(*series, strict=False))), run)
    if quantity == "flops" or quantity == "energy":
        known = [own.flops if quantity == "flops" else own.joules for own in each]
        values = [value for value in known if value is not None]
        return Cost((fmean(values),)) if values and len(values) == len(known) else None
    whole = {
        "parameters": lambda own: own.parameters,
        "disk": lambda own: own.disk_bytes,
        "memory": lambda own: own.peak_bytes,
    }[quantity]
    return Cost((fmean(map(whole, several)),))


def _queries(own: Spoken, quantity: str) -> float:
    """Return how many examples one round answers."""
    return own.latency.n / len(own.latency.rounds) if quantity == "latency" else own.examples


def points_of(target: TargetAverages, costs: Mapping[str, Cost]) -> tuple[Point, ...]:
    """Return the configurations of a target that have a score and a cost, cheapest first."""
    found = [
        Point(name, costs[name].value, fmean(one.points for one in runs.values()))
        for name, runs in target.runs.items()
        if name in costs and runs
    ]
    return tuple(sorted(found, key=lambda point: (point.cost, -point.score)))


def front(points: Collection[Point]) -> tuple[Point, ...]:
    """Return the points that none as cheap is as good as, cheapest first; of equal ones the first.

    Raises ValueError for a cost or a score that is no finite number.
    """
    for point in points:
        if not (isfinite(point.cost) and isfinite(point.score)):
            raise ValueError(f"{point.configuration}: found cost {point.cost} and score {point.score}, expected numbers")
    kept: list[Point] = []
    for point in sorted(points, key=lambda point: (point.cost, -point.score)):
        if not kept or point.score > kept[-1].score:
            kept.append(point)
    return tuple(kept)


def parted(points: Collection[Point], staged: Collection[str]) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Return the front of arms with stages (``staged``: their names, with the model) and that of the others."""
    mine = [point for point in points if without_variant(point.configuration) in staged]
    return front(mine), front([point for point in points if point not in mine])


def gain(
    averages: Mapping[str, TargetAverages], costs: Mapping[str, Mapping[str, Cost]], staged: Collection[str]
) -> Gain | None:
    """Return what arms with stages win at equal cost, the mean over targets; ``costs`` are those of each target.

    None where a side has nothing on a target, and where no seed has all of what is chosen.
    """
    sides = {task: _sides(target, costs.get(task, {}), staged) for task, target in averages.items()}
    if not sides or not all(mine and others for mine, others in sides.values()):
        return None
    halved = halves(averages)
    shares = {task: _shares(mine, others, costs[task]) for task, (mine, others) in sides.items()}

    def weigh(seed: Seed) -> Weights:
        weights: dict[tuple[str, str], float] = {}
        for task, own in shares.items():
            for half in (0, 1):
                for sign, names in ((1, sides[task][0]), (-1, sides[task][1])):
                    best = _best(halved[task], names, seed, half)
                    for affordable, share in own:
                        chosen = best(affordable)
                        if chosen is None:
                            return {}
                        place = chosen, task
                        weights[place] = weights.get(place, 0.0) + sign * share / len(shares)
        return weights

    points = contrast(halved, weigh)
    if points is None:
        return None
    ends = [_range(mine, others, costs[task]) for task, (mine, others) in sides.items()]
    return Gain(points, min(low for low, _ in ends), max(high for _, high in ends))


Sides = tuple[list[str], list[str]]  # configurations with stages, and without


def _sides(target: TargetAverages, costs: Mapping[str, Cost], staged: Collection[str]) -> Sides:
    names = [name for name, runs in target.runs.items() if runs and name in costs]
    mine = [name for name in names if without_variant(name) in staged]
    return mine, [name for name in names if name not in mine]


def _range(mine: Sequence[str], others: Sequence[str], costs: Mapping[str, Cost]) -> tuple[float, float]:
    values = [[costs[name].value for name in names] for names in (mine, others)]
    return max(map(min, values)), max(map(max, values))


def _shares(mine: Sequence[str], others: Sequence[str], costs: Mapping[str, Cost]) -> list[tuple[set[str], float]]:
    """Return what can be afforded, and for which share of the range of costs."""
    low, high = _range(mine, others, costs)
    values = {name: costs[name].value for name in (*mine, *others)}
    steps = sorted({low, high, *(value for value in values.values() if low < value < high)})
    parts = list(pairwise(steps)) or [(low, high)]
    width = log(high / low)
    return [
        ({name for name, value in values.items() if value <= start}, log(end / start) / width if width else 1.0)
        for start, end in parts
    ]  # fmt: skip


def _best(target: TargetAverages, names: Sequence[str], seed: Seed, half: int) -> _Choice:
    """Return the choice among configurations by what they did on the other half, in the other seeds."""
    halves_of = {name: half_of(name, 1 - half) for name in names}
    among = seeds_of([target], list(halves_of.values()))
    means = {name: elsewhere([target], own, seed, among) for name, own in halves_of.items()}
    return _Choice({name: mean for name, mean in means.items() if mean is not None}, half)


@dataclass(frozen=True, slots=True)
class _Choice:
    means: Mapping[str, float]
    half: int

    def __call__(self, affordable: Collection[str]) -> str | None:
        known = {name: mean for name, mean in self.means.items() if name in affordable}
        return half_of(max(known, key=lambda name: known[name]), self.half) if known else None
