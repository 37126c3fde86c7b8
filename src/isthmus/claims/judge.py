"""What a study's scores say of a question: one judgement, with the figure it rests on, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, Protocol

from isthmus.analysis.averages_over_targets import Contrast, TargetAverages, Weights, best_arm, contrast, half_of, halves
from isthmus.analysis.equivalence import LEVEL as ONE_SIDED
from isthmus.analysis.paired import LEVEL
from isthmus.analysis.selection import best_on_dev
from isthmus.analysis.verdict import Verdict
from isthmus.claims.resolve import Question, Unasked
from isthmus.claims.spec import Statement
from isthmus.core.at_model import model_in, without_model
from isthmus.results.averages import Seed

Outcome = Literal["supported", "contradicted", "undecided", "not asked here"]
Averages = Mapping[str, TargetAverages]  # by target

TIMES = ("latency", "throughput")  # whose differences are ratios
CLEAR = 1.0  # half-widths between the interval and the threshold from which a verdict is called firm
ENOUGH_SEEDS = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """A line of the table of claims; ``measured`` says in words what the figures are of, ``unit`` what they are in.

    ``delta`` is None while nothing is measured, ``low`` and ``high`` where nothing tells how far chance reaches. ``n``
    counts the examples of one arm and seed. ``confidence`` is in words: firm, moderate, low, or none.
    """

    id: str
    text: str
    source: str
    measured: str
    delta: float | None
    low: float | None
    high: float | None
    n: int
    seeds: int
    outcome: Outcome
    confidence: str
    why: str
    hypothesis: bool = False
    unit: Literal["points", "%"] = "points"


class Found(Protocol):
    """A difference with its interval: a contrast of scores in points, or a ratio in per cent."""

    @property
    def delta(self) -> float:
        """Return the difference."""

    @property
    def n(self) -> int:
        """Return the number of examples, or of rounds."""

    @property
    def by_seed(self) -> tuple[tuple[Seed, float], ...]:
        """Return the difference of each seed."""

    def ends(self, level: float = LEVEL) -> tuple[float, float] | None:
        """Return the ends of the interval of a level, None where there is none."""


def judge_question(question: Question | Unasked, averages: Mapping[str, Averages], dev: Averages | None = None) -> Judgement:
    """Return the judgement on a question; ``averages`` are the targets' for each name of an average over languages.

    ``dev`` are the development scores of targets that a study chooses the best arms by, where it does (``selection``).
    """
    if isinstance(question, Unasked):
        return line_of(question, "", None, "not asked here", question.reason)
    own, statement = averages.get(question.on, {}), question.statement
    whole = _estimate(question, own, dev or {})
    measured = measured_of(question)
    if whole is None:
        waiting = [task for task in (*question.targets, *question.rest) if task not in own]
        lacking = f": no score that can be compared on {', '.join(waiting)}" if waiting else ""
        return line_of(question, measured, None, "undecided", f"Not all of it is measured yet{lacking}.")
    ends = whole.ends()
    if ends is None:
        return line_of(question, measured, whole, "undecided", "Its examples are too few or too alike for an interval.")
    if _counts(question):
        found = [contrast(own, _spread(question, i)) for i in range(len(question.pairs))]
        outcome, why = counted(statement, found)
        if statement.holds == "each" and statement.expect == "none":
            # Which of two arms is taken from which says nothing here, so that their mean would not either.
            place, farthest = max(((i, one) for i, one in enumerate(found) if one), key=lambda own: abs(own[1].delta))
            why += f" The figure is that of {' − '.join(question.pairs[place])}, the greatest of them."
            why = " ".join([why, *_remarks(question, farthest, dev or {})])
            return line_of(question, measured, farthest, outcome, why, widened(len(found)))
    else:
        outcome, why = outcome_of(statement, whole)
        why = f"{why[0].upper()}{why[1:]}."
    if outcome == "supported" and statement.size is not None and not question.differs and not statement.size_against:
        outcome, why = _sized(statement, statement.size, *ends, why)
    return line_of(question, measured, whole, outcome, " ".join([why, *_remarks(question, whole, dev or {})]))


def judgement_of(verdict: Verdict) -> Judgement:
    """Return the verdict on a claim of the study itself as a line of the same table."""
    claim, effect = verdict.claim, verdict.effect
    measured = f"{claim.arm} on {claim.target}, {claim.on}: {claim.expect}"
    measured += f" within ±{claim.margin:g}" if claim.margin else ""
    sure = "none"
    if effect and effect.low is not None and effect.high is not None:
        ends = effect.low, effect.high
        sure = confidence(verdict.outcome, claim.expect, claim.margin or 0.0, ends, effect.seeds_seen)
    return Judgement(
        id="",
        text=claim.text.strip(),
        source=claim.source,
        measured=measured,
        delta=effect.delta if effect else None,
        low=effect.low if effect else None,
        high=effect.high if effect else None,
        n=effect.n if effect else 0,
        seeds=effect.seeds_seen if effect else 0,
        outcome=verdict.outcome,
        confidence=sure,
        why=verdict.why,
    )


def outcome_of(statement: Statement, found: Found, level: float = LEVEL) -> tuple[Outcome, str]:
    """Return what an interval says of a claim, and how it lies; the whole interval decides, never the point.

    That a margin is kept is tested one-sidedly at 5 %, from both sides for ``none``, as in ``verdict``; all else by the
    two-sided interval of ``level``. A margin in per cent ends below where its reverse does: 5 % at 1 / 1.05.
    """
    ends, narrow, margin = found.ends(level), found.ends(1 - 2 * ONE_SIDED), statement.margin or 0.0
    if ends is None or narrow is None:
        return "undecided", "there is no interval"
    side = (ends[0] > 0) - (ends[1] < 0)
    if statement.expect in ("higher", "lower"):
        if not side:
            return "undecided", f"the {level * 100:g} % interval holds 0"
        wanted = 1 if statement.expect == "higher" else -1
        where = f"the {level * 100:g} % interval lies {'above' if side > 0 else 'below'} 0"
        return "supported" if side == wanted else "contradicted", where
    both = statement.expect == "none"
    least = -margin / (1 + margin / 100) if statement.quantity in TIMES else -margin
    sign, kept = "±" if both else "+", narrow[1] < margin and (not both or narrow[0] > least)
    if kept:
        return "supported", f"the 90 % interval {narrow[0]:+.1f} to {narrow[1]:+.1f} stays within {sign}{margin:g}"
    if (side and not least <= found.delta <= margin) if both else (side > 0 and found.delta > margin):
        return "contradicted", f"the {level * 100:g} % interval excludes 0, and the difference is beyond {sign}{margin:g}"
    return "undecided", f"the 90 % interval {narrow[0]:+.1f} to {narrow[1]:+.1f} reaches beyond {sign}{margin:g}"


def confidence(outcome: str, expect: str, margin: float, ends: tuple[float, float], seeds: int) -> str:
    """Say in words how sure a verdict is, by the interval and the seeds.

    Firm: three seeds at least, and the interval ends one half-width or more from what it must not hold (0, or the margin).
    Moderate: two seeds, or an interval that ends nearer. Low: one seed, whose own chance is in no interval. None: undecided.
    """
    if outcome not in ("supported", "contradicted"):
        return "none"
    low, high = ends
    half = (high - low) / 2
    away = min(abs(low), abs(high)) if low * high > 0 else 0.0
    within = outcome == "supported" and expect in ("none", "not-higher")
    clear = max(0.0, margin - (high if expect == "not-higher" else max(abs(low), abs(high)))) if within else away
    if seeds < 2:
        return "low: one seed, whose own chance is left out"
    if seeds < ENOUGH_SEEDS:
        return f"moderate: {seeds} seeds"
    if clear < CLEAR * half:
        return f"moderate: {seeds} seeds, and the interval ends {clear:.1f} points from the threshold"
    return f"firm: {seeds} seeds, and the interval ends {clear:.1f} points from the threshold"


def widened(number: int) -> float:
    """Return the level of intervals that together hold the truth as surely as one, after Bonferroni."""
    return 1 - (1 - LEVEL) / number


def line_of(
    question: Question | Unasked,
    measured: str,
    found: Found | None,
    outcome: Outcome,
    why: str,
    level: float = LEVEL,
) -> Judgement:
    """Return a line of the table; its interval is that of ``level``, and its confidence that of a difference in points."""
    statement, seeds, sure = question.statement, len(found.by_seed) if found else 0, "none"
    ends = found.ends(level) if found else None
    if ends:
        sure = confidence(outcome, statement.expect, statement.margin or 0.0, ends, seeds)
        if isinstance(question, Question) and _counts(question) and sure != "none":
            sure = "low: one seed, whose own chance is left out" if seeds < 2 else "moderate: a count of comparisons"
    return Judgement(
        id=statement.id,
        text=statement.text.strip(),
        source=question.source,
        measured=measured,
        delta=found.delta if found else None,
        low=ends[0] if ends else None,
        high=ends[1] if ends else None,
        n=found.n if found else 0,
        seeds=seeds,
        outcome=outcome,
        confidence=sure,
        why=why,
        hypothesis=statement.status == "hypothesis",
    )


def _counts(question: Question) -> bool:
    return question.statement.holds != "mean" and len(question.pairs) > 1


def _spread(question: Question, only: int | None = None) -> Weights:
    """Return the weights of a mean over pairs (or of one alone) and targets.

    Less that over the other targets where those are compared, and less the same of the smallest model where models are.
    """
    weights: dict[tuple[str, str], float] = {}
    for side, several in ((1, question.pairs), (-1, question.minus)):
        pairs = several if only is None else several[only : only + 1]
        for sign, tasks in ((side, question.targets), (-side, question.rest)):
            for (arm, against), task in product(pairs, tasks):
                share = sign / (len(pairs) * len(tasks))
                weights[arm, task] = weights.get((arm, task), 0.0) + share
                weights[against, task] = weights.get((against, task), 0.0) - share
    return weights


def _estimate(question: Question, averages: Averages, dev: Averages) -> Contrast | None:
    """Return what a question asks for; a best arm is chosen on other data than it is judged on: on development data where
    the study has them for all that the choice is on, else on the other half of the examples (``best_arm``)."""
    targets = question.targets
    of_models = [[pair for pair in question.pairs if model_in(pair[0]) == model] for model in _models(question)]
    if question.statement.compare == "multi-and-best":
        sides, choices, sign = [(pairs[0][0], [single for _, single in pairs]) for pairs in of_models], [targets], -1
    elif question.statement.compare == "best-by-target":
        sides, sign = [(pairs[0][1], [arm for arm, _ in pairs]) for pairs in of_models], 1
        choices = [(task,) for task in targets]
    else:
        return contrast(averages, _spread(question))
    halved = halves({task: one for task, one in averages.items() if task in targets})

    def weigh(seed: Seed) -> Weights:
        share = sign / (len(targets) * len(sides))
        weights = {(half_of(fixed, half), task): -share for fixed, _ in sides for task in targets for half in (0, 1)}
        for half, (_, rivals) in product((0, 1), sides):
            for tasks in choices:
                on_dev = all(task in dev for task in tasks)
                arm = best_on_dev(dev, rivals, tasks, seed) if on_dev else None
                best = half_of(arm, half) if arm else None if on_dev else best_arm(halved, rivals, tasks, seed, half)
                if best is None:
                    return {}
                weights |= {(best, task): share for task in tasks}
        return weights

    return contrast(halved, weigh)


def counted(statement: Statement, found: Sequence[Found | None]) -> tuple[Outcome, str]:
    """Return the outcome over pairs that are judged each by itself.

    That one of several contradicts takes an interval widened for their number, after Bonferroni.
    """
    number, known = len(found), [one for one in found if one is not None]
    agree = sum(outcome_of(statement, one)[0] == "supported" for one in known)
    differ = sum(outcome_of(statement, one, widened(number))[0] == "contradicted" for one in known)
    said = f"Of {number} comparisons {agree} support it and {differ} contradict it (intervals widened for their number)."
    if statement.holds == "each":
        outcome: Outcome = "supported" if agree == number else "contradicted" if differ else "undecided"
    else:
        outcome = "supported" if 2 * agree > number else "contradicted" if 2 * differ >= number else "undecided"
    return outcome, said


def _sized(statement: Statement, size: float, low: float, high: float, why: str) -> tuple[Outcome, str]:
    """Return what an interval on the right side of 0 says of the published size."""
    assert statement.tolerance is not None, "a size has a tolerance"
    least, most = size - statement.tolerance, size + statement.tolerance
    asked = f"the published {size:+g} ± {statement.tolerance:g}"
    if least <= low and high <= most:
        return "supported", f"{why} It lies within {asked}."
    if high < least or low > most:
        return "contradicted", f"{why} The direction holds, but the interval lies outside {asked}."
    return "undecided", f"{why} The direction holds; whether the size does is open, for the interval reaches beyond {asked}."


def measured_of(question: Question) -> str:
    """Return in words which arms are compared on what."""
    statement = question.statement
    pairs = list(dict.fromkeys((without_model(arm), without_model(other)) for arm, other in question.pairs))
    against = list(dict.fromkeys(other for _, other in pairs))
    arms = list(dict.fromkeys(arm for arm, _ in pairs))
    if statement.compare == "multi-and-best":
        who = f"{arms[0]} against the best of {', '.join(against)}"
    elif statement.compare == "best-by-target":
        who = f"the best of {', '.join(arms)} on each target against {against[0]}"
    elif statement.compare == "models" and not question.minus:
        who = f"{statement.holds} of {', '.join(arms)}"
    elif len(against) == 1 or len(arms) == 1:
        several = {"mean": "mean of ", "each": "each of ", "most": "most of "}[statement.holds] if len(pairs) > 1 else ""
        who = f"{several}{', '.join(arms)} against {', '.join(against)}"
    else:
        listed = [f"{arm} − {other}" for arm, other in pairs[:3]]
        who = f"{statement.holds} of {'; '.join(listed)}{f' and {len(pairs) - 3} more' if len(pairs) > 3 else ''}"
    where = ", ".join(question.targets) if len(question.targets) < 4 else f"average of {len(question.targets)} targets"
    where += f" beyond {', '.join(question.rest)}" if question.rest else ""
    where += f", {question.on}" if question.on else ""
    return f"{who}{_by_model(question)}; {where}: {statement.expect.replace('-', ' ')}"


def _models(question: Question) -> list[str]:
    return list(dict.fromkeys(model_in(arm) for arm, _ in question.pairs))


def _by_model(question: Question) -> str:
    """Say how several models come into what is measured; empty where there is one."""
    models, (arm, other) = _models(question), question.pairs[0]
    if question.minus:
        return f", with {models[0]} more than with {model_in(question.minus[0][0])} (the last and the first of the models)"
    if question.statement.compare == "models":
        return f" with {model_in(arm)} against {model_in(other)} (the last and the first of the models)"
    return f", {'mean over' if question.statement.holds == 'mean' else 'in'} {', '.join(models)}" if len(models) > 1 else ""


def _remarks(question: Question, found: Contrast, dev: Averages) -> list[str]:
    """Return what a reader must know beside the interval: the scale, what was chosen, what is missing."""
    statement, said = question.statement, []
    if statement.size is not None and statement.size_against:
        said.append(
            f"Judged on direction only: the published {statement.size:+g} is measured against {statement.size_against}, "
            "which is no arm of a study."
        )
    elif question.differs:
        size = f"the published {statement.size:+g} is" if statement.size is not None else "what was published is"
        said.append(f"Judged on direction only: {size} of another scale than this study ({question.differs}).")
    if question.lacking:
        said.append(f"{', '.join(question.lacking)} {'is' if len(question.lacking) == 1 else 'are'} not judged here.")
    if statement.compare in ("multi-and-best", "best-by-target"):
        lucky = " and the other seeds" if len(found.by_seed) > 1 else ", on the same seed, whose luck it keeps"
        said.append(f"The best was chosen on {_chosen_on(question, dev)}{lucky}.")
    return said


def _chosen_on(question: Question, dev: Averages) -> str:
    """Return in words which data chose the best arm: all of them, where one choice is on several targets."""
    by_dev = [task for task in question.targets if task in dev]
    if question.statement.compare == "multi-and-best" and len(by_dev) < len(question.targets):
        by_dev = []
    rest = [task for task in question.targets if task not in by_dev]
    halved = "the other half of the examples"
    if not by_dev:
        return halved
    return "development data" + (f" ({halved} of {', '.join(rest)})" if rest else "")
