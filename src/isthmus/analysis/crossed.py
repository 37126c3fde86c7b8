"""The mean of a figure over runs that two chances cross in: draws (which languages an arm has) and seeds; and its interval.

What is drawn anew, and the seed, each shift a figure as a whole, and each run has chance of its own. Of the mean over R
draws and S seeds the variance is

    shared  +  between / (R S),    between = MS(draws) + MS(seeds) - MS(rest)

with the mean squares of the two-way table, and ``shared`` what examples do alike in every run. It is the two-way estimate of
Cameron, Gelbach and Miller (2011), never less than one way alone; where it is less than what examples alone make of the
table, half of what it lacks is made up for, as in ``chance.py``, which it is with one draw or one seed. Degrees of freedom
are after Satterthwaite (1946), few draws and few seeds weighing as there. ``benchmarks/surface_coverage.py`` measures what
it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING

from isthmus.analysis.chance import LUCK, NOTHING, guard
from isthmus.analysis.paired import LEVEL, chance_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over draws and seeds in points; ``error`` is None where nothing tells how far chance reaches.

    ``n`` counts the examples behind it, ``draws`` and ``seeds`` what its interval knows of (1: that chance is left out).
    """

    value: float
    error: float | None
    freedom: float
    draws: int
    seeds: int
    n: int

    def ends(self, level: float = LEVEL) -> tuple[float, float] | None:
        """Return the ends of the interval of a level, None where there is none."""
        from scipy.special import stdtrit

        if self.error is None:
            return None
        half = float(stdtrit(self.freedom, (1 + level) / 2)) * self.error if self.error > NOTHING else 0.0
        return self.value - half, self.value + half

    @property
    def p(self) -> float | None:
        """Return the two-sided p of 0, None without an interval."""
        from scipy.special import stdtr

        if self.error is None:
            return None
        if self.error < NOTHING:
            return 1.0 if abs(self.value) < NOTHING else 0.0
        return 2 * float(stdtr(self.freedom, -abs(self.value) / self.error))

    @property
    def sign(self) -> int:
        """Return 1 or -1 where the interval excludes 0, else 0."""
        ends = self.ends()
        return 0 if ends is None else (ends[0] > 0) - (ends[1] < 0)


def crossed(points: NDArray[np.float64], influences: NDArray[np.float64]) -> Estimate:
    """Return the mean of a table (draws x seeds); ``influences`` (draws x seeds x examples) are those of each example."""
    draws, seeds = points.shape
    examples = influences.shape[2]
    value = float(points.mean())
    if draws == 1 or seeds == 1:
        chance = chance_of(points.ravel().tolist(), influences.reshape(draws * seeds, examples))
        runs = draws * seeds
        error, freedom = chance.error(runs), chance.freedom(runs)
    else:
        error, freedom = _both(points, influences)
    known = error == error and not (error < NOTHING and abs(value) > NOTHING)
    return Estimate(value, error if known else None, freedom, draws, seeds, examples)


def _both(points: NDArray[np.float64], influences: NDArray[np.float64]) -> tuple[float, float]:
    """Return the standard error of a mean over several draws and seeds, and its degrees of freedom."""
    draws, seeds = points.shape
    runs, examples = draws * seeds, influences.shape[2]
    of_draws, of_seeds, rest = _squares(points[:, :, None])
    own = _between(*_squares(influences)) / runs
    whole = influences.mean((0, 1))
    shared = max(0.0, float(whole @ whole) - own)
    between = _between(of_draws, of_seeds, rest) / runs
    variance = shared + between + LUCK * max(0.0, own - between)
    by_draws, by_seeds = guard(draws) * of_draws / runs, guard(seeds) * of_seeds / runs
    weighed = by_draws + by_seeds + shared + own
    if weighed < NOTHING**2:
        return sqrt(variance), inf
    parts = by_draws**2 / (draws - 1) + by_seeds**2 / (seeds - 1) + (shared + own) ** 2 / (examples - 1)
    return sqrt(variance), weighed**2 / parts


def _between(draws: float, seeds: float, rest: float) -> float:
    return max(draws + seeds - rest, draws, seeds)


def _squares(table: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean squares of draws, of seeds and of the rest, summed over the last axis."""
    draws, seeds, _ = table.shape
    centre = table.mean((0, 1))
    by_draw, by_seed = table.mean(1) - centre, table.mean(0) - centre
    rest = table - centre - by_draw[:, None] - by_seed[None]
    return (
        seeds * float((by_draw**2).sum()) / (draws - 1),
        draws * float((by_seed**2).sum()) / (seeds - 1),
        float((rest**2).sum()) / ((draws - 1) * (seeds - 1)),
    )
