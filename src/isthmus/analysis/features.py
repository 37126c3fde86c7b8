"""In which languages an arm gains: its gains against what is known of each language, distance or resources or script.

The gains of single languages are regressed on features, each weighted by the inverse of its variance, the part that
languages differ by beyond chance (DerSimonian and Laird 1986) among it. The variance of a slope is the sum, less what is in
both, of two: that of languages about the line (Knapp and Hartung 2003), as if other languages could have been taken; and
that of the same weighted sum of gains over seeds and examples (``chance.py``), since a run that is lucky far away is so in
all far languages at once. In both is what chance does in each language by itself, which is read off the residuals.

Ranks say whether far languages gain less without a line: Spearman's correlation, with the interval of Bonett and Wright
(2000) and a p from all permutations of the feature over the languages, or a sample of them. Languages are few: below ``FEW``
there is nothing, and what is left of the feature once others are in the line needs ``PARTIAL`` languages for each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import atanh, factorial, sqrt, tanh
from typing import TYPE_CHECKING

from isthmus.analysis.chance import NOTHING
from isthmus.analysis.paired import LEVEL, Scored, chance_of, measured_of
from isthmus.core.seeds import stream
from isthmus.results.averages import Seed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW = 5
PARTIAL = 10
RESAMPLED = 5040  # all permutations of seven languages
TIE = 1e-12


@dataclass(frozen=True, slots=True)
class FeatureEffect:
    """How the gain of an arm changes with a feature of languages, in points for a unit of it, with its 95 % interval.

    ``level`` is the gain where the feature is 0, ``between`` the standard deviation of true gains about the line, ``beside``
    the other features held alike. ``rank`` is Spearman's correlation of gain and feature, its ends None where it is 1 or -1;
    ``rank_p`` is two-sided.
    """

    arm: str
    against: str
    task: str
    languages: tuple[str, ...]
    slope: float
    low: float
    high: float
    p: float
    level: float
    between: float
    rank: float
    rank_low: float | None
    rank_high: float | None
    rank_p: float
    seeds: int
    beside: tuple[str, ...] = ()

    @property
    def sign(self) -> int:
        """Return 1 or -1 where the interval of the slope excludes 0, else 0."""
        return (self.low > 0) - (self.high < 0)


@dataclass(frozen=True, slots=True)
class Gained:
    """The gains of one arm on one target: ``points`` (languages x seeds), ``influences`` (and x examples) on them."""

    arm: str
    against: str
    task: str
    languages: tuple[str, ...]
    points: NDArray[np.float64]
    influences: NDArray[np.float64]

    def only(self, languages: Collection[str]) -> Gained:
        """Return the gains in those of its languages that are among some."""
        kept = [i for i, name in enumerate(self.languages) if name in languages]
        names = tuple(self.languages[i] for i in kept)
        return replace(self, languages=names, points=self.points[kept], influences=self.influences[kept])

    def variances(self) -> NDArray[np.float64]:
        """Return the variance of each language's mean over seeds, of seeds and examples."""
        import numpy as np

        seeds = self.points.shape[1]
        pairs = zip(self.points, self.influences, strict=True)
        return np.array([chance_of(own.tolist(), moved).error(seeds) ** 2 for own, moved in pairs])


def feature_effect(
    gained: Gained,
    feature: Mapping[str, float],
    beside: Mapping[str, Mapping[str, float]] | None = None,
    *,
    resampled: int = RESAMPLED,
) -> FeatureEffect | None:
    """Return the effect of a feature on the gains of an arm, over those of its languages that have the feature.

    ``beside`` are features ({name: {language: value}}) held alike. None where there are fewer than ``FEW`` languages
    (``PARTIAL`` a feature, with others beside), where the feature does not vary, or is said by those beside it, and where
    nothing tells how far chance reaches.
    """
    import numpy as np

    others = dict(beside or {})
    own = gained.only([name for name in feature if all(name in other for other in others.values())])
    number = len(own.languages)
    if number < (PARTIAL * (1 + len(others)) if others else FEW):
        return None
    columns = [[one[name] for name in own.languages] for one in (feature, *others.values())]
    design = np.column_stack([np.ones(number), *map(np.array, columns)])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    fitted, gains = _regressed(design, own), own.points.mean(1).tolist()
    if fitted is None:
        return None
    rank = spearman(columns[0], gains)
    ends = _rank_ends(rank, number)
    return FeatureEffect(
        arm=own.arm,
        against=own.against,
        task=own.task,
        languages=own.languages,
        **fitted,
        rank=rank,
        rank_low=ends[0] if ends else None,
        rank_high=ends[1] if ends else None,
        rank_p=rank_p(columns[0], gains, resampled),
        seeds=own.points.shape[1],
        beside=tuple(others),
    )


