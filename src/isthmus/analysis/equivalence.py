"""Two one-sided tests (Schuirmann 1987): whether a difference is certain to be smaller than what matters.

Not to see an effect is no evidence that there is none. That it lies within a margin is shown where a difference of -margin
and one of +margin are both refuted at 5 %, one-sided. The truth is not beyond both, so the two errors never add up; and to
say the same, the 90 % interval (not that of 95 %) lies within the margin.
"""

from __future__ import annotations

from dataclasses import dataclass

from isthmus.analysis.chance import NOTHING
from isthmus.analysis.paired import Effect

LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Equivalence:
    """The larger p of the two tests, and the 90 % interval that lies within the margin just where that p is below 5 %."""

    low: float
    high: float
    p: float

    @property
    def shown(self) -> bool:
        """Tell whether the difference is shown to be smaller than the margin."""
        return self.p < LEVEL


def equivalence(effect: Effect, margin: float) -> Equivalence | None:
    """Return the two tests of an effect against ±margin (points), None where nothing tells how far chance reaches."""
    from scipy.special import stdtr, stdtrit

    if effect.error is None or effect.freedom is None:
        return None
    if effect.error < NOTHING:
        return Equivalence(effect.delta, effect.delta, float(abs(effect.delta) >= margin))
    half = float(stdtrit(effect.freedom, 1 - LEVEL)) * effect.error
    p = float(stdtr(effect.freedom, (abs(effect.delta) - margin) / effect.error))
    return Equivalence(effect.delta - half, effect.delta + half, p)
