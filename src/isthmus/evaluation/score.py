"""From gold and predictions to the content of scores.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import signature
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
    language: str = "",
) -> dict[str, Any]:
    """Return the values (0-100) of all metrics, the key of the official one, how many examples, and whether they have gold.

    ``by_layer`` are the predictions from other layers, each scored beside. ``language`` is that of the examples, for metrics
    that depend on it; such a metric raises ValueError where it is empty. Without any gold there are no values.
    Raises UserError when a part of the gold is missing, since a score over the rest would pass for the official one, and
    UnknownName for a metric that does not exist.
    """
    assert len(gold) == len(predictions) > 0, f"{len(gold)} examples, {len(predictions)} predictions"
    bare = [row for row, answer in enumerate(gold) if answer is None]
    if 0 < len(bare) < len(gold):
        raise UserError(
            f"{len(bare)} of {len(gold)} examples have no gold, the first is number {bare[0] + 1}; "
            "expected gold for all, or for none (a stripped test set)"
        )
    values = {} if bare else _values(task_metrics, gold, predictions, language)
    assert bare or main in values, f"no metric of {task_metrics} gives {main!r}, only {sorted(values)}"
    scores = {"values": values, "main": main, "n": len(gold), "labelled": not bare}
    if by_layer and not bare:
        scores["by_layer"] = {layer: _values(task_metrics, gold, found, language) for layer, found in by_layer.items()}
    return scores


def best_layer(scores: Mapping[str, Any], language: str) -> str:
    """Return the layer with the highest official figure in the scores of ``language``; the lowest of equals.

    Raises UserError where they do not tell their layers apart, for want of labels.
    """
    curve: Mapping[str, Mapping[str, float]] = scores.get("by_layer", {})
    if not curve:
        raise UserError(f"the layer is to be chosen on {language!r}, whose data have no labels; choose another chosen_on")
    return max(sorted(curve, key=int), key=lambda layer: curve[layer][scores["main"]])


def development(threshold: Mapping[str, Any], main: str) -> dict[str, Any]:
    """Return what the scores of mining say of the layer that its development data chose, ``threshold`` being the content of
    threshold.json: ``layer``, ``chosen_on`` and ``dev_by_layer``; nothing where the layer was given."""
    curve = threshold["dev_f1"]
    if len(curve) == 1:
        return {}
    by_layer = {layer: {main: figure} for layer, figure in curve.items()}
    return {"layer": threshold["layer"], "chosen_on": "dev", "dev_by_layer": by_layer}


def count_predictions(
    task_metrics: Sequence[str], gold: Sequence[Any | None], predictions: Sequence[Any], language: str = ""
) -> dict[str, list[tuple[float, ...]]]:
    """Return the sums behind each metric, a row an example; nothing where there is no gold; ``language`` as in a score."""
    if any(answer is None for answer in gold):
        return {}
    return {name: _in_language(COUNTS.load(name), language)(gold, predictions) for name in task_metrics}


def _values(metrics: Sequence[str], gold: Sequence[Any], predictions: Sequence[Any], language: str) -> dict[str, float]:
    values: dict[str, float] = {}
    for name in metrics:
        found = _in_language(METRICS.load(name), language)(gold, predictions)
        assert not values.keys() & found.keys(), f"metric {name} gives {sorted(values.keys() & found.keys())} once more"
        values.update(found)
    return values


def _in_language(metric: Callable[..., Any], language: str) -> Callable[..., Any]:
    """Return a metric's function of gold and predictions; one with a parameter ``language`` is given that."""
    return partial(metric, language=language) if "language" in signature(metric).parameters else metric