def gains_of(scored: Collection[Scored], arm: str, against: str) -> Gained | None:
    """Return the gains of an arm in the languages that both arms have in every seed under way; None without any.

    ``scored`` are of one figure of one target.
    """
    import numpy as np

    runs: dict[str, dict[Seed, dict[str, Scored]]] = {arm: {}, against: {}}
    for one in scored:
        if one.arm in runs:
            runs[one.arm].setdefault(one.seed, {})[one.language] = one
    mine, theirs = runs[arm], runs[against]
    named: list[Seed] = [seed for seed in dict.fromkeys((*mine, *theirs)) if seed is not None]
    pairs = [(mine.get(seed, mine.get(None)), theirs.get(seed, theirs.get(None))) for seed in named or [None]]
    both = [(one, other) for one, other in pairs if one and other]
    names = sorted({name for one, _ in both for name in one})
    shared = [name for name in names if all(name in one and name in other for one, other in both)]
    if not shared:
        return None
    found = [[(measured_of(one[name]), measured_of(other[name])) for one, other in both] for name in shared]
    width = max(len(one.influence) for own in found for one, _ in own)
    points = np.array([[one.points - other.points for one, other in own] for own in found])
    influences = np.zeros((*points.shape, width))
    for i, own in enumerate(found):
        for j, (arms, base) in enumerate(own):
            influences[i, j, : len(arms.influence)] = arms.influence - base.influence
    task = both[0][0][shared[0]].task
    return Gained(arm, against, task, tuple(shared), points, influences)


def _regressed(design: NDArray[np.float64], gained: Gained) -> dict[str, float] | None:
    """Return the slope of the first feature with its interval and p, the level, and what is between languages.

    None where neither languages nor runs differ by anything but the line, so that nothing tells how far chance reaches.
    """
    import numpy as np
    from scipy.special import stdtr, stdtrit

    # A language in which nothing changed is not known for certain: one example might have.
    least = (100 / gained.influences.shape[2]) ** 2
    gains, variances = gained.points.mean(1), np.maximum(gained.variances(), least)
    seeds, spare = gained.points.shape[1], len(gains) - design.shape[1]
    between = _between(design, gains, variances)
    weights = 1 / (variances + between)
    solved = np.linalg.solve(design.T @ (weights[:, None] * design), design.T * weights)
    hat = design @ solved
    sums, left = solved[1], gains - hat @ gains
    about = float(weights @ left**2) / spare * float(np.linalg.inv(design.T @ (weights[:, None] * design))[1, 1])
    chance = chance_of((sums @ gained.points).tolist(), np.tensordot(sums, gained.influences, 1))
    conditional = chance.error(seeds) ** 2
    remaining = replace(
        gained,
        points=gained.points - hat @ gained.points,
        influences=gained.influences - np.tensordot(hat, gained.influences, 1),
    )
    both = float(sums**2 @ (remaining.variances() / np.maximum(1 - np.diag(hat), 0.05)))
    variance = max(about + conditional - both, about, conditional)
    of_runs = max(variance - about, 0.0)
    spread = about**2 / spare + of_runs**2 / chance.freedom(seeds)
    freedom = (about + of_runs) ** 2 / spread if spread > NOTHING**4 else float(spare)
    slope, error = float(sums @ gains), sqrt(variance)
    if error < NOTHING:
        return None
    half = float(stdtrit(freedom, (1 + LEVEL) / 2)) * error
    return {
        "slope": slope,
        "low": slope - half,
        "high": slope + half,
        "p": 2 * float(stdtr(freedom, -abs(slope) / error)),
        "level": float(solved[0] @ gains),
        "between": sqrt(between),
    }


def _between(design: NDArray[np.float64], gains: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    """Return the variance between languages about the line, by the method of moments of DerSimonian and Laird."""
    import numpy as np

    weights = 1 / variances
    inner = np.linalg.inv(design.T @ (weights[:, None] * design))
    left = gains - design @ (inner @ (design.T @ (weights * gains)))
    spare = len(gains) - design.shape[1]
    scale = weights.sum() - float(np.trace(inner @ (design.T @ (weights[:, None] ** 2 * design))))
    return float(max(0.0, (float(weights @ left**2) - spare) / scale))


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the correlation of the ranks of two rows of numbers, ties sharing theirs; 0 where one of them does not vary."""
    import numpy as np
    from scipy.stats import rankdata

    first, second = (rankdata(row) - (len(row) + 1) / 2 for row in (one, other))
    size = sqrt(float(first @ first) * float(second @ second))
    return float(np.clip(first @ second / size, -1, 1)) if size else 0.0


def _rank_ends(rank: float, number: int) -> tuple[float, float] | None:
    """Return the ends of the 95 % interval of Spearman's correlation after Bonett and Wright, None at the ends of its
    range."""
    from scipy.special import ndtri

    if number <= 3 or abs(rank) > 1 - TIE:
        return None
    half = float(ndtri((1 + LEVEL) / 2)) * sqrt((1 + rank**2 / 2) / (number - 3))
    return tanh(atanh(rank) - half), tanh(atanh(rank) + half)


def rank_p(feature: Sequence[float], gains: Sequence[float], resampled: int = RESAMPLED) -> float:
    """Return the share of permutations of a feature over languages whose correlation of ranks is as far from 0, or farther.

    All of them where there are no more than ``resampled``; else so many are drawn, always the same ones, and this one
    counts.
    """
    import numpy as np
    from scipy.stats import rankdata

    first, second = (rankdata(row) - (len(row) + 1) / 2 for row in (feature, gains))
    seen = abs(float(first @ second)) - TIE * len(first) ** 3
    if factorial(len(first)) <= resampled:
        every = np.array(list(permutations(first)))
        return float((np.abs(every @ second) >= seen).mean())
    lot = stream(len(first), "rank_p")
    drawn = np.array([lot.sample(first.tolist(), len(first)) for _ in range(resampled)])
    return (1 + int((np.abs(drawn @ second) >= seen).sum())) / (resampled + 1)
