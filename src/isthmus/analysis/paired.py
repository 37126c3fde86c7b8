"""Paired effects of one arm against another, with intervals that know of two chances: the seeds and the examples.

The effect is the mean over seeds of the difference between two arms of one seed on the same examples. What it owes to
chance is in ``chance.py``: the spread of the seeds, and that of the examples by the infinitesimal jackknife (Efron 1982),
since F1 is no mean over examples. The half-width of the interval is a quantile of Student's t times the standard error, and
the p-value that of the same t, so that the two never disagree. With a single seed the examples are all there is.

On simulated studies (``benchmarks/coverage.py``) the interval held the truth in 94 to 98 of 100, most where two seeds are
as alike as their examples let them be. With two seeds that is bought by width.

In an average over languages the examples of one row go together: they are translations of each other in most test sets
(XNLI, PAWS-X, XQuAD), and where they are not, what they have in common vanishes in the sum.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isnan, sqrt
from statistics import fmean, variance
from typing import TYPE_CHECKING

from isthmus.analysis.chance import NOTHING, Chance
from isthmus.core.lookup import Shelf
from isthmus.results.averages import Seed, shared

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VALUES = Shelf("metric", ("isthmus.metrics",), "value")
LEVEL = 0.95
NUDGE = 1e-4  # of a sum: the step of the numerical derivative


@dataclass(frozen=True, slots=True)
class Scored:
    """What one arm and seed did on the examples of a task in one language.

    ``metric`` is the key of the figure (f1), ``counted_by`` the file of ``isthmus.metrics`` that gives it (squad), and
    ``counts`` its sums: a row an example.
    """

    arm: str
    seed: Seed
    task: str
    language: str
    metric: str
    counted_by: str
    counts: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Effect:
    """The paired difference of ``arm`` from ``against`` in points of 100, the mean over seeds, with its 95 % interval.

    ``language`` is a language or the name of an average, ``languages`` what it is over. ``low`` and ``high`` are None where
    nothing tells how far chance reaches, and so are ``chance`` and the two-sided ``p`` of no difference. ``n`` counts the
    examples of one arm and seed, over all ``languages``. ``p_holm`` is p corrected for the family of tests that the effect
    belongs to, None where it is in none.
    """

    arm: str
    against: str
    task: str
    metric: str
    language: str
    delta: float
    low: float | None
    high: float | None
    by_seed: tuple[tuple[Seed, float], ...]
    n: int
    languages: tuple[str, ...]
    chance: Chance | None = None
    p: float | None = None
    p_holm: float | None = None

    @property
    def error(self) -> float | None:
        """Return the standard error in points."""
        return self.chance.error(self.seeds_seen) if self.chance else None

    @property
    def freedom(self) -> float | None:
        """Return the degrees of freedom of the t behind the interval and p; infinite where nothing varies at all."""
        return self.chance.freedom(self.seeds_seen) if self.chance else None

    @property
    def seeds_seen(self) -> int:
        """Return the number of seeds; with one the interval knows of examples only."""
        return len(self.by_seed)

    @property
    def sign(self) -> int:
        """Return 1 or -1 where the interval excludes 0, else 0."""
        if self.low is None or self.high is None:
            return 0
        return (self.low > 0) - (self.high < 0)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure, or the difference of two, in points, and how far each example moves it."""

    points: float
    influence: NDArray[np.float64]


Runs = dict[Seed, dict[str, Measured]]  # seed -> language


@cache
def value_of(metric: str) -> Callable[[Sequence[float]], dict[str, float]]:
    """Return the function from summed counts to figures of one file of ``isthmus.metrics``."""
    value: Callable[[Sequence[float]], dict[str, float]] = VALUES.load(metric)
    return value


def paired_effects(
    scored: Collection[Scored], against: str, scopes: Mapping[str, Mapping[str, Sequence[str]]]
) -> list[Effect]:
    """Return the effect of every other arm against one; averages come before languages, for each task and metric.

    ``scopes`` are the averages of each task ({task: {name: languages}}); each is taken over those of its languages that both
    arms have in every seed under way, and left out without any. An arm that trains nothing (seed None) is the partner of
    every seed.
    """
    measured: dict[tuple[str, str], dict[str, Runs]] = {}
    for one in scored:
        runs = measured.setdefault((one.task, one.metric), {}).setdefault(one.arm, {}).setdefault(one.seed, {})
        assert one.language not in runs, f"{one.arm}, seed {one.seed}, {one.task}, {one.language}: scored twice"
        runs[one.language] = measured_of(one)
    effects = []
    for (task, metric), arms in measured.items():
        for arm in arms:
            if arm != against and against in arms:
                differences = _differences(arms[arm], arms[against])
                for name, languages in _lines(differences, scopes.get(task, {})):
                    effects.append(_effect((arm, against, task, metric, name), differences, languages))
    return effects


