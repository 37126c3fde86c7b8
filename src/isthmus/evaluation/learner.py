"""What the baselines that learn have in common: how much they learn from, and how their model is chosen.

scikit-learn is imported inside the functions, so that the rules that learn nothing do without it.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import wraps
from random import Random
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Fit = TypeVar("Fit", bound=Callable[..., Any])
Make = Callable[[], Any]  # a scikit-learn classifier, not yet fitted

MOST = 20_000  # rows that are learnt from; more would cost minutes and change little
FOLDS = 3
SURE = 1e-6  # least probability that a label is taken to have had


def drawn(items: Sequence[T], most: int = MOST) -> list[T]:
    """Return the items or, where they are more than ``most``, as many of them drawn at random, the same ones each time."""
    if len(items) <= most:
        return list(items)
    return [items[i] for i in sorted(Random(0).sample(range(len(items)), most))]


def fitted_once(fit: Fit) -> Fit:
    """Remember what a function of training data returned last: forty languages of one task learn once."""
    last: list[Any] = []

    @wraps(fit)
    def remembered(*arguments: Any) -> Any:
        if not last or last[0] != arguments:
            last[:] = [arguments, fit(*arguments)]
        return last[1]

    return remembered  # type: ignore[return-value]


def folds_of(golds: Sequence[Hashable]) -> NDArray[np.int64]:
    """Return the fold of each example, drawn at random but the same each time, every label spread over all folds."""
    rank = {gold: number for number, gold in enumerate(dict.fromkeys(golds))}
    order = sorted(Random(0).sample(range(len(golds)), len(golds)), key=lambda place: rank[golds[place]])
    found = np.zeros(len(golds), dtype=np.int64)
    found[order] = np.arange(len(golds)) % FOLDS
    return found


def chosen(candidates: Sequence[Make], x: Any, y: NDArray[np.int64], folds: NDArray[np.int64]) -> Any:
    """Return the candidate with the least cross-validated log-loss, fitted on everything; of equals the first.

    Saying the majority always is a candidate, so that where nothing can be learnt nothing is.
    """
    from sklearn.dummy import DummyClassifier

    every: list[Make] = [DummyClassifier, *candidates]
    losses = [math.fsum(_loss(make, x, y, folds == fold) for fold in range(FOLDS)) for make in every]
    return fitted(every[losses.index(min(losses))], x, y)


def _loss(make: Make, x: Any, y: NDArray[np.int64], held: NDArray[np.bool_]) -> float:
    if not held.any() or held.all():
        return 0.0
    model = fitted(make, x[~held], y[~held])
    of_label = {label: column for column, label in enumerate(model.classes_.tolist())}
    said = model.predict_proba(x[held])
    got = [row[of_label[label]] if label in of_label else 0.0 for row, label in zip(said, y[held].tolist(), strict=True)]
    return -math.fsum(math.log(max(share, SURE)) for share in got)


def fitted(make: Make, x: Any, y: NDArray[np.int64]) -> Any:
    """Return a classifier learnt from rows ``x`` of classes ``y``; of a single class it says that one."""
    from sklearn.dummy import DummyClassifier
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a weight in its last digits changes no prediction
        return (make() if len(set(y.tolist())) > 1 else DummyClassifier()).fit(x, y)


class Columns:
    """Which column of a matrix each feature has: those that stand in at least ``least`` of the rows learnt from."""

    def __init__(self, rows: Iterable[Iterable[Hashable]], least: int = 2) -> None:
        counts = Counter(feature for row in rows for feature in dict.fromkeys(row))
        self.of = {feature: column for column, feature in enumerate(f for f, count in counts.items() if count >= least)}

    def matrix(self, rows: Sequence[Iterable[Hashable]]) -> Any:
        """Return a sparse matrix with a one where a row has a feature; features never met are nowhere."""
        from scipy.sparse import csr_matrix

        found = [sorted({self.of[feature] for feature in row if feature in self.of}) for row in rows]
        starts = np.cumsum([0, *map(len, found)])
        columns = np.fromiter((column for row in found for column in row), dtype=np.int64, count=int(starts[-1]))
        return csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(rows), max(1, len(self.of))))
