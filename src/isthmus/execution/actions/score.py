"""Score the predictions of one language by the official metrics of its task."""

from __future__ import annotations

import json

from isthmus.evaluation.predictions import read_predictions, write_predictions
from isthmus.evaluation.score import best_layer, count_predictions, development, score_predictions
from isthmus.execution.context import Context
from isthmus.execution.data import read_data
from isthmus.results.counts import write_counts
from isthmus.tasks.task import load_kind


def run(context: Context) -> None:
    """Write ``scores.json`` and the counts behind it; a stripped split has predictions but no score.

    Where a score chooses the layer, the predictions of that layer, which are those scored, lie beside it.
    """
    settings = context.step.settings
    examples = read_data(settings["data"], context.step.places, settings["max_examples"])
    kind = load_kind(settings["kind"])
    gold = [kind.gold(e) for e in examples]
    predicted = context.inputs["predictions"]
    found = read_predictions(predicted / "predictions.jsonl", [e.id for e in examples])
    layers = predicted / "layers.json"
    by_layer = json.loads(layers.read_bytes()) if layers.exists() else {}
    language = settings["data"]["language"]
    scores = score_predictions(settings["metrics"], settings["main"], gold, found, by_layer, language)
    if "chosen_on" in settings:
        other = context.inputs.get("chosen")
        layer = best_layer(json.loads((other / "scores.json").read_bytes()) if other else scores, settings["chosen_on"])
        found = by_layer[layer]
        scores |= {"layer": int(layer), "chosen_on": settings["chosen_on"]}
        scores["values"] = scores["by_layer"][layer] if scores["labelled"] else {}
        write_predictions(context.output / "predictions.jsonl", [e.id for e in examples], found)
    if settings["kind"] == "mining" and (predicted / "threshold.json").exists():
        scores |= development(json.loads((predicted / "threshold.json").read_bytes()), settings["main"])
    (context.output / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    if scores["labelled"]:
        write_counts(context.output, count_predictions(settings["metrics"], gold, found, language))
