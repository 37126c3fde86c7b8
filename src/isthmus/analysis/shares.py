"""Scores against a share that arms differ in: each arm beside one without, and the straight line through all of them.

The line is that of least squares over the arms, every arm once: its slope is a sum of scores with fixed weights, so it has
the interval of any contrast (``averages_over_targets``). A slope of 0 is no proof that the share does nothing, for what
rises and falls again has one too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from isthmus.analysis.averages_over_targets import Contrast, TargetAverages, Weights, contrast


@dataclass(frozen=True, slots=True)
class ShareEffects:
    """What a share does to the mean of some targets: (share, difference from ``against``) by rising share.

    ``trend`` is the slope of the line, in points from a share of 0 to one of 1; None while not every arm has a score.
    """

    targets: tuple[str, ...]
    against: str
    points: tuple[tuple[float, Contrast], ...]
    trend: Contrast | None


def share_effects(
    averages: Mapping[str, TargetAverages], shares: Mapping[str, float], against: str, targets: Sequence[str]
) -> ShareEffects:
    """Return the effects of arms by their share, each beside the arm ``against``, which may be one of them.

    Arms that are not measured on all of the targets yet are left out.
    """
    found = []
    for arm, share in sorted(shares.items(), key=lambda own: own[1]):
        beside = contrast(averages, over({arm: 1.0, against: -1.0}, targets)) if arm != against else None
        found += [(share, beside)] if beside else []
    return ShareEffects(tuple(targets), against, tuple(found), contrast(averages, over(slope(shares), targets)))


def slope(shares: Mapping[str, float]) -> dict[str, float]:
    """Return what the score of each arm is multiplied by in the slope of the line of least squares over its share.

    There must be two different shares at least.
    """
    middle = fmean(shares.values())
    spread = sum((share - middle) ** 2 for share in shares.values())
    assert spread > 0, "a line needs two different shares"
    return {arm: (share - middle) / spread for arm, share in shares.items()}


def over(arms: Mapping[str, float], targets: Sequence[str]) -> Weights:
    """Return the weights of arms as those of their mean over targets."""
    return {(arm, task): weight / len(targets) for arm, weight in arms.items() for task in targets}
