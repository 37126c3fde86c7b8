"""Averages over languages and seeds, paired deltas and the comparison with baselines, for one metric of one task."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from isthmus.core.at_model import at_model, model_in

BASELINE = "baseline:"
TIE = 1e-9  # points of 100; the mean of equal scores over another number of seeds may differ in its last bit

Seed = int | None  # None where no seed plays a part
Scores = Mapping[tuple[str, Seed], Mapping[str, float]]  # (arm, seed) -> language -> score


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure for every seed, their mean, and their sample standard deviation (None for a single one)."""

    by_seed: tuple[tuple[Seed, float], ...]
    mean: float
    sd: float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """What one arm or baseline reached on some languages.

    ``delta`` is paired, seed by seed, with the arm compared against; None for baselines and where no seed has its partner.
    ``not_beaten`` names the baselines whose mean the arm's mean is not above, those of other models left out; empty for
    baselines.
    """

    score: Spread
    delta: Spread | None
    not_beaten: tuple[str, ...]


def spread(by_seed: Mapping[Seed, float]) -> Spread | None:
    """Return what seeds have in common, None without any."""
    values = tuple(by_seed.values())
    if not values:
        return None
    return Spread(tuple(by_seed.items()), fmean(values), stdev(values) if len(values) > 1 else None)


def shared(scores: Mapping[Any, Mapping[str, object]], languages: Collection[str]) -> tuple[str, ...]:
    """Return the languages scored for every arm and seed that has a score in any of them: what can be compared."""
    begun = [found for found in scores.values() if not found.keys().isdisjoint(languages)]
    return tuple(language for language in languages if begun and all(language in found for found in begun))


def figures(scores: Scores, languages: Collection[str], against: str | None) -> dict[str, Figure]:
    """Return the figure of every arm and baseline, averaged over ``languages`` for each seed, all languages weighing alike.

    An arm and seed that lack one of the languages count for nothing; ``against`` is the arm that deltas are taken to, where
    there are several models that of each arm's own.
    """
    means: dict[str, dict[Seed, float]] = {}
    for (arm, seed), found in scores.items():
        if languages and found.keys() >= set(languages):
            means.setdefault(arm, {})[seed] = fmean(found[language] for language in languages)
    spreads = {arm: whole for arm, by_seed in means.items() if (whole := spread(by_seed))}
    baselines = {arm: found.mean for arm, found in spreads.items() if arm.startswith(BASELINE)}

    def figure(arm: str, found: Spread) -> Figure:
        if arm in baselines:
            return Figure(found, None, ())
        model = model_in(arm)
        partner = means.get(at_model(against, model), {}) if against else {}
        rivals = {name: mean for name, mean in baselines.items() if model_in(name) in ("", model)}
        return Figure(found, spread(_deltas(means[arm], partner)), _not_beaten(found.mean, rivals))

    return {arm: figure(arm, found) for arm, found in spreads.items()}


def _deltas(arm: Mapping[Seed, float], partner: Mapping[Seed, float]) -> dict[Seed, float]:
    # An arm that trains nothing (retrieval with the pretrained model) has one figure, the partner of every seed.
    pairs = {seed: partner.get(seed, partner.get(None)) for seed in arm}
    return {seed: arm[seed] - other for seed, other in pairs.items() if other is not None}


def _not_beaten(mean: float, baselines: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(name for name, other in baselines.items() if mean <= other + TIE)
