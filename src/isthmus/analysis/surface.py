"""What the size and the spread of intermediate data do to a target: a response surface over both, with intervals.

The gain of an arm over the arm compared with, in points, is taken to be

    gain = a + b log2(examples) + c log2(languages) + d log2(examples) log2(languages)

least squares, language by language with a level of its own each, the logarithms about the middle of the design. So b is what
a doubling of the examples adds and c what a doubling of the languages adds while the examples stay as many. Each coefficient
is a weighted sum of scores, so its chance is that of ``crossed``: of seeds, of the draws of languages (rows of the design)
and of examples. It is of the straight surface through these arms: where the truth bends, of the straight part of it.

In languages that are in an arm's training data, and in those that are not, other languages are averaged at every spread; a
level of its own for each language keeps that apart, and ``trained`` compares them within an arm.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from statistics import fmean
from typing import TYPE_CHECKING

from isthmus.analysis.crossed import Estimate, crossed
from isthmus.analysis.paired import Measured, Scored, measured_of
from isthmus.analysis.power_law import PowerLaw, power_law
from isthmus.analysis.spreads import Spread, Spreads
from isthmus.results.averages import Seed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TRAINED, UNTRAINED = "in the training data", "not in the training data"
EXACT = 1e-8
Cell = tuple[str, str]  # arm, language
Runs = Mapping[Cell, Mapping[Seed, Measured]]
Weights = Mapping[Cell, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """The gain at one size and number of languages, the mean over draws; ``arms`` are those behind it."""

    size: int
    count: int
    gain: Estimate
    arms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surface:
    """The gains on one target over some languages, and what a doubling adds.

    ``level`` is the gain in the middle of the design, ``examples`` and ``languages`` what a doubling adds, ``both`` how much
    more a doubling of one adds after a doubling of the other; each is None where the design does not vary it, or nothing is
    left to tell it by. ``law`` is that of the error over sizes, where there are three.
    """

    task: str
    metric: str
    scope: str
    over: tuple[str, ...]
    level: Estimate | None
    examples: Estimate | None
    languages: Estimate | None
    both: Estimate | None
    spots: tuple[Spot, ...]
    law: PowerLaw | None

    def at(self, size: float, count: float) -> float | None:
        """Return the gain that the surface has at a size and a number of languages, None where it has no level."""
        if self.level is None:
            return None
        middle = _middle([(spot.size, spot.count) for spot in self.spots])
        a, b = log2(size) - middle[0], log2(count) - middle[1]
        terms = ((self.examples, a), (self.languages, b), (self.both, a * b))
        return self.level.value + sum(one.value * by for one, by in terms if one)


def surfaces(
    scored: Collection[Scored], spreads: Spreads, against: str, scopes: Mapping[str, Sequence[str]], source: str
) -> tuple[Surface, ...]:
    """Return the surfaces of one target: over each of its ``scopes``, then over languages trained on and not trained on.

    ``scored`` are of one task and one figure. Languages that some arm under way lacks are left out, and so are arms without
    any score; a scope without a language that all arms have is left out. The ``source`` is trained on by every arm, so it is
    in neither of the last two.
    """
    arms = {*(one.arm for one in spreads.arms), against}
    mine = [one for one in scored if one.arm in arms]
    if not mine:
        return ()
    assert len({(one.task, one.metric) for one in mine}) == 1, "one figure of one target at a time"
    runs = _runs(mine)
    begun = {arm for arm, _ in runs}
    if against not in begun or not _complete(spreads, begun):
        return ()
    seen = {language for _, language in runs}
    shared = [name for name in sorted(seen) if all((arm, name) in runs for arm in begun)]
    found = []
    for name, scope in scopes.items():
        languages = tuple(one for one in scope if one in shared)
        if languages:
            cells = [[(one, language) for one in draw for language in languages] for draw in spreads.draws]
            found.append(_surface(mine[0], name, languages, cells, runs, against))
    others = [name for name in shared if name != source]
    for name, inside in ((TRAINED, True), (UNTRAINED, False)):
        cells = [
            [(one, own) for one in draw for own in others if (own in one.languages) == inside] for draw in spreads.draws
        ]
        languages = tuple(dict.fromkeys(language for draw in cells for _, language in draw))
        if languages and all(cells):
            found.append(_surface(mine[0], name, languages, cells, runs, against, level=False))
    return tuple(found)


def trained(scored: Collection[Scored], spreads: Spreads, against: str, source: str) -> Estimate | None:
    """Return how much more a language gains where it is in an arm's training data: within arms, and within languages.

    None where no arm has some of the languages judged and lacks others.
    """
    runs = _runs([one for one in scored if one.arm in {*(own.arm for own in spreads.arms), against}])
    begun = {arm for arm, _ in runs}
    if against not in begun or not _complete(spreads, begun):
        return None
    others = sorted({language for _, language in runs} - {source})
    shared = [name for name in others if all((arm, name) in runs for arm in begun)]
    weights = []
    for draw in spreads.draws:
        cells = [(one, language) for one in draw for language in shared]
        columns = [[float(language in one.languages) for one, language in cells]]
        columns += [[float(one.arm == arm.arm) for one, _ in cells] for arm in draw]
        columns += [[float(language == own) for _, language in cells] for own in shared]
        weights.append(_fitted(cells, columns, [1.0]) if cells else None)
    return _estimate([_less(own, against) for own in weights if own], runs) if all(weights) else None


def _complete(spreads: Spreads, begun: Collection[str]) -> bool:
    return all(one.arm in begun for one in spreads.arms)


def _runs(scored: Collection[Scored]) -> dict[Cell, dict[Seed, Measured]]:
    runs: dict[Cell, dict[Seed, Measured]] = {}
    for one in scored:
        runs.setdefault((one.arm, one.language), {})[one.seed] = measured_of(one)
    return runs


def _middle(places: Sequence[tuple[int, int]]) -> tuple[float, float]:
    return fmean({log2(size) for size, _ in places}), fmean({log2(count) for _, count in places})


def _surface(
    one: Scored,
    scope: str,
    languages: tuple[str, ...],
    draws: Sequence[Sequence[tuple[Spread, str]]],
    runs: Runs,
    against: str,
    *,
    level: bool = True,
) -> Surface:
    """Return the surface over cells (arm, language), a list a draw; without ``level`` they are not the same in every arm."""
    middle = _middle([(own.size, len(own.languages)) for draw in draws for own, _ in draw])

    def fit(wanted: Sequence[float]) -> Estimate | None:
        weights = [_weights(draw, languages, middle, wanted, interaction=level) for draw in draws]
        if not all(weights):
            # In no draw alone, perhaps in all of them together; what draws differ by is then in no interval.
            pooled = list(dict.fromkeys(cell for draw in draws for cell in draw))
            weights = [_weights(pooled, languages, middle, wanted, interaction=level)]
        return _estimate([_less(own, against) for own in weights if own], runs) if all(weights) else None

    sums = [1.0, 0.0, 0.0, 0.0]
    return Surface(
        task=one.task,
        metric=one.metric,
        scope=scope,
        over=languages,
        level=fit(sums) if level else None,
        examples=fit([0.0, 1.0, 0.0, 0.0]),
        languages=fit([0.0, 0.0, 1.0, 0.0]),
        both=fit([0.0, 0.0, 0.0, 1.0]) if level else None,
        spots=tuple(_spots(draws, runs, against)),
        law=_law(draws, runs) if level else None,
    )


def _weights(
    cells: Sequence[tuple[Spread, str]],
    languages: Sequence[str],
    middle: tuple[float, float],
    wanted: Sequence[float],
    *,
    interaction: bool,
) -> Weights | None:
    """Return what each cell weighs in a coefficient: in the mean over languages, of size, of spread, or of both."""
    present = [name for name in languages if any(language == name for _, language in cells)]
    sizes = [log2(one.size) - middle[0] for one, _ in cells]
    counts = [log2(len(one.languages)) - middle[1] for one, _ in cells]
    product = [a * b for a, b in zip(sizes, counts, strict=True)]
    columns = [sizes, counts, product] if interaction else [sizes, counts]
    columns += [[float(language == name) for _, language in cells] for name in present]
    return _fitted(cells, columns, [*wanted[1 : 4 if interaction else 3], *(wanted[0] / len(present) for _ in present)])


def _fitted(
    cells: Sequence[tuple[Spread, str]], columns: Sequence[Sequence[float]], wanted: Sequence[float]
) -> Weights | None:
    """Return the weights by which least squares makes a sum of coefficients of cells, None where these cannot tell it.

    ``wanted`` says how often each coefficient is in the sum, 0 for those beyond its end.
    """
    import numpy as np

    design = np.array(columns).T
    asked = np.zeros(design.shape[1])
    asked[: len(wanted)] = wanted
    inverse = np.linalg.pinv(design, rcond=EXACT)
    if not np.allclose(asked @ inverse @ design, asked, atol=1e-6):
        return None
    weights = asked @ inverse
    if np.abs(weights).max(initial=0.0) < EXACT:
        return None
    return {(one.arm, language): float(by) for (one, language), by in zip(cells, weights, strict=True)}


def _less(weights: Weights, against: str) -> Weights:
    """Return the weights of gains as those of scores: what an arm has, less what the arm compared with has."""
    made = dict(weights)
    for (_, language), by in weights.items():
        made[against, language] = made.get((against, language), 0.0) - by
    return made


def _estimate(draws: Sequence[Weights], runs: Runs) -> Estimate | None:
    """Return a weighted sum of scores of each draw, averaged over draws and seeds; None where no seed has all of it."""
    seeds = _seeds([runs[cell] for own in draws for cell in own])
    return crossed(*_table(draws, runs, seeds)) if seeds else None


def _table(draws: Sequence[Weights], runs: Runs, seeds: Sequence[Seed]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a weighted sum of scores in each draw and seed, and how far each example moves it."""
    import numpy as np

    width = max(len(one.influence) for own in draws for cell in own for one in runs[cell].values())
    points, influences = np.zeros((len(draws), len(seeds))), np.zeros((len(draws), len(seeds), width))
    for row, own in enumerate(draws):
        for column, seed in enumerate(seeds):
            for cell, by in own.items():
                one = runs[cell].get(seed) or runs[cell][None]
                points[row, column] += by * one.points
                influences[row, column, : len(one.influence)] += by * one.influence
    return points, influences


