"""Whether one model answers as fast as another: the ratio of their seconds, round by round, with an interval and tests.

In one round every model answers the same queries, so the logarithm of the ratio of two rounds is free of what the queries
and the hour do to both. A ratio is the geometric mean over rounds. That it is 1 is tested by Student's t; that it lies
within a margin by two one-sided tests (Schuirmann 1987), which say the same as the 90 % interval of the ratio does.

Rounds that follow each other may be alike (another program, a clock that is turned down), and then the spread of single
rounds makes a mean look surer than it is. So the variance is not that of rounds, but of their equal-weighted cosine sums,
slow ones alone: with W of them the t has W degrees of freedom (Mueller 2007; Lazarus, Lewis, Stock and Watson 2018). What
drifts slowly widens the interval. ``benchmarks/same_latency.py`` measures what it holds: of twenty rounds, false alarms are
near 5 % where a round resembles the last by 0.2, 9 % by 0.4 and 13 % by 0.6; single rounds raised them to 18 % by 0.4.

No interval over rounds knows of what is fixed for as long as a model is in memory (where it lies there), so a measurement
loads all models anew in the course of its rounds. What is fixed for as long as a process lives stays unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import exp, inf, log, sqrt
from statistics import fmean
from typing import TYPE_CHECKING, Literal

from isthmus.analysis.holm import holm
from isthmus.analysis.paired import LEVEL
from isthmus.core.at_model import at_model, model_in, without_model
from isthmus.core.at_variant import at_variant
from isthmus.results.measured import Measurements, Timed
from isthmus.results.table import ALL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Quantity = Literal["latency", "throughput"]
Outcome = Literal["equivalent", "different", "undecided"]
Rounds = Sequence[Sequence[float]]  # seconds of each round, of one or more series that were measured in the same rounds

QUANTITIES: tuple[Quantity, ...] = ("latency", "throughput")
MARGIN = 0.05  # a share: within it two models are as fast as each other
ONE_SIDED = 0.05
FEWEST = 5  # rounds below which nothing is said
WAVES = 6  # cosine sums of few rounds
GROWTH = 0.4  # and of many: this times rounds^(2/3), as Lazarus et al. have it
ROUNDING = 1e-12  # of a logarithm; below it two models take the same seconds in every round


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as much one has as another: ``log`` of it, its standard error and degrees of freedom.

    ``error`` is None where nothing tells how far chance reaches. ``rounds`` are those behind it, ``margin`` a share (0.05:
    between 1 / 1.05 and 1.05), ``doubts`` what was said of the machine. ``p_holm`` is p after Holm, None outside a family.
    """

    log: float
    error: float | None
    freedom: float
    rounds: int
    margin: float = MARGIN
    doubts: tuple[str, ...] = ()
    p_holm: float | None = None

    @property
    def ratio(self) -> float:
        """Return the ratio itself."""
        return exp(self.log)

    def ends(self, level: float = LEVEL) -> tuple[float, float] | None:
        """Return the ends of the interval of a level, as ratios; None where there is none."""
        from scipy.special import stdtrit

        if self.error is None:
            return None
        half = float(stdtrit(self.freedom, (1 + level) / 2)) * self.error
        return exp(self.log - half), exp(self.log + half)

    @property
    def p(self) -> float | None:
        """Return the two-sided p of no difference."""
        from scipy.special import stdtr

        if self.error is None:
            return None
        return 2 * float(stdtr(self.freedom, -abs(self.log) / self.error)) if self.error else 1.0

    @property
    def p_equal(self) -> float | None:
        """Return the larger p of the two one-sided tests against the margin."""
        from scipy.special import stdtr

        if self.error is None:
            return None
        beyond = abs(self.log) - log(1 + self.margin)
        return float(stdtr(self.freedom, beyond / self.error)) if self.error else float(beyond >= 0)

    @property
    def found(self) -> bool:
        """Tell whether the 95 % interval excludes 1."""
        return self.p is not None and self.p < 1 - LEVEL

    @property
    def equivalent(self) -> bool:
        """Tell whether the ratio is shown to lie within the margin: its 90 % interval does."""
        return self.p_equal is not None and self.p_equal < ONE_SIDED

    @property
    def outcome(self) -> Outcome:
        """Return what can be said: a difference that is certain and smaller than the margin is equivalence all the same."""
        return "equivalent" if self.equivalent else "different" if self.found else "undecided"

    @property
    def lacking(self) -> str:
        """Return what a decision lacks in a few words, nothing where there is one."""
        if self.outcome != "undecided":
            return ""
        few = self.rounds < FEWEST or self.error is not None
        return "noise" if self.doubts else "too few rounds" if few else "rounds without spread"

    @property
    def why(self) -> str:
        """Say in words what the outcome rests on, and why nothing is decided where nothing is."""
        narrow, wide = self.ends(1 - 2 * ONE_SIDED), self.ends()
        if narrow is None or wide is None:
            few = f"{self.rounds} rounds are too few, {FEWEST} are the fewest"
            return few if self.rounds < FEWEST else "the rounds do not differ in anything but the ratio itself"
        within = f"1 ± {100 * self.margin:g} %"
        if self.equivalent:
            return f"the 90 % interval {narrow[0]:.3f} to {narrow[1]:.3f} lies within {within}"
        if self.found:
            return f"the 95 % interval {wide[0]:.3f} to {wide[1]:.3f} excludes 1, and the 90 % one reaches beyond {within}"
        wide_open = f"the 90 % interval {narrow[0]:.3f} to {narrow[1]:.3f} reaches beyond {within}"
        blame = f"the machine was noisy ({'; '.join(self.doubts)})" if self.doubts else f"{self.rounds} rounds are too few"
        return f"{wide_open}: {blame}"


