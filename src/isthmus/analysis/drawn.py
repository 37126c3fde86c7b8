"""Scores and costs drawn over again: what seeds, examples and rounds might have made of them, all configurations at once.

A draw moves every score by what its seeds and its examples are worth, each times a normal number that all configurations
share (the multiplier bootstrap of a linear statistic; Mammen 1993), so that what two have in common stays in common. Of few
seeds the spread is uncertain itself: the draw of seeds is divided by the root of a chi-square of S - 1 degrees of freedom
over these, which makes it Student's t. Of a single seed there is no spread to draw. What examples do anew in each seed
spreads the seeds too and is drawn twice: intervals are wide there rather than narrow. Seconds are drawn as ``latency`` has
them: by the cosine sums of their rounds, those of one run together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from isthmus.analysis.averages_over_targets import TargetAverages
from isthmus.analysis.fronts import Cost
from isthmus.analysis.latency import FEWEST, waves_of
from isthmus.results.averages import Seed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK = 250  # draws held at a time


def shared_seeds(target: TargetAverages, names: Collection[str]) -> tuple[Seed, ...]:
    """Return the seeds that all configurations have; what trains nothing (seed None) has every seed."""
    runs = [target.runs[name] for name in names if None not in target.runs[name]]
    if not runs:
        return (None,) if names else ()
    return tuple(seed for seed in runs[0] if all(seed in own for own in runs))


def drawn_scores(target: TargetAverages, names: Sequence[str], draws: int, lot: int = 0) -> dict[str, NDArray[np.float64]]:
    """Return the scores of configurations in each draw, about their means over the seeds that all have.

    Nothing without such a seed. ``lot`` tells targets apart: their examples are drawn independently, their seeds together.
    """
    import numpy as np

    seeds = shared_seeds(target, names)
    if not seeds:
        return {}
    runs = [[target.runs[name].get(seed, target.runs[name].get(None)) for seed in seeds] for name in names]
    points = np.array([[one.points for one in own if one is not None] for own in runs])
    mean = points.mean(1)
    influence = np.array([np.mean([one.influence for one in own if one is not None], 0) for own in runs])
    moves = influence.T.astype(np.float32)  # halves the time, and is far finer than a draw
    moved = np.concatenate([block @ moves for block in _normal(draws, influence.shape[1], lot)]).astype(np.float64)
    number = len(seeds)
    if number > 1:
        source = np.random.default_rng([number, draws])
        scale = np.sqrt((number - 1) / source.chisquare(number - 1, (draws, 1)))
        spread = (points - mean[:, None]) / np.sqrt(number * (number - 1))
        moved = moved + scale * (source.standard_normal((draws, number)) @ spread.T)
    return {name: mean[i] + moved[:, i] for i, name in enumerate(names)}


def drawn_costs(costs: Mapping[str, Cost], draws: int) -> dict[str, NDArray[np.float64]]:
    """Return the costs of configurations in each draw; what was counted and not timed does not vary."""
    import numpy as np

    found, runs = {}, sorted({cost.run for cost in costs.values()})
    for name, cost in costs.items():
        found[name] = np.full(draws, cost.value)
        if len(cost.rounds) < FEWEST:
            continue
        sums = waves_of(np.log(np.asarray(cost.rounds, np.float64)))
        source = np.random.default_rng([runs.index(cost.run), len(sums), draws])  # the same of every cost of a run
        scale = np.sqrt(len(sums) / source.chisquare(len(sums), draws))
        moved = source.standard_normal((draws, len(sums))) @ sums / np.sqrt(len(sums) * len(cost.rounds))
        found[name] = cost.value * np.exp(scale * moved)
    return found


def _normal(draws: int, rows: int, lot: int) -> Iterator[NDArray[np.float32]]:
    import numpy as np

    source = np.random.default_rng([rows, draws, lot])
    for start in range(0, draws, BLOCK):
        yield source.standard_normal((min(BLOCK, draws - start), rows), np.float32)