def _seeds(found: Sequence[Mapping[Seed, Measured]]) -> list[Seed]:
    """Return the seeds that all have; a run without a seed goes with every one."""
    named = dict.fromkeys(seed for own in found for seed in own if seed is not None)
    return [seed for seed in named or (None,) if all(seed in own or None in own for own in found)]


def _spots(draws: Sequence[Sequence[tuple[Spread, str]]], runs: Runs, against: str) -> list[Spot]:
    places = sorted({(one.size, len(one.languages)) for draw in draws for one, _ in draw})
    spots = []
    for size, count in places:
        weights, arms = [], []
        for draw in draws:
            own = [(one.arm, name) for one, name in draw if (one.size, len(one.languages)) == (size, count)]
            weights.append(_less({cell: 1 / len(own) for cell in own}, against))
            arms += [arm for arm, _ in own]
        # A set of languages that all draws have in common is one arm, and says nothing of how much draws differ.
        alike = weights[:1] if len(set(arms)) == 1 else weights
        gain = _estimate(alike, runs)
        if gain:
            spots.append(Spot(size, count, gain, tuple(dict.fromkeys(arms))))
    return spots


def _law(draws: Sequence[Sequence[tuple[Spread, str]]], runs: Runs) -> PowerLaw | None:
    import numpy as np

    sizes = sorted({one.size for draw in draws for one, _ in draw})
    if len(sizes) < 3:
        return None
    seeds = _seeds([runs[one.arm, name] for draw in draws for one, name in draw])
    if not seeds:
        return None
    tables = []
    spoken = [{one.languages for one, _ in draw} for draw in draws]
    for size in sizes:
        at = [[(one, name) for one, name in draw if one.size == size] for draw in draws]
        if [{one.languages for one, _ in own} for own in at] != spoken:
            return None  # what other languages do would pass for what the size does
        cells = [[(one.arm, name) for one, name in own] for own in at]
        tables.append(_table([{cell: 1 / len(own) for cell in own} for own in cells], runs, seeds))
    points, influences = np.array([100 - table[0] for table in tables]), np.array([-table[1] for table in tables])
    return power_law(sizes, lambda by: crossed(np.tensordot(by, points, 1), np.tensordot(by, influences, 1)))
