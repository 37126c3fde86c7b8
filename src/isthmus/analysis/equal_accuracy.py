"""The smallest cost at equal accuracy: the cheapest configuration that is as good as a given one, with and without a stage.

The bar is the score of a configuration (the full model of the reference arm, of each size), less what nobody would notice
(``within``, points, for both sides alike). The ratio is the cost of the cheapest configuration with a stage that reaches it
over that of the cheapest without. Its interval is over draws of seeds, examples and rounds (``drawn``): in each the bar,
what reaches it and what that costs are found anew. A side that has nothing as good has no cost: it is dearer than any.

With many arms one of them may reach a bar by luck. So where A of them compete with a stage for every one without, the
interval is as wide as A intervals that hold together (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, inf, isfinite, log
from typing import TYPE_CHECKING

from isthmus.analysis.averages_over_targets import TargetAverages
from isthmus.analysis.drawn import drawn_costs, drawn_scores, shared_seeds
from isthmus.analysis.fronts import Cost, Point
from isthmus.analysis.paired import LEVEL
from isthmus.core.at_model import model_in
from isthmus.core.at_variant import without_variant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WITHIN = 0.5  # points below the bar that count as equal
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Equal:
    """The cheapest configurations that reach the score of ``bar``, less ``within`` points, with a stage and without.

    ``ratio`` is the cost with over that without; None where no configuration with a stage reaches the bar. ``low`` and
    ``high`` are its 95 % interval: an end is None where it is beyond any cost, for lack of a configuration that reaches the
    bar. ``reached`` is the share of draws in which one with a stage does. ``seeds`` are those the interval knows of.
    """

    task: str
    bar: str
    score: float
    within: float
    staged: Point | None
    plain: Point | None
    ratio: float | None
    low: float | None
    high: float | None
    reached: float
    seeds: int

    @property
    def cheaper(self) -> bool:
        """Tell whether the same accuracy is certain to cost less with a stage: the whole interval lies below 1."""
        return self.high is not None and self.high < 1


@dataclass(frozen=True, slots=True)
class Overall:
    """The geometric mean of the ratios of several bars and targets, with its 95 % interval; ends as those of ``Equal``."""

    ratio: float | None
    low: float | None
    high: float | None
    seeds: int
    equal: tuple[Equal, ...]


def equal_accuracy(
    averages: Mapping[str, TargetAverages],
    costs: Mapping[str, Mapping[str, Cost]],
    staged: Collection[str],
    bars: Sequence[str],
    within: float = WITHIN,
    draws: int = DRAWS,
) -> Overall | None:
    """Return the smallest costs at the accuracy of each bar on each target, and the mean of their ratios.

    ``costs`` are those of each target, ``staged`` the arms with stages (ARM@MODEL where a study has several models).
    Bars without a score on a target are left out; None where nothing is left, or a side has no configuration at all.
    """
    import numpy as np

    found: list[Equal] = []
    logs: list[NDArray[np.float64]] = []
    rivals = 1
    for lot, (task, target) in enumerate(averages.items()):
        known = {name: cost for name, cost in costs.get(task, {}).items() if target.runs.get(name)}
        mine = {name for name in known if without_variant(name) in staged}
        if not mine or len(mine) == len(known):
            continue
        rivals = max(rivals, _rivals(mine))
        names = list(dict.fromkeys([*known, *(bar for bar in bars if target.runs.get(bar))]))
        scores = drawn_scores(target, names, draws, lot)
        spent = drawn_costs(known, draws)
        for bar in bars:
            if bar in scores:
                own, ratios = _at(task, target, bar, known, mine, within, scores, spent)
                found.append(own)
                logs.append(ratios)
    if not found:
        return None
    level = 1 - (1 - LEVEL) / rivals
    every = [_bounded(own, ratios, level) for own, ratios in zip(found, logs, strict=True)]
    reached = [own.ratio for own in every if own.ratio is not None]
    whole = exp(sum(map(log, reached)) / len(reached)) if len(reached) == len(every) else None
    with np.errstate(invalid="ignore"):
        middle = np.mean(logs, 0)  # of nothing that reaches one bar with a stage, and another without, there is no middle
    low, high = _ends(np.nan_to_num(middle, nan=0.0, posinf=inf, neginf=-inf), level)
    return Overall(whole, low, high, min(own.seeds for own in every), tuple(every))


def _rivals(mine: Collection[str]) -> int:
    """Return the most arms with stages that one model has."""
    by_model: dict[str, set[str]] = {}
    for name in mine:
        by_model.setdefault(model_in(without_variant(name)), set()).add(without_variant(name))
    return max(map(len, by_model.values()))


def _at(
    task: str,
    target: TargetAverages,
    bar: str,
    costs: Mapping[str, Cost],
    mine: Collection[str],
    within: float,
    scores: Mapping[str, NDArray[np.float64]],
    spent: Mapping[str, NDArray[np.float64]],
) -> tuple[Equal, NDArray[np.float64]]:
    """Return what reaches one bar, and the logarithm of the ratio of costs in each draw (infinite: nothing reaches it)."""
    import numpy as np

    seeds = shared_seeds(target, list(scores))
    seen = {name: _mean(target, name, seeds) for name in scores}
    least = seen[bar] - within
    cheapest = []
    drawn = []
    for side in (set(mine), set(costs) - set(mine)):
        points = [Point(name, costs[name].value, seen[name]) for name in sorted(side) if seen[name] >= least]
        cheapest.append(min(points, key=lambda point: point.cost, default=None))
        reached = [np.where(scores[name] >= scores[bar] - within, spent[name], inf) for name in sorted(side)]
        drawn.append(np.min(reached, 0))
    staged, plain = cheapest
    ratio = staged.cost / plain.cost if staged and plain else None
    both = np.isfinite(drawn[0]) | np.isfinite(drawn[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(both, np.log(drawn[0]) - np.log(drawn[1]), 0.0)
    share = float(np.isfinite(drawn[0]).mean())
    return Equal(task, bar, seen[bar], within, staged, plain, ratio, None, None, share, len(seeds)), ratios


def _mean(target: TargetAverages, name: str, seeds: Sequence[int | None]) -> float:
    runs = target.runs[name]
    known = [runs.get(seed, runs.get(None)) for seed in seeds]
    return sum(one.points for one in known if one is not None) / len(seeds)


def _bounded(own: Equal, logs: NDArray[np.float64], level: float) -> Equal:
    low, high = _ends(logs, level)
    return replace(own, low=low, high=high)


def _ends(logs: NDArray[np.float64], level: float) -> tuple[float | None, float | None]:
    """Return the ends of the interval, None for one that is beyond any cost."""
    import numpy as np

    # A draw in which nothing reaches the bar has no middle with another, so the ends are draws themselves.
    ends = np.quantile(logs, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    low, high = (exp(end) if isfinite(end) else None for end in ends)
    return low, high
