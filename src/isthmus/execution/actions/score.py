"""Score the predictions of one language by the official metrics of its task."""

from __future__ import annotations

import json

from isthmus.evaluation.predictions import read_predictions
from isthmus.evaluation.score import score_predictions
from isthmus.execution.context import Context
from isthmus.execution.data import read_data
from isthmus.tasks.task import load_kind


def run(context: Context) -> None:
    """Write ``scores.json``; a stripped split has predictions but no score."""
    settings = context.step.settings
    examples = read_data(settings["data"], context.step.places, settings["max_examples"])
    kind = load_kind(settings["kind"])
    found = read_predictions(context.inputs["predictions"] / "predictions.jsonl", [e.id for e in examples])
    scores = score_predictions(settings["metrics"], settings["main"], [kind.gold(e) for e in examples], found)
    (context.output / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
