"""From gold and predictions to the content of scores.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.core.errors import UserError
from isthmus.core.lookup import Shelf
from isthmus.tasks.task import METRICS

COUNTS = Shelf(METRICS.kind, METRICS.packages, "counts")


def score_predictions(
    task_metrics: Sequence[str],
    main: str,
    gold: Sequence[Any | None],
    predictions: Sequence[Any],
    by_layer: Mapping[str, Sequence[Any]] | None = None,
) -> dict[str, Any]:
    """Return the values (0-100) of all metrics, the key of the official one, how many examples, and whether they have gold.

    ``by_layer`` are the predictions from other layers, each scored beside. Without any gold there are no values.
    Raises UserError when a part of the gold is missing, since a score over the rest
    would pass for the official one, and UnknownName for a metric that does not exist.
    """
    assert len(gold) == len(predictions) > 0, f"{len(gold)} examples, {len(predictions)} predictions"
    bare = [row for row, answer in enumerate(gold) if answer is None]
    if 0 < len(bare) < len(gold):
        raise UserError(
            f"{len(bare)} of {len(gold)} examples have no gold, the first is number {bare[0] + 1}; "
            "expected gold for all, or for none (a stripped test set)"
        )
    values = {} if bare else _values(task_metrics, gold, predictions)
    assert bare or main in values, f"no metric of {task_metrics} gives {main!r}, only {sorted(values)}"
    scores = {"values": values, "main": main, "n": len(gold), "labelled": not bare}
    if by_layer and not bare:
        scores["by_layer"] = {layer: _values(task_metrics, gold, found) for layer, found in by_layer.items()}
    return scores


def count_predictions(
    task_metrics: Sequence[str], gold: Sequence[Any | None], predictions: Sequence[Any]
) -> dict[str, list[tuple[float, ...]]]:
    """Return the sums behind each metric, a row an example; nothing where there is no gold."""
    if any(answer is None for answer in gold):
        return {}
    return {name: COUNTS.load(name)(gold, predictions) for name in task_metrics}


def _values(metrics: Sequence[str], gold: Sequence[Any], predictions: Sequence[Any]) -> dict[str, float]:
    values: dict[str, float] = {}
    for name in metrics:
        found = METRICS.load(name)(gold, predictions)
        assert not values.keys() & found.keys(), f"metric {name} gives {sorted(values.keys() & found.keys())} once more"
        values.update(found)
    return values