@dataclass(frozen=True, slots=True)
class Timing:
    """The ratio of one configuration to another on one target, in a language or, as ``all``, the geometric mean over them.

    ``arm`` and ``against`` are configurations (``at_variant``). Of latency it is the ratio of seconds, above 1 slower; of
    throughput that of examples a second, above 1 faster.
    """

    arm: str
    against: str
    variant: str
    task: str
    quantity: Quantity
    language: str
    languages: tuple[str, ...]
    ratio: Ratio


def ratio_of(mine: Rounds, other: Rounds, margin: float = MARGIN, doubts: Sequence[str] = ()) -> Ratio:
    """Return the ratio of the seconds of two, paired by round; series (languages, seeds) that share rounds are averaged.

    Series of more rounds than another are cut to its number. Raises ValueError where there is nothing to pair, where pairs
    have unlike numbers of rounds, and for seconds that are not above 0.
    """
    if not mine or len(mine) != len(other) or any(len(own) != len(its) for own, its in zip(mine, other, strict=True)):
        raise ValueError("expected the same series with as many rounds of both")
    if any(not 0 < seconds < inf for series in (*mine, *other) for seconds in series):
        raise ValueError("expected seconds above 0 in every round")
    rounds = min(map(len, mine))
    if not rounds:
        raise ValueError("found no round at all")
    logs = [
        fmean(log(own[i]) - log(its[i]) for own, its in zip(mine, other, strict=True)) for i in range(rounds)
    ]  # fmt: skip
    return Ratio(fmean(logs), *_chance(logs), rounds, margin, tuple(doubts))


def apart(mine: Rounds, other: Rounds, margin: float = MARGIN, doubts: Sequence[str] = ()) -> Ratio:
    """Return the ratio of two that were not measured side by side, as means of the logarithms of each.

    The interval knows of the rounds and not of what changed between the two runs. Raises ValueError as ``ratio_of`` does.
    """
    sides = [ratio_of(side, [[1.0] * len(series) for series in side], margin) for side in (mine, other)]
    found = weighted([(1.0, sides[0]), (-1.0, sides[1])])
    return replace(found, doubts=tuple(doubts))


