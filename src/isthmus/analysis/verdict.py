"""What an effect says about a claim: supported, contradicted, or undecided so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
    """Return the verdict on a claim: the whole 95 % interval decides, never the point alone.

    A direction is supported where the interval lies on its side of 0 and contradicted where it lies on the other. No effect
    is supported where the interval lies within the margin, and contradicted where the interval excludes 0 and the
    difference exceeds the margin.
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
    return Verdict(
        claim, effect, outcome, f"{_said(effect)}; the 95 % interval {effect.low:+.1f} to {effect.high:+.1f} {reason}."
    )


def _direction(effect: Effect, expect: str) -> tuple[Outcome, str]:
    if not effect.sign:
        return "undecided", "holds 0"
    wanted = 1 if expect == "higher" else -1
    return "supported" if effect.sign == wanted else "contradicted", f"lies {'above' if effect.sign > 0 else 'below'} 0"


def _no_effect(effect: Effect, margin: float) -> tuple[Outcome, str]:
    assert effect.low is not None
    assert effect.high is not None
    if -margin <= effect.low and effect.high <= margin:
        return "supported", f"lies within ±{margin:g}"
    if effect.sign and abs(effect.delta) > margin:
        return "contradicted", f"excludes 0, and the difference is beyond ±{margin:g}"
    return "undecided", f"reaches beyond ±{margin:g}" if effect.sign else f"holds 0 and reaches beyond ±{margin:g}"


def _said(effect: Effect) -> str:
    seeds = "one seed, whose own chance is left out" if effect.seeds_seen == 1 else f"{effect.seeds_seen} seeds"
    return f"{effect.arm} differs from {effect.against} by {effect.delta:+.1f} points ({seeds}, {effect.n:,} examples)"
