"""The counts that stand behind an effect, arm beside partner, for what resamples or exchanges them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from isthmus.analysis.paired import Effect, Scored, value_of
from isthmus.results.averages import Seed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Place = tuple[str, Seed, str, str, str]  # arm, seed, task, metric, language
Pairs = list[list[tuple[Place, Place]]]  # of each seed, of each language: the arm and its partner


def by_place(scored: Collection[Scored]) -> dict[Place, Scored]:
    """Return what was scored, by its place."""
    return {(one.arm, one.seed, one.task, one.metric, one.language): one for one in scored}


def pairs_of(effect: Effect, scored: Mapping[Place, Scored]) -> Pairs:
    """Return the places whose difference an effect is the mean of; an arm that trains nothing has one for all seeds."""

    def place(arm: str, seed: Seed, language: str) -> Place:
        found = (arm, seed, effect.task, effect.metric, language)
        return found if found in scored else (arm, None, effect.task, effect.metric, language)

    return [
        [(place(effect.arm, seed, language), place(effect.against, seed, language)) for language in effect.languages]
        for seed, _ in effect.by_seed
    ]


def figures_of(one: Scored, sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the figure of each row of sums (draws x columns), in points; NaN where a draw leaves it without a meaning."""
    import numpy as np

    value, metric = value_of(one.counted_by), one.metric
    return np.array([value(row).get(metric, np.nan) for row in sums.tolist()])