def weighted(parts: Sequence[tuple[float, Ratio]]) -> Ratio:
    """Return a weighted sum of the logarithms of ratios that are measured independently of each other.

    Degrees of freedom are after Satterthwaite (1946). Raises ValueError where there is none.
    """
    if not parts:
        raise ValueError("found no ratio to average")
    variances = [(weight * one.error) ** 2 if one.error is not None else None for weight, one in parts]
    known = [variance for variance in variances if variance is not None]
    total, freedom = sum(known), inf
    if total:
        freedom = total**2 / sum(own**2 / one.freedom for own, (_, one) in zip(variances, parts, strict=True) if own)
    error = sqrt(total) if len(known) == len(parts) else None
    doubts = tuple(dict.fromkeys(doubt for _, one in parts for doubt in one.doubts))
    where = sum(weight * one.log for weight, one in parts)
    return Ratio(where, error, freedom, min(one.rounds for _, one in parts), parts[0][1].margin, doubts)


def mean_of(ratios: Sequence[Ratio]) -> Ratio:
    """Return the geometric mean of ratios that are measured independently of each other."""
    return weighted([(1 / len(ratios), one) for one in ratios])


def _chance(logs: Sequence[float]) -> tuple[float | None, float]:
    """Return the standard error of the mean of rounds in their order, and its degrees of freedom."""
    import numpy as np

    rounds = len(logs)
    if rounds < FEWEST:
        return None, 0.0
    values = np.asarray(logs, np.float64)
    if np.ptp(values) < ROUNDING:
        return (0.0, inf) if abs(values[0]) < ROUNDING else (None, 0.0)
    sums = waves_of(values)
    return float(np.sqrt(sums @ sums / len(sums) / rounds)), float(len(sums))


