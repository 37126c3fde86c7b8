"""Differences between arms averaged over targets, or compared between targets, with an interval from seeds and examples.

A target counts once, by the average of its main figure over the languages that matter there, whatever its number of
languages: so XTREME averages (Hu et al. 2020, section 4). What is estimated is a sum of arms' averages, each with a weight
(``Weights``), seed by seed; its variance is that of ``paired``, the examples of all targets side by side.

It assumes that the examples of two targets are drawn independently of each other, that a seed means the same run of the
intermediate stages for every target (so the spread over seeds is that of the whole sum), and that the targets are these and
no sample of others: the interval says nothing about a target that was not judged.

Where an arm is chosen by its scores, it is judged on half of the examples of each seed and chosen on the other half in the
other seeds (``halves``, ``best_arm``), since the best of many looks best by luck too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from isthmus.analysis.chance import NOTHING, Chance
from isthmus.analysis.paired import LEVEL, Measured, Scored, chance_of, judged, measured_of
from isthmus.results.averages import Seed, shared

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Weights = Mapping[tuple[str, str], float]  # (arm, target) -> what its average is multiplied by
Choose = Callable[[Seed], Weights]


@dataclass(frozen=True, slots=True)
class TargetAverages:
    """The average of one target, in points, of each arm and seed; ``n`` counts the examples over all ``languages``."""

    languages: tuple[str, ...]
    n: int
    runs: Mapping[str, Mapping[Seed, Measured]]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A weighted sum of averages, the mean over seeds; ``chance`` is None where nothing tells how far chance reaches.

    ``n`` counts the examples of all ``targets`` in one arm and seed.
    """

    delta: float
    chance: Chance | None
    by_seed: tuple[tuple[Seed, float], ...]
    n: int
    targets: tuple[str, ...]

    def ends(self, level: float = LEVEL) -> tuple[float, float] | None:
        """Return the ends of the interval of a level, None where there is none."""
        from scipy.special import stdtrit

        if self.chance is None:
            return None
        seeds = len(self.by_seed)
        error = self.chance.error(seeds)
        half = float(stdtrit(self.chance.freedom(seeds), (1 + level) / 2)) * error if error > NOTHING else 0.0
        return self.delta - half, self.delta + half


def averages_by_target(scored: Collection[Scored], scopes: Mapping[str, Sequence[str]]) -> dict[str, TargetAverages]:
    """Return the average of every target over those of its languages in ``scopes`` that each arm and seed under way has.

    ``scored`` are of one figure a target. Targets that have no language in common are left out.
    """
    found = {}
    for task in dict.fromkeys(one.task for one in scored):
        runs: dict[tuple[str, Seed], dict[str, Scored]] = {}
        for one in scored:
            if one.task == task:
                runs.setdefault((one.arm, one.seed), {})[one.language] = one
        languages = shared(runs, scopes.get(task, ()))
        if languages:
            found[task] = _averages(runs, languages)
    return found


def _averages(runs: Mapping[tuple[str, Seed], Mapping[str, Scored]], languages: tuple[str, ...]) -> TargetAverages:
    arms: dict[str, dict[Seed, Measured]] = {}
    for (arm, seed), own in runs.items():
        if all(language in own for language in languages):
            arms.setdefault(arm, {})[seed] = _mean([measured_of(own[language]) for language in languages])
    some = next(own for own in runs.values() if languages[0] in own)
    return TargetAverages(languages, sum(len(some[language].counts) for language in languages), arms)


def _mean(found: Sequence[Measured]) -> Measured:
    """Return the mean over languages; examples of one row go together, as in ``paired``."""
    parts = [one.influence / len(found) for one in found]
    return Measured(fmean(one.points for one in found), _sum(parts))


