"""Does more data go on helping, or does it saturate: error = floor + k size^-alpha, and whether that differs from a line.

As alpha goes to 0 the law becomes a straight line in the logarithm of the size, so the two differ in their bend alone. For
each alpha the law is linear in floor and k, and what the mean errors have beside it, in the direction in which alpha changes
it, is one weighted sum of scores that is 0 where this alpha is true. The interval of alpha holds every alpha for which the
interval of that sum holds 0 (a test turned around), so it is as good as those intervals are. With three sizes the law goes
through every mean: it says how the error bends, never that it is this law.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isthmus.analysis.crossed import Estimate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHALLOWEST = 0.01
STEEPEST = 4.0  # an alpha above it: a step, at any design there is
GRID = 60
INSIDE = 12  # exponents within the interval at which the floor is looked at
Sum = Callable[[Sequence[float]], Estimate | None]


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """What the errors over sizes say; errors are in points.

    ``bend`` is what the middle of a line through the ends is above the errors (above 0: it flattens), in units of the
    design. Where the interval of ``bend`` holds 0 the law cannot be told from a line in log size, and there is nothing else.
    ``alpha`` are its ends and its best value between them (None where no alpha fits best within 0 to ``STEEPEST``), the
    upper end None where it has none; ``floor`` those of the error that no size gets below.
    """

    sizes: tuple[int, ...]
    errors: tuple[Estimate, ...]
    bend: Estimate
    alpha: tuple[float, float | None, float | None] | None = None
    floor: tuple[float, float | None, float] | None = None

    @property
    def told(self) -> bool:
        """Say whether the errors flatten by more than chance, so that a law can be told from a line."""
        return self.bend.sign > 0


def power_law(sizes: Sequence[int], total: Sum) -> PowerLaw | None:
    """Return the law of the mean errors at three sizes or more; ``total`` gives a weighted sum of them, a weight a size.

    None where the sums have no interval.
    """
    import numpy as np

    logs = np.log(np.array(sizes, float) / max(sizes))
    ones = np.eye(len(sizes))
    errors = [total(list(row)) for row in ones]
    bend = total((-_beside(logs, 0.0)).tolist())
    if bend is None or bend.error is None or any(one is None for one in errors):
        return None
    known = tuple(one for one in errors if one is not None)
    if bend.sign <= 0:
        return PowerLaw(tuple(sizes), known, bend)
    found = _interval(lambda alpha: total(_beside(logs, alpha).tolist()))
    if found is None:
        return PowerLaw(tuple(sizes), known, bend)
    low, best, high = found
    looked = np.geomspace(low, high or STEEPEST, INSIDE)
    ends = [end for alpha in looked if (one := total(_floor(logs, alpha).tolist())) and (end := one.ends())]
    middle = total(_floor(logs, best).tolist()) if best else None
    floor = (min(end[0] for end in ends), middle.value if middle else None, max(end[1] for end in ends))
    return PowerLaw(tuple(sizes), known, bend, found, floor)


def _interval(beside: Callable[[float], Estimate | None]) -> tuple[float, float | None, float | None] | None:
    """Return the ends of the interval of alpha and its best value between them; None where it holds no alpha.

    ``beside`` gives what errors have beside the law of an alpha, which is 0 for the true one.
    """
    import numpy as np
    from scipy.optimize import brentq

    def far(alpha: float) -> float:
        """Return how far from 0 it is in half-widths of its interval."""
        one = beside(alpha)
        ends = one.ends() if one else None
        if one is None or ends is None or ends[1] <= ends[0]:
            return float("inf")
        return one.value / (ends[1] - one.value)

    alphas = np.geomspace(SHALLOWEST, STEEPEST, GRID)
    ratios = [far(alpha) for alpha in alphas]
    crossing = [i for i in range(1, GRID) if ratios[i - 1] * ratios[i] <= 0]
    best = brentq(far, alphas[crossing[0] - 1], alphas[crossing[0]]) if crossing else None
    held = [*(alpha for alpha, ratio in zip(alphas, ratios, strict=True) if abs(ratio) <= 1), *([best] if best else [])]
    if not held:
        return None
    first, last = min(held), max(held)
    below = max((alpha for alpha in alphas if alpha < first), default=None)
    above = min((alpha for alpha in alphas if alpha > last), default=None)
    low = brentq(lambda alpha: abs(far(alpha)) - 1, below, first) if below else first
    high = brentq(lambda alpha: abs(far(alpha)) - 1, last, above) if above else None
    return float(low), best and float(best), high and float(high)


def _shape(logs: NDArray[np.float64], alpha: float) -> NDArray[np.float64]:
    """Return floor and k times their columns: 1 and size^-alpha, as a line in the logarithm where alpha is 0."""
    import numpy as np

    falling = np.exp(-alpha * logs) if alpha else logs
    return np.stack([np.ones_like(logs), falling], 1)


def _beside(logs: NDArray[np.float64], alpha: float) -> NDArray[np.float64]:
    """Return the unit weights of what errors have beside a law, in the direction in which alpha changes it."""
    import numpy as np

    columns = _shape(logs, alpha)
    turned = -logs * np.exp(-alpha * logs) if alpha else -(logs**2)
    left = turned - columns @ np.linalg.lstsq(columns, turned, rcond=None)[0]
    return np.asarray(left / np.linalg.norm(left))


def _floor(logs: NDArray[np.float64], alpha: float) -> NDArray[np.float64]:
    """Return the weights by which least squares makes the floor of errors, alpha given."""
    import numpy as np

    return np.asarray(np.linalg.pinv(_shape(logs, alpha))[0])