def waves_of(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the slow cosine sums of a series; each has the variance of one round, as it counts for a mean over all."""
    import numpy as np

    rounds = len(values)
    waves = max(2, min(rounds // 3, max(WAVES, round(GROWTH * rounds ** (2 / 3)))))
    places = (np.arange(rounds) + 0.5) / rounds
    found: NDArray[np.float64] = np.sqrt(2 / rounds) * np.cos(np.pi * np.outer(np.arange(1, waves + 1), places)) @ values
    return found


def configuration(timed: Timed) -> str:
    """Return the name of what was timed: its arm, with the model where a study has several, and its variant."""
    return at_variant(timed.arm if model_in(timed.arm) else at_model(timed.arm, timed.model), timed.variant)


def rounds_of(timed: Iterable[Timed], languages: Sequence[str], quantity: Quantity) -> list[tuple[float, ...]]:
    """Return the rounds in seconds of checkpoints in some languages, one series each."""
    spoken = [one.languages[language] for one in timed for language in languages]
    return [one.latency.rounds if quantity == "latency" else one.throughput.rounds for one in spoken]


def against_reference(
    measured: Collection[Measurements], reference: str, quantity: Quantity, margin: float = MARGIN
) -> list[Timing]:
    """Return each arm against the reference arm of the same model and variant, over all languages, then in each.

    Where several seeds were timed, each is paired with its own. The p of what is over all languages is corrected for its
    family: all arms, models, variants and targets of the quantity.
    """
    found = []
    for one in measured:
        for variant, arm in dict.fromkeys((timed.variant, timed.arm) for timed in one.timed):
            if without_model(arm) != reference:
                found += _timings(one, _of(one, arm, variant), _reference(one, reference, variant), quantity, margin)
    return _corrected(found)


def against_full(measured: Collection[Measurements], quantity: Quantity, margin: float = MARGIN) -> list[Timing]:
    """Return each variant against the full model of its arm, over all languages, then in each; p corrected as above."""
    found = []
    for one in measured:
        for arm, variant in dict.fromkeys((timed.arm, timed.variant) for timed in one.timed):
            if variant:
                found += _timings(one, _of(one, arm, variant), _of(one, arm, ""), quantity, margin)
    return _corrected(found)


def _of(measured: Measurements, arm: str, variant: str) -> dict[int, Timed]:
    return {one.seed: one for one in measured.timed if (one.arm, one.variant) == (arm, variant)}


def _reference(measured: Measurements, reference: str, variant: str) -> dict[int, Timed]:
    named = {one.arm for one in measured.timed if without_model(one.arm) == reference}
    return _of(measured, next(iter(named)), variant) if named else {}


def _timings(
    measured: Measurements, mine: dict[int, Timed], other: dict[int, Timed], quantity: Quantity, margin: float
) -> list[Timing]:
    """Return the ratios of two configurations in the seeds that both have, none where they share none."""
    seeds = [seed for seed in mine if seed in other]
    if not seeds:
        return []
    first, second = mine[seeds[0]], other[seeds[0]]
    languages = tuple(first.languages)
    lines = [(ALL, languages), *((language, (language,)) for language in languages)]
    found = []
    for name, spoken in lines:
        own, its = (rounds_of([side[seed] for seed in seeds], spoken, quantity) for side in (mine, other))
        if quantity == "throughput":
            own, its = its, own  # examples a second: the fewer seconds, the more
        ratio = ratio_of(own, its, margin, measured.noise.why if measured.noise.noisy else ())
        names = configuration(first), configuration(second)
        found.append(Timing(*names, first.variant, measured.task, quantity, name, spoken, ratio))
    return found


def ratio_between(
    measured: Collection[Measurements],
    pairs: Sequence[tuple[str, str]],
    quantity: Quantity,
    margin: float = MARGIN,
    languages: Collection[str] = (),
) -> Ratio | None:
    """Return the geometric mean of ratios over pairs of configurations, over languages (all, if none are named) and targets.

    Pairs that were measured side by side are averaged round by round, for they share rounds; two of different models were
    measured apart. Every target weighs alike. Pairs that were not measured are left out, None where all are.
    """
    by_task: dict[str, list[tuple[int, Ratio]]] = {}
    for one, other in product(measured, measured):
        if one.task == other.task:
            own = [found for mine, its in pairs if (found := _series(one, mine, other, its, quantity, languages))]
            if own:
                mine, its = ([series for sides in own for series in sides[i]] for i in (0, 1))
                doubts = dict.fromkeys(why for side in (one, other) if side.noise.noisy for why in side.noise.why)
                ratio = (ratio_of if one is other else apart)(mine, its, margin, tuple(doubts))
                by_task.setdefault(one.task, []).append((len(own), ratio))
    parts = [
        (number / sum(many for many, _ in own) / len(by_task), ratio) for own in by_task.values() for number, ratio in own
    ]
    return weighted(parts) if parts else None


def _series(
    one: Measurements, mine: str, other: Measurements, its: str, quantity: Quantity, languages: Collection[str]
) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]] | None:
    """Return the rounds of a configuration of one file and of another of another, in seeds and languages that both have."""
    sides = [
        {timed.seed: timed for timed in file.timed if configuration(timed) == name}
        for file, name in ((one, mine), (other, its))
    ]
    seeds = [seed for seed in sides[0] if seed in sides[1]]
    if not seeds:
        return None
    first, second = (side[seeds[0]].languages for side in sides)
    spoken = [name for name in first if name in second and (not languages or name in languages)]
    if not spoken:
        return None
    own, others = (rounds_of([side[seed] for seed in seeds], spoken, quantity) for side in sides)
    return (own, others) if quantity == "latency" else (others, own)


def _corrected(found: Sequence[Timing]) -> list[Timing]:
    """Return timings, those over all languages with their p after Holm among themselves."""
    family = [(i, one.ratio.p) for i, one in enumerate(found) if one.language == ALL and one.ratio.p is not None]
    corrected = list(found)
    for (place, _), p in zip(family, holm([p for _, p in family]), strict=True):
        corrected[place] = replace(found[place], ratio=replace(found[place].ratio, p_holm=p))
    return corrected
