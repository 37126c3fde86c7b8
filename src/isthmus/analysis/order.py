"""What the order of stages does: the place of each, what came right before the last, and what later stages take away.

Arms are compared that are orders of the same stages, and those of their first stages alone (``Orders``). Every figure is a
weighted sum of arms' averages on one target, seed by seed on the same examples, with the interval of
``averages_over_targets``:

- place: the mean of the orders that have a stage at a place, less that of all others;
- carry-over (first order): the mean of the orders with a stage right before the last one, less that of the orders with the
  same last stage after another one, averaged over the last stages;
- forgetting: the score after later stages less that right after the stage that trained for the target, the mean over the
  arms that differ in the later stages alone.

Where the orders are balanced (``designs/orders.py``) the other stages share the other places evenly, so that a figure is
that of an exchange with the average of the others: a stage that is last keeps the others from being it. Where the orders are
not balanced a figure is what these orders have, no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from isthmus.analysis.averages_over_targets import Contrast, TargetAverages, contrast

Stages = tuple[str, ...]
Averages = Mapping[str, TargetAverages]


@dataclass(frozen=True, slots=True)
class Orders:
    """Arms that are orders of the same stages: ``whole`` gives the stages of each, ``begun`` the arm of some first stages.

    The wholes are among those of ``begun``; the arm without stages is that of (), where there is one.
    """

    stages: Stages
    whole: Mapping[str, Stages]
    begun: Mapping[Stages, str]


@dataclass(frozen=True, slots=True)
class PlaceEffect:
    """What an order owes to the place of one stage: at ``place`` (from 1) rather than elsewhere.

    Where ``place`` is None it is right before the last stage rather than another one before the same last stage. ``there``
    and ``elsewhere`` count the orders.
    """

    task: str
    stage: str
    place: int | None
    found: Contrast
    there: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What became of a target's score since the ``stage`` that trained for it: points of 100, below 0 where some are lost.

    ``after`` is the stage that came next, None for all that came until the end; ``pairs`` counts the pairs of arms.
    """

    task: str
    stage: str
    after: str | None
    found: Contrast
    pairs: int


def find_orders(arms: Mapping[str, Sequence[str]]) -> list[Orders]:
    """Return every set of two or more arms that are orders of the same stages, from {arm: its stages}, the largest first.

    A stage is named by whatever tells it from others; an arm that has one twice is no order. Arms that are the first stages
    of longer orders are no set of their own, and of arms that are the same the first counts.
    """
    first: dict[Stages, str] = {}
    for arm, stages in arms.items():
        first.setdefault(tuple(stages), arm)
    sets: dict[Stages, list[Stages]] = {}
    for stages in first:
        if len(stages) > 1 and len(set(stages)) == len(stages):
            sets.setdefault(tuple(sorted(stages)), []).append(stages)
    found: list[Orders] = []
    for orders in sorted((own for own in sets.values() if len(own) > 1), key=lambda own: -len(own[0])):
        if any(all(order in one.begun for order in orders) for one in found):
            continue
        begun = {stages: arm for stages, arm in first.items() if any(order[: len(stages)] == stages for order in orders)}
        names = tuple(dict.fromkeys(stage for order in orders for stage in order))
        found.append(Orders(names, {first[order]: order for order in orders}, begun))
    return found


def place_effects(orders: Orders, averages: Averages) -> list[PlaceEffect]:
    """Return the effect of each stage at each place, then right before the last one, on each target that all orders have."""
    return [
        PlaceEffect(task, stage, place, found, there, elsewhere)
        for task in averages
        for stage in orders.stages
        for place, weights, there, elsewhere in _places(orders, stage)
        if (found := contrast(averages, {(arm, task): weight for arm, weight in weights.items()}))
    ]


def _places(orders: Orders, stage: str) -> Iterator[tuple[int | None, dict[str, float], int, int]]:
    """Yield (place, weight of each arm, orders there, orders elsewhere) of each comparison that the orders allow."""
    for place in range(1, len(orders.stages) + 1):
        there = [arm for arm, own in orders.whole.items() if own[place - 1] == stage]
        elsewhere = [arm for arm in orders.whole if arm not in there]
        if there and elsewhere:
            yield place, _less(there, elsewhere), len(there), len(elsewhere)
    blocks = []
    for last in orders.stages:
        same = {arm: own[-2] == stage for arm, own in orders.whole.items() if own[-1] == last != stage}
        if len(set(same.values())) == 2:
            blocks.append(([arm for arm in same if same[arm]], [arm for arm in same if not same[arm]]))
    if blocks:
        weights: dict[str, float] = {}
        for there, elsewhere in blocks:
            for arm, weight in _less(there, elsewhere).items():
                weights[arm] = weights.get(arm, 0.0) + weight / len(blocks)
        yield None, weights, sum(len(one) for one, _ in blocks), sum(len(other) for _, other in blocks)


def _less(some: Sequence[str], others: Sequence[str]) -> dict[str, float]:
    """Return the weights of the mean of some arms less that of others."""
    return {**dict.fromkeys(some, 1 / len(some)), **dict.fromkeys(others, -1 / len(others))}


def forgetting(orders: Orders, averages: Averages, trained: Mapping[str, Collection[str]]) -> list[Forgetting]:
    """Return what the stages after one that trained for a target did to it: each that came next, then all until the end.

    ``trained`` are the stages that train for each target. Comparisons of which a score is missing are left out.
    """
    found = []
    for task, stages in trained.items():
        for stage in (stage for stage in orders.stages if stage in stages):
            for after in (*(other for other in orders.stages if other != stage), None):
                pairs = list(_later(orders, stage, after))
                weights: dict[tuple[str, str], float] = {}
                for before, later in pairs:
                    for arm, sign in ((later, 1), (before, -1)):
                        weights[arm, task] = weights.get((arm, task), 0.0) + sign / len(pairs)
                if weights and task in averages and (whole := contrast(averages, weights)):
                    found.append(Forgetting(task, stage, after, whole, len(pairs)))
    return found


def _later(orders: Orders, stage: str, after: str | None) -> Iterator[tuple[str, str]]:
    """Yield (arm that ends in a stage, arm that goes on from it): by one stage, or where none is named to the end."""
    ends = {stages: arm for stages, arm in orders.begun.items() if stages and stages[-1] == stage}
    for stages, arm in ends.items():
        for longer, other in orders.begun.items():
            goes_on = longer[: len(stages)] == stages and len(longer) > len(stages)
            wanted = longer == (*stages, after) if after is not None else other in orders.whole
            if goes_on and wanted:
                yield arm, other


def along(orders: Orders, scores: Mapping[str, float]) -> dict[Stages, float]:
    """Return the score after each of the first stages of the orders, from those of arms; () is before any stage."""
    return {stages: scores[arm] for stages, arm in orders.begun.items() if arm in scores}
