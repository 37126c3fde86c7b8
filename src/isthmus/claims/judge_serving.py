"""What a study's measurements say of a question on serving: latency, throughput, the cost of a score, what variants lose.

Times and costs are compared by their ratio and told in per cent: +5 is 1.05 times as much. A margin of 5 per cent reaches
from 1 / 1.05 to 1.05, so that it is the same for latency and throughput. The chance of a time is that of its rounds on one
machine; how a model was trained, and so its seed, is taken as given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

from isthmus.analysis.averages_over_targets import TargetAverages, contrast
from isthmus.analysis.equal_accuracy import Overall, equal_accuracy
from isthmus.analysis.fronts import costs_of
from isthmus.analysis.latency import Quantity, Ratio, ratio_between
from isthmus.analysis.paired import LEVEL
from isthmus.analysis.retention import interaction_of
from isthmus.claims.judge import ENOUGH_SEEDS, Judgement, Outcome, counted, line_of, measured_of, outcome_of, widened
from isthmus.claims.resolve import Question
from isthmus.claims.serving import Serving
from isthmus.core.at_variant import at_variant, without_variant
from isthmus.results.averages import Seed


@dataclass(frozen=True, slots=True)
class Percent:
    """A ratio as a difference in per cent; ``n`` counts the rounds of one configuration."""

    ratio: Ratio

    @property
    def delta(self) -> float:
        """Return the difference in per cent."""
        return 100 * (self.ratio.ratio - 1)

    @property
    def by_seed(self) -> tuple[tuple[Seed, float], ...]:
        """Return nothing: a time does not hang on how a model was trained."""
        return ()

    @property
    def n(self) -> int:
        """Return the number of rounds."""
        return self.ratio.rounds

    def ends(self, level: float = LEVEL) -> tuple[float, float] | None:
        """Return the ends of the interval of a level in per cent, None where there is none."""
        ends = self.ratio.ends(level)
        return (100 * (ends[0] - 1), 100 * (ends[1] - 1)) if ends else None


def judge_serving(question: Question, serving: Serving) -> Judgement:
    """Return the judgement on a question whose quantity is no score."""
    quantity = question.statement.quantity
    measured = f"{quantity}: {measured_of(question)}"
    if quantity == "loss":
        return _loss(question, serving, measured)
    tasks = tuple(task for task in question.targets if task in serving.timed)
    if not tasks:
        return _line(question, "", None, "not asked here", f"The study does not time {' or '.join(question.targets)}.")
    if waiting := [task for task in tasks if task in serving.waiting]:
        return _line(
            question, measured, None, "undecided", f"Not all of it is measured yet: no times on {', '.join(waiting)}."
        )
    if quantity == "cost":
        return _cost(question, serving, tasks, measured)
    return _times(question, serving, tasks, measured)


def _times(question: Question, serving: Serving, tasks: tuple[str, ...], measured: str) -> Judgement:
    """Return the judgement on latency or throughput: the mean over pairs and variants, or each by itself."""
    statement, files, spoken = question.statement, serving.of(tasks), serving.spoken(question.on)
    quantity: Quantity = "latency" if statement.quantity == "latency" else "throughput"
    pairs = [
        (at_variant(arm, variant), at_variant(other, variant))
        for (arm, other), variant in product(question.pairs, question.variants)
    ]
    margin = (statement.margin or 0.0) / 100
    each = {pair: ratio_between(files, [pair], quantity, margin, spoken) for pair in pairs}
    known = {pair: Percent(ratio) for pair, ratio in each.items() if ratio}
    whole = ratio_between(files, list(known), quantity, margin, spoken)
    if whole is None:
        return _line(question, "", None, "not asked here", "None of what it compares is timed in its languages.")
    found, level = Percent(whole), LEVEL
    if statement.holds == "mean" or len(known) == 1:
        outcome, why = outcome_of(statement, found)
        why = f"{why[0].upper()}{why[1:]}."
    else:
        outcome, why = counted(statement, list(known.values()))
        if statement.expect == "none":
            (arm, other), found = max(known.items(), key=lambda own: abs(own[1].ratio.log))
            level = widened(len(known))
            why += f" The figure is that of {arm} − {other}, the greatest of them."
    why += " The models were timed one after the other, not side by side." if statement.compare == "models" else ""
    why += f" The machine was noisy: {'; '.join(whole.doubts)}." if whole.doubts else ""
    sure = f"{found.n} rounds on one machine"
    sure = f"moderate: {sure}, which was noisy" if whole.doubts else f"firm: {sure}"
    return replace(_line(question, measured, found, outcome, why, level), confidence=_if_decided(outcome, sure))


def _cost(question: Question, serving: Serving, tasks: tuple[str, ...], measured: str) -> Judgement:
    """Return the judgement on the smallest cost in seconds at the accuracy of each model without a stage."""
    averages = serving.averages_on(question.on, tasks)
    staged, plain = ({pair[i] for pair in question.pairs} for i in (0, 1))
    costs = {}
    for task, target in averages.items():
        every = costs_of(serving.of((task,)), target.languages)
        costs[task] = {name: cost for name, cost in every.items() if without_variant(name) in staged | plain}
    found = equal_accuracy(averages, costs, staged, sorted(plain))
    if found is None:
        why = "Not all of it is measured yet: there are no scores with times, or on one side alone."
        return _line(question, measured, None, "undecided", why)
    below, above = found.high is not None and found.high < 1, found.low is None or found.low > 1
    outcome: Outcome = "undecided"
    if below or above:
        outcome = "supported" if below == (question.statement.expect == "lower") else "contradicted"
    sure = "low: one seed, whose own chance is left out" if found.seeds < 2 else f"moderate: {found.seeds} seeds"
    sure = f"firm: {found.seeds} seeds" if found.seeds >= ENOUGH_SEEDS else sure
    delta, low, high = (None if one is None else 100 * (one - 1) for one in (found.ratio, found.low, found.high))
    return replace(
        _line(question, measured, None, outcome, _said(found)),
        delta=delta,
        low=None if delta is None or high is None else low,
        high=None if delta is None or low is None else high,
        n=sum(averages[task].n for task in dict.fromkeys(one.task for one in found.equal)),
        seeds=found.seeds,
        confidence=_if_decided(outcome, sure),
    )


def _said(found: Overall) -> str:
    """Say how many bars are reached, for how much, and where the interval has no end."""
    reached = [one for one in found.equal if one.staged]
    said = f"Of {len(found.equal)} scores of models without a stage {len(reached)} are reached with one"
    said += f", within {found.equal[0].within:g} points"
    if found.ratio is not None:
        said += f"; on average that takes {found.ratio:.2f} times the seconds that it takes without"
    if found.low is None:
        return f"{said} (the 95 % interval lies beyond all that was measured)."
    high = "more than anything measured" if found.high is None else f"{found.high:.2f}"
    return f"{said} (95 % interval {found.low:.2f} to {high})."


def _loss(question: Question, serving: Serving, measured: str) -> Judgement:
    """Return the judgement on what variants lose beyond those of the arms compared with, in points."""
    statement, averages = question.statement, serving.averages_on(question.on, question.targets)
    each = [
        found
        for (arm, other), variant in product(question.pairs, question.variants)
        if (found := contrast(averages, _interaction(arm, other, variant, averages))) is not None
    ]
    expected = len(question.pairs) * len(question.variants)
    if len(each) < expected:
        why = f"Not all of it is measured yet: {len(each)} of {expected} variants have scores with and without a stage."
        return line_of(question, measured, None, "undecided", why)
    whole_weights: dict[tuple[str, str], float] = {}
    for (arm, other), variant in product(question.pairs, question.variants):
        for place, weight in _interaction(arm, other, variant, averages).items():
            whole_weights[place] = whole_weights.get(place, 0.0) + weight / expected
    whole = contrast(averages, whole_weights)
    if whole is None or whole.ends() is None:
        return line_of(question, measured, whole, "undecided", "Its examples are too few or too alike for an interval.")
    if statement.holds == "mean" or len(each) == 1:
        outcome, why = outcome_of(statement, whole)
        return line_of(question, measured, whole, outcome, f"{why[0].upper()}{why[1:]}.")
    outcome, why = counted(statement, each)
    return line_of(question, measured, whole, outcome, why)


def _interaction(arm: str, other: str, variant: str, averages: Mapping[str, TargetAverages]) -> dict[tuple[str, str], float]:
    """Return the weights of one interaction, the mean over the targets that have the variant."""
    name = at_variant(arm, variant)
    tasks = [task for task, target in averages.items() if name in target.runs] or list(averages)
    return interaction_of(arm, other, variant, {task: 1 / len(tasks) for task in tasks})


def _line(
    question: Question, measured: str, found: Percent | None, outcome: Outcome, why: str, level: float = LEVEL
) -> Judgement:
    return replace(line_of(question, measured, found, outcome, why, level), unit="%")


def _if_decided(outcome: Outcome, sure: str) -> str:
    return sure if outcome in ("supported", "contradicted") else "none"
