"""What an effect says about a claim: supported, contradicted, or undecided so far.

A verdict is to be wrong in 5 of 100 studies at most: a direction is read off the 95 % interval, and that there is no effect
off two one-sided tests at 5 %, whose interval is that of 90 %. Verdicts are not corrected for the number of claims: each
claim is declared before there is anything to see, and is a question of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isthmus.analysis.equivalence import equivalence
from isthmus.analysis.paired import Effect
from isthmus.study.spec import Claim

Outcome = Literal["supported", "contradicted", "undecided"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim, the effect it is judged by (None: not measured yet), the outcome, and one sentence why."""

    claim: Claim
    effect: Effect | None
    outcome: Outcome
    why: str


def judge(claim: Claim, effect: Effect | None) -> Verdict:
    """Return the verdict on a claim: the whole interval decides, never the point alone.

    A direction is supported where the 95 % interval lies on its side of 0 and contradicted where it lies on the other. No
    effect is supported where two one-sided tests show the difference to be within the margin, and contradicted where the
    95 % interval excludes 0 and the difference exceeds the margin.
    """
    if effect is None:
        return Verdict(
            claim, None, "undecided", f"{claim.arm} has no score yet that can be compared on {claim.target}, {claim.on}."
        )
    if effect.low is None or effect.high is None:
        return Verdict(
            claim, effect, "undecided", f"{_said(effect)}; its examples are too few or too alike for an interval."
        )
    outcome, reason = _no_effect(effect, claim.margin) if claim.margin else _direction(effect, claim.expect)
    return Verdict(claim, effect, outcome, f"{_said(effect)}; {reason}.")


def _direction(effect: Effect, expect: str) -> tuple[Outcome, str]:
    if not effect.sign:
        return "undecided", f"{_interval(effect)} holds 0"
    wanted = 1 if expect == "higher" else -1
    side = "above" if effect.sign > 0 else "below"
    return "supported" if effect.sign == wanted else "contradicted", f"{_interval(effect)} lies {side} 0"


def _no_effect(effect: Effect, margin: float) -> tuple[Outcome, str]:
    tests = equivalence(effect, margin)
    assert tests is not None, "an effect with an interval has a standard error"
    if tests.shown:
        within = f"the 90 % interval {tests.low:+.1f} to {tests.high:+.1f} lies within ±{margin:g}"
        return "supported", f"{within} (two one-sided tests, p = {tests.p:.3f})"
    if effect.sign and abs(effect.delta) > margin:
        return "contradicted", f"{_interval(effect)} excludes 0, and the difference is beyond ±{margin:g}"
    reach = f"two one-sided tests do not show it to be within ±{margin:g} (p = {tests.p:.2f})"
    return "undecided", f"{_interval(effect)} {'excludes' if effect.sign else 'holds'} 0, and {reach}"


def _interval(effect: Effect) -> str:
    return f"the 95 % interval {effect.low:+.1f} to {effect.high:+.1f}"


def _said(effect: Effect) -> str:
    seeds = "one seed, whose own chance is left out" if effect.seeds_seen == 1 else f"{effect.seeds_seen} seeds"
    return f"{effect.arm} differs from {effect.against} by {effect.delta:+.1f} points ({seeds}, {effect.n:,} examples)"
