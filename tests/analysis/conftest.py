"""What an arm got right, as counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from isthmus.analysis.averages_over_targets import TargetAverages, averages_by_target
from isthmus.analysis.paired import Effect, Scored, paired_effects


@pytest.fixture
def right() -> Callable[..., list[Scored]]:
    """A function that gives the counts of accuracy of an arm: {seed: of each example whether it was right}."""

    def counted(arm: str, by_seed: Mapping[int | None, Sequence[int]], language: str = "de") -> list[Scored]:
        tables = {seed: np.asarray(row, np.float32) for seed, row in by_seed.items()}
        return [
            Scored(arm, seed, "xnli", language, "accuracy", "accuracy", np.stack([row, np.ones_like(row)], 1))
            for seed, row in tables.items()
        ]

    return counted


@pytest.fixture
def effect_of() -> Callable[..., Effect]:
    """A function that gives the effect against ``none`` on one language or average."""

    def found(records: Sequence[Scored], name: str = "de", scopes: Mapping[str, Sequence[str]] | None = None) -> Effect:
        effects = paired_effects(records, "none", {records[0].task: scopes or {}})
        return next(effect for effect in effects if effect.language == name)

    return found


@pytest.fixture
def scores(right: Callable[..., list[Scored]]) -> Callable[..., dict[str, TargetAverages]]:
    """A function from {configuration: share right} to the averages of a target; each run and example is drawn by itself."""

    def build(
        shares: Mapping[str, float], seeds: Sequence[int] = (1, 2, 3), rows: int = 400, lot: int = 0
    ) -> dict[str, TargetAverages]:
        scored = []
        for name, share in shares.items():
            source = np.random.default_rng([lot, *name.encode()])
            scored += right(name, {seed: source.random(rows) < share for seed in seeds})
        return averages_by_target(scored, {"xnli": ["de"]})

    return build
