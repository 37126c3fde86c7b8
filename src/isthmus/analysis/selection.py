"""The best arm of each target, chosen on development data and judged on test data.

The best of many looks best by luck too. Examples that choose are not those that judge, so luck with examples is left out;
that of a training run is not, where the same run is scored on both. So in every seed the arm is chosen by the scores of the
other seeds. With a single seed that one chooses, and the effect then is that of the run which was best on development data.
Nothing here reads a test score before the arms are chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from isthmus.analysis.averages_over_targets import Contrast, TargetAverages, Weights, contrast, elsewhere, seeds_of
from isthmus.results.averages import Seed

Averages = Mapping[str, TargetAverages]  # by target


@dataclass(frozen=True, slots=True)
class Selected:
    """What came of choosing among arms on one target; scores and differences are in points.

    ``arm`` has the highest ``dev`` score over all seeds; ``by_seed`` is the arm that the other seeds choose for each, and
    ``effect`` their difference on test data from the reference. ``best`` is the arm that has the highest test score,
    ``regret`` how far the chosen arms stay below it; it is known by hindsight only, so luck makes it look larger.
    """

    target: str
    arm: str
    dev: float
    by_seed: tuple[tuple[Seed, str], ...]
    effect: Contrast
    best: str
    regret: float

    @property
    def times(self) -> int:
        """Return in how many seeds the other seeds choose the arm that all of them choose."""
        return sum(arm == self.arm for _, arm in self.by_seed)


def best_on_dev(dev: Averages, arms: Collection[str], tasks: Collection[str], seed: Seed) -> str | None:
    """Return the arm of the highest mean development score over tasks in all seeds but this one, the first of equals.

    Only seeds that all arms have count: of several arms one that lacks a seed would be chosen by others. Where there is no
    other seed this one decides. None where an arm has no score in this seed yet, for then the best is not known.
    """
    targets = [dev.get(task) for task in tasks]
    among = seeds_of(targets, arms)
    means = {arm: elsewhere(targets, arm, seed, among) for arm in arms}
    known = {arm: mean for arm, mean in means.items() if mean is not None}
    return max(known, key=lambda arm: known[arm]) if known and len(known) == len(means) else None


def selected(dev: Averages, test: Averages, arms: Sequence[str], reference: str) -> list[Selected]:
    """Return what came of choosing among arms on each target that has both kinds of scores."""
    found = (_selected(dev, test, arms, reference, target) for target in test if target in dev)
    return [one for one in found if one]


def average_of_selected(dev: Averages, test: Averages, arms: Sequence[str], reference: str) -> Contrast | None:
    """Return the mean over targets of the difference between each one's chosen arm and the reference."""
    targets = [one.target for one in selected(dev, test, arms, reference)]
    return _chosen_against(dev, test, arms, reference, targets) if targets else None


def _selected(dev: Averages, test: Averages, arms: Sequence[str], reference: str, target: str) -> Selected | None:
    effect = _chosen_against(dev, test, arms, reference, [target])
    # No seed is left out where None stands for it, unless it is the only one.
    means = {arm: elsewhere([dev[target]], arm, None, seeds_of([dev[target]], arms)) for arm in arms}
    begun = [arm for arm in arms if test[target].runs.get(arm)]
    over_test = {arm: elsewhere([test[target]], arm, None, seeds_of([test[target]], begun)) for arm in begun}
    known = {arm: mean for arm, mean in means.items() if mean is not None}
    if effect is None or len(known) < len(arms):
        return None
    there = {arm: mean for arm, mean in over_test.items() if mean is not None}
    best, arm = (max(scores, key=lambda one: scores[one]) for scores in (there, known))
    by_seed = tuple((seed, best_on_dev(dev, arms, [target], seed) or "") for seed, _ in effect.by_seed)
    at_best = contrast(test, {(best, target): 1.0, (reference, target): -1.0})
    regret = at_best.delta - effect.delta if at_best else 0.0
    return Selected(target, arm, known[arm], by_seed, effect, best, regret)


def _chosen_against(
    dev: Averages, test: Averages, arms: Sequence[str], reference: str, targets: Sequence[str]
) -> Contrast | None:
    def weigh(seed: Seed) -> Weights:
        weights: dict[tuple[str, str], float] = {}
        for target in targets:
            best = best_on_dev(dev, arms, [target], seed)
            if best is None:
                return {}
            weights |= {(best, target): 1 / len(targets), (reference, target): -1 / len(targets)}
        return weights

    return contrast(test, weigh)
