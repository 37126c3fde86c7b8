"""Score the predictions of one language by the official metrics of its task."""

from __future__ import annotations

import json

from isthmus.evaluation.predictions import read_predictions
from isthmus.evaluation.score import count_predictions, score_predictions
from isthmus.execution.context import Context
from isthmus.execution.data import read_data
from isthmus.results.counts import write_counts
from isthmus.tasks.task import load_kind


def run(context: Context) -> None:
    """Write ``scores.json`` and the counts behind it; a stripped split has predictions but no score."""
    settings = context.step.settings
    examples = read_data(settings["data"], context.step.places, settings["max_examples"])
    kind = load_kind(settings["kind"])
    gold = [kind.gold(e) for e in examples]
    predicted = context.inputs["predictions"]
    found = read_predictions(predicted / "predictions.jsonl", [e.id for e in examples])
    layers = predicted / "layers.json"
    by_layer = json.loads(layers.read_bytes()) if layers.exists() else {}
    scores = score_predictions(settings["metrics"], settings["main"], gold, found, by_layer)
    (context.output / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    if scores["labelled"]:
        write_counts(context.output, count_predictions(settings["metrics"], gold, found))