def measured_of(one: Scored) -> Measured:
    """Return the figure of one run and, of each example, its influence: its row of counts times the figure's slope."""
    import numpy as np

    value, sums = value_of(one.counted_by), one.counts.sum(0, dtype=np.float64)

    def figure(column: int, by: float) -> float:
        moved = [float(total) + by * (number == column) for number, total in enumerate(sums)]
        return float(value(moved)[one.metric])

    steps = [NUDGE * max(1.0, float(total)) for total in sums]
    slopes = [(figure(column, step) - figure(column, -step)) / (2 * step) for column, step in enumerate(steps)]
    influence = one.counts.astype(np.float64) @ np.array(slopes)
    rows = len(influence)
    scale = sqrt(rows / (rows - 1)) if rows > 1 else float("nan")
    return Measured(figure(0, 0.0), scale * (influence - influence.mean()))


def _differences(arm: Runs, partner: Runs) -> Runs:
    """Return what both arms have, seed by seed; a run without a seed goes with every seed of the other arm."""
    seeds = dict.fromkeys((*arm, *partner))
    pairs = {seed: (arm.get(seed, arm.get(None)), partner.get(seed, partner.get(None))) for seed in seeds}
    both = {seed: (mine, other) for seed, (mine, other) in pairs.items() if mine and other}
    if len(both) > 1:
        both.pop(None, None)
    return {
        seed: {language: _minus(found, other[language]) for language, found in mine.items() if language in other}
        for seed, (mine, other) in both.items()
    }


def _minus(mine: Measured, other: Measured) -> Measured:
    assert len(mine.influence) == len(other.influence), "two arms were scored on different examples"
    return Measured(mine.points - other.points, mine.influence - other.influence)


def _lines(differences: Runs, scopes: Mapping[str, Sequence[str]]) -> list[tuple[str, tuple[str, ...]]]:
    """Return (name, languages) of every average and every language; a language that is an average is there once."""
    languages = dict.fromkeys(language for scope in (*scopes.values(), *differences.values()) for language in scope)
    wanted = [*scopes.items(), *((language, (language,)) for language in languages)]
    lines = dict.fromkeys((name, shared(differences, tuple(scope))) for name, scope in wanted)
    return [(name, found) for name, found in lines if found]


def _effect(place: tuple[str, str, str, str, str], differences: Runs, languages: tuple[str, ...]) -> Effect:
    """Return the effect of a place (arm, against, task, metric, name) over those of its languages that can be compared."""
    import numpy as np

    runs = {
        seed: [found[language] for language in languages] for seed, found in differences.items() if languages[0] in found
    }
    by_seed = tuple((seed, fmean(one.points for one in found)) for seed, found in runs.items())
    sizes = [len(one.influence) for one in next(iter(runs.values()))]
    influences = np.zeros((len(runs), max(sizes)))
    for influence, found in zip(influences, runs.values(), strict=True):
        for one in found:
            influence[: len(one.influence)] += one.influence / len(languages)
    delta = fmean(points for _, points in by_seed)
    chance = chance_of([points for _, points in by_seed], influences)
    low, high, p = judged(delta, chance, len(by_seed))
    return Effect(*place, delta, low, high, by_seed, sum(sizes), languages, None if p is None else chance, p)


def chance_of(by_seed: Sequence[float], influences: NDArray[np.float64]) -> Chance:
    """Return the variances behind the differences of seeds and the influences of examples (seeds x rows) on each."""
    number, rows = influences.shape
    whole = influences.mean(0)
    over_examples = float(whole @ whole)  # of the mean over seeds: shared + own / number
    if number == 1:
        return Chance(0.0, over_examples, 0.0, rows)
    of_one = float((influences * influences).sum()) / number  # of a single seed: shared + own
    own = min((of_one - over_examples) * number / (number - 1), over_examples * number)
    return Chance(variance(by_seed), over_examples - own / number, own, rows)


def judged(delta: float, chance: Chance, seeds: int) -> tuple[float, float, float] | tuple[None, None, None]:
    """Return the ends of the 95 % interval of a mean over seeds, and the two-sided p of no difference.

    There are none where the rows do not differ in anything but the effect itself, nor with a single row.
    """
    from scipy.special import stdtr, stdtrit

    error = chance.error(seeds)
    if isnan(error) or (error < NOTHING and abs(delta) > NOTHING):
        return None, None, None
    if error < NOTHING:
        return 0.0, 0.0, 1.0
    freedom = chance.freedom(seeds)
    half = float(stdtrit(freedom, (1 + LEVEL) / 2)) * error
    return delta - half, delta + half, 2 * float(stdtr(freedom, -abs(delta) / error))