def _sum(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    import numpy as np

    whole = np.zeros(max(map(len, parts)))
    for part in parts:
        whole[: len(part)] += part
    return whole


def contrast(averages: Mapping[str, TargetAverages], weights: Weights | Choose) -> Contrast | None:
    """Return a weighted sum of arms' averages over the seeds that have all of it, None where no seed has.

    ``weights`` may depend on the seed. An arm that trains nothing on a target (seed None) is there in every seed.
    """
    import numpy as np

    kept = _complete(averages, weights if callable(weights) else lambda _: weights)
    if not kept:
        return None
    runs = {seed: {place: _known(averages, *place, seed) for place in own} for seed, own in kept.items()}
    by_seed: dict[Seed, float] = {
        seed: sum(weight * runs[seed][place].points for place, weight in own.items()) for seed, own in kept.items()
    }
    targets = tuple(dict.fromkeys(task for own in kept.values() for _, task in own))
    influences = np.array([np.concatenate([_part(own, runs[seed], task) for task in targets]) for seed, own in kept.items()])
    delta, chance = fmean(by_seed.values()), chance_of(list(by_seed.values()), influences)
    low, _, _ = judged(delta, chance, len(by_seed))
    n = sum(averages[task].n for task in targets)
    return Contrast(delta, None if low is None else chance, tuple(by_seed.items()), n, targets)


def _complete(averages: Mapping[str, TargetAverages], weigh: Choose) -> dict[Seed, Weights]:
    """Return the weights of every seed that has all of its runs; None stands for all where no run has a seed."""
    named = dict.fromkeys(seed for target in averages.values() for own in target.runs.values() for seed in own)
    kept: dict[Seed, Weights] = {}
    seeds: list[Seed] = [seed for seed in named if seed is not None]
    for seed in seeds or [None]:
        own = weigh(seed)
        if own and all(_run(averages, arm, task, seed) for arm, task in own):
            kept[seed] = own
    if kept and all(None in averages[task].runs[arm] for own in kept.values() for arm, task in own):
        return {None: next(iter(kept.values()))}
    return kept


def _part(own: Weights, runs: Mapping[tuple[str, str], Measured], task: str) -> NDArray[np.float64]:
    """Return how far each example of one target moves the sum of one seed."""
    return _sum([weight * runs[place].influence for place, weight in own.items() if place[1] == task])


def _run(averages: Mapping[str, TargetAverages], arm: str, task: str, seed: Seed) -> Measured | None:
    runs = averages[task].runs.get(arm, {}) if task in averages else {}
    return runs.get(seed, runs.get(None))


def _known(averages: Mapping[str, TargetAverages], arm: str, task: str, seed: Seed) -> Measured:
    found = _run(averages, arm, task, seed)
    assert found is not None, f"{arm}, {task}, seed {seed}: not there"
    return found


def half_of(arm: str, half: int) -> str:
    """Return the name of one half of the examples of an arm, in what ``halves`` returns."""
    return f"{arm}[{half}]"


def halves(averages: Mapping[str, TargetAverages]) -> dict[str, TargetAverages]:
    """Return each arm as two, on every other example each, whose sum is the arm.

    What an arm has on half of the examples is the figure of the whole moved by their influence, as the jackknife has it.
    """
    return {
        task: TargetAverages(
            own.languages,
            own.n,
            {
                half_of(arm, half): {seed: _half(one, half) for seed, one in runs.items()}
                for arm, runs in own.runs.items()
                for half in (0, 1)
            },
        )
        for task, own in averages.items()
    }


def _half(one: Measured, half: int) -> Measured:
    import numpy as np

    influence = np.where(np.arange(len(one.influence)) % 2 == half, one.influence, 0.0)
    return Measured(one.points / 2 + float(influence.sum()), influence)


def best_arm(
    halved: Mapping[str, TargetAverages], arms: Collection[str], tasks: Collection[str], seed: Seed, half: int
) -> str | None:
    """Return one half of the arm that has the highest mean over tasks on the other half, in all seeds but this one.

    Where there is no other seed this one decides. Arms that lack a task do not compete; None where all do.
    """
    targets = [halved.get(task) for task in tasks]
    halves_of = {arm: half_of(arm, 1 - half) for arm in arms}
    begun = [own for own in halves_of.values() if all(target and target.runs.get(own) for target in targets)]
    among = seeds_of(targets, begun)
    means = {arm: elsewhere(targets, own, seed, among) if own in begun else None for arm, own in halves_of.items()}
    known = {arm: mean for arm, mean in means.items() if mean is not None}
    return half_of(max(known, key=lambda arm: known[arm]), half) if known else None


def seeds_of(targets: Sequence[TargetAverages | None], arms: Collection[str]) -> frozenset[Seed]:
    """Return the seeds that all of some arms have on all of some targets; only in these can arms be told apart fairly."""
    runs = [set(target.runs.get(arm, {})) if target else set() for target in targets for arm in arms]
    return frozenset(set.intersection(*runs)) if runs else frozenset()


def elsewhere(targets: Sequence[TargetAverages | None], arm: str, seed: Seed, among: Collection[Seed]) -> float | None:
    """Return an arm's mean over targets in all seeds ``among`` but one, or in that one if there is no other.

    None where it lacks a target, and where that one is not ``among`` the seeds.
    """
    means = []
    for target in targets:
        runs = target.runs.get(arm, {}) if target and (seed is None or seed in among) else {}
        known = {own: one.points for own, one in runs.items() if own in among}
        points = [one for own, one in known.items() if own != seed] or list(known.values())
        if not points:
            return None
        means.append(fmean(points))
    return fmean(means)
