"""How many seeds it takes to see an effect: the power of the t-test behind every interval, before it is run.

A study sees an effect where its 95 % interval excludes 0 on the right side. With S seeds the standard error and the degrees
of freedom are those of ``chance.py``; where the effect is real, t is noncentral by effect / error. Where seeds are all the
chance there is, this is the textbook's paired t-test (Cohen 1988, section 2.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isinf, isnan, sqrt
from statistics import fmean

from isthmus.analysis.chance import Chance
from isthmus.analysis.paired import LEVEL, Effect

POWER = 0.8
MOST = 1000  # seeds looked at
FAR = 37  # standard errors, from which an effect is as good as seen, and the noncentral t beyond what can be computed
ASSUMED = Chance(seeds=1.5**2, shared=0.5**2, own=0.5**2, rows=1000)  # where nothing is measured yet, in points²


def pooled(effects: Sequence[Effect]) -> Chance | None:
    """Return the mean of the variances behind effects of two or more seeds, which the next will have; None without any."""
    known = [effect.chance for effect in effects if effect.chance and effect.seeds_seen > 1]
    if not known:
        return None
    seeds, shared, own = (fmean(values) for values in zip(*((c.seeds, c.shared, c.own) for c in known), strict=True))
    return Chance(seeds, shared, own, min(chance.rows for chance in known))


def power(points: float, chance: Chance, seeds: int) -> float:
    """Return the probability (0-1) that so many seeds see an effect of so many points, which are above 0."""
    from scipy.special import nctdtr, ndtr, ndtri, stdtrit

    # What examples do anew in each seed spreads the seeds as well, so no sample of seeds is expected to spread by less.
    chance = replace(chance, seeds=max(chance.seeds, chance.own))
    error, freedom = chance.error(seeds), chance.freedom(seeds)
    if not error or points / error > FAR:
        return 1.0
    if isinf(freedom):
        return float(ndtr(points / error - ndtri((1 + LEVEL) / 2)))
    least = float(stdtrit(freedom, (1 + LEVEL) / 2))
    missed = float(nctdtr(freedom, points / error, least))
    if isnan(missed):  # nearly as far: it is then the normal distribution (Abramowitz and Stegun 1964, 26.7.10)
        missed = float(ndtr((least * (1 - 1 / (4 * freedom)) - points / error) / sqrt(1 + least**2 / (2 * freedom))))
    return 1 - missed


def seeds_needed(points: float, chance: Chance, least: int = 2) -> int | None:
    """Return the fewest seeds that see an effect of so many points with 80 % power, None where a thousand are not enough.

    Then it is the examples that are too few, and no seed makes up for that.
    """
    if power(points, chance, MOST) < POWER:
        return None
    low, high = least - 1, MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(points, chance, middle) >= POWER else (middle, high)
    return high


def smallest_seen(chance: Chance, seeds: int) -> float:
    """Return the smallest effect in points that so many seeds see with 80 % power, to a hundredth."""
    low, high = 0.0, 100.0
    while high - low > 0.01:
        middle = (low + high) / 2
        low, high = (low, middle) if power(middle, chance, seeds) >= POWER else (middle, high)
    return high
