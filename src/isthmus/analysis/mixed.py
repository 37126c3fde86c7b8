"""Linear mixed-effects models of scores: what arms or orders change, the chance of seeds, languages and runs set apart.

The model is that of Laird and Ware (1982) with crossed random intercepts, fitted by restricted maximum likelihood by
statsmodels (Lindstrom and Bates 1988). It says what ``paired`` does not: how much languages, seeds and single runs differ,
all scores taken together. It knows nothing of test examples, and takes every language and seed as a draw from many.

Two things it would get wrong if left to itself. One run of an arm is judged in many languages, so the scores of a run are
alike beyond its seed: a run has an intercept of its own, or intervals are far too narrow. And with a few seeds the normal
quantile is too small: intervals and p-values are of Student's t, whose degrees of freedom are the runs less what is
estimated of them (``freedom``), which is exact where the design is balanced. ``benchmarks/mixed_models.py`` measures how
often intervals hold the truth.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Any

from isthmus.analysis.order import Orders
from isthmus.analysis.paired import LEVEL
from isthmus.results.row import Row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESIDUAL, BASE = "residual", "base"
ZERO = 1e-3  # a standard deviation of this share of the residual one is at the edge, which is 0
Combination = Mapping[str, float]  # name of a column -> weight


@dataclass(frozen=True, slots=True)
class Estimate:
    """A fixed effect in the unit of the scores, with its standard error, 95 % interval and two-sided p of none."""

    name: str
    value: float
    error: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class MixedFit:
    """A fitted model: its estimates, and the standard deviation of each random intercept and of the residual.

    ``n`` counts scores, ``freedom`` the degrees of freedom behind intervals (infinite: the normal). ``edge`` names the
    random intercepts whose spread was estimated to be 0. Where it did not converge, no figure of it may be used.
    """

    estimates: tuple[Estimate, ...]
    spread: Mapping[str, float]
    n: int
    freedom: float
    converged: bool
    edge: tuple[str, ...]


def fit_mixed(
    values: Sequence[float],
    fixed: Mapping[str, Sequence[float]],
    groups: Mapping[str, Sequence[Hashable]],
    *,
    freedom: float = float("inf"),
    told: Mapping[str, Combination] | None = None,
) -> MixedFit:
    """Return the model ``values ~ base + fixed``, with a random intercept for every level of each of ``groups``.

    ``fixed`` are columns by name; ``told`` are the sums of columns to estimate, by name (default: the columns themselves).
    A group with a single level, or with a level for each value, is left out. Raises ValueError where the columns cannot be
    told apart, or are as many as the values.
    """
    import numpy as np

    response = np.asarray(values, float)
    columns = {BASE: np.ones(len(response)), **{name: np.asarray(column, float) for name, column in fixed.items()}}
    design = np.stack(list(columns.values()), 1)
    if np.linalg.matrix_rank(design) < len(columns) or len(response) <= len(columns):
        raise ValueError(f"{len(response)} scores cannot tell {len(columns)} fixed effects apart")
    kept = {name: own for name, own in groups.items() if 1 < len(set(own)) < len(response)}
    centre, covariance, spread, converged = _mixed(response, design, kept) if kept else _least_squares(response, design)
    wanted = told if told is not None else {name: {name: 1.0} for name in columns}
    places = list(columns)
    estimates = []
    for name, weights in wanted.items():
        weight = np.array([weights.get(place, 0.0) for place in places])
        variance = float(weight @ covariance @ weight)
        estimates.append(_estimate(name, float(weight @ centre), sqrt(max(variance, 0.0)), freedom))
    edge = tuple(name for name in kept if spread[name] < ZERO * spread[RESIDUAL])
    return MixedFit(tuple(estimates), spread, len(response), freedom, converged, edge)


def _estimate(name: str, value: float, error: float, freedom: float) -> Estimate:
    from scipy.special import ndtr, ndtri, stdtr, stdtrit

    many = not isfinite(freedom)
    quantile = float(ndtri((1 + LEVEL) / 2) if many else stdtrit(freedom, (1 + LEVEL) / 2))
    far = -abs(value) / error if error else float("-inf") if value else 0.0
    p = 2 * float(ndtr(far) if many else stdtr(freedom, far))
    return Estimate(name, value, error, value - quantile * error, value + quantile * error, p)


def _mixed(
    response: NDArray[np.float64], design: NDArray[np.float64], groups: Mapping[str, Sequence[Hashable]]
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[str, float], bool]:
    """Return (estimates, their covariance, standard deviations, whether it converged)."""
    import numpy as np
    from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

    scale = float(response.std()) or 1.0  # the search is for numbers of about 1
    names = list(groups)
    indicators = [_indicators(groups[name]) for name in names]
    levels = [[str(i) for i in range(one.shape[1])] for one in indicators]
    components = VCSpec(names, [[own] for own in levels], [[one] for one in indicators])
    model = MixedLM(response / scale, design, np.zeros(len(response), int), exog_vc=components)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a variance at the edge is told by ``edge``, no convergence by ``converged``
        fitted: Any = model.fit(reml=True, method=["bfgs", "lbfgs", "powell"])
    variances = [max(float(one), 0.0) * scale**2 for one in (*fitted.vcomp, fitted.scale)]
    spread = {name: sqrt(one) for name, one in zip((*names, RESIDUAL), variances, strict=True)}
    covariance = _covariance(design, indicators, variances)
    centre = np.asarray(fitted.fe_params, float) * scale
    return centre, covariance, spread, bool(fitted.converged) and bool(np.isfinite(covariance).all())


def _covariance(
    design: NDArray[np.float64], indicators: Sequence[NDArray[np.float64]], variances: Sequence[float]
) -> NDArray[np.float64]:
    """Return the covariance of the fixed effects given the variances, which is theirs by generalised least squares."""
    import numpy as np

    whole = variances[-1] * np.eye(len(design))
    for variance, own in zip(variances, indicators, strict=False):
        whole += variance * own @ own.T
    return np.asarray(np.linalg.inv(design.T @ np.linalg.solve(whole, design)))


def _indicators(levels: Sequence[Hashable]) -> NDArray[np.float64]:
    import numpy as np

    known = list(dict.fromkeys(levels))
    return np.array([[float(level == one) for one in known] for level in levels])


def _least_squares(
    response: NDArray[np.float64], design: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[str, float], bool]:
    """Return what ``_mixed`` does where nothing is random but the residual."""
    import numpy as np

    inverse = np.linalg.inv(design.T @ design)
    centre = inverse @ design.T @ response
    left = response - design @ centre
    variance = float(left @ left) / (len(response) - design.shape[1])
    return centre, inverse * variance, {RESIDUAL: sqrt(variance)}, True


def arm_model(rows: Sequence[Row], against: str) -> MixedFit | None:
    """Return the differences of all arms from one: score ~ arm, random language (within its target), seed and run.

    None where that arm has no score, or there are too few runs for an interval.
    """
    arms = [arm for arm in dict.fromkeys(row.arm for row in rows) if arm != against]
    if not arms or all(row.arm != against for row in rows):
        return None
    columns = {arm: [float(row.arm == arm) for row in rows] for arm in arms}
    return _of_scores(rows, columns, {arm: {arm: 1.0} for arm in arms})


def order_model(rows: Sequence[Row], orders: Orders) -> MixedFit | None:
    """Return what the last stage of an order does, and the one right before it: score ~ last + before, random as above.

    Each estimate, ``last STAGE`` or ``before STAGE``, is the deviation of that stage from the mean over all stages. With two
    stages what came before says nothing that the last does not. None where there are too few runs.
    """
    own = [row for row in rows if row.arm in orders.whole]
    columns: dict[str, list[float]] = {}
    told: dict[str, Combination] = {}
    for word, place in (("last", -1), ("before", -2))[: 1 + (len(orders.stages) > 2)]:
        *others, rest = orders.stages
        for stage in others:
            at = [orders.whole[row.arm][place] for row in own]
            columns[f"{word} {stage}"] = [float(one == stage) - float(one == rest) for one in at]
            told[f"{word} {stage}"] = {f"{word} {stage}": 1.0}
        told[f"{word} {rest}"] = {f"{word} {stage}": -1.0 for stage in others}
    return _of_scores(own, columns, told)


def _of_scores(
    rows: Sequence[Row], columns: Mapping[str, Sequence[float]], told: Mapping[str, Combination]
) -> MixedFit | None:
    """Return the model of scores with a random intercept for each language, seed, run and, over targets, run on a target."""
    scored = [i for i, row in enumerate(rows) if row.value is not None]
    rows = [rows[i] for i in scored]
    seeds, runs = {row.seed for row in rows}, {(row.arm, row.seed) for row in rows}
    freedom = len(runs) - len(columns) - len(seeds)  # as many as runs, less the base, the columns and the other seeds
    if freedom < 1:
        return None
    groups: dict[str, list[Hashable]] = {
        "language": [(row.task, row.language) for row in rows],
        "seed": [row.seed for row in rows],
        "run": [(row.arm, row.seed) for row in rows],
    }
    if len({row.task for row in rows}) > 1:
        groups["run on a target"] = [(row.arm, row.seed, row.task) for row in rows]
    chosen = {name: [column[i] for i in scored] for name, column in columns.items()}
    values = [row.value for row in rows if row.value is not None]
    try:
        return fit_mixed(values, chosen, groups, freedom=freedom, told=told)
    except ValueError:
        return None
