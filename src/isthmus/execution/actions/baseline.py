"""Predict one language of one task by a rule that needs no network."""

from __future__ import annotations

from isthmus.evaluation.baseline import load_baseline
from isthmus.evaluation.predictions import write_predictions
from isthmus.execution.context import Context
from isthmus.execution.data import read_data
from isthmus.tasks.task import labels_of, load_kind


def run(context: Context) -> None:
    """Write ``predictions.jsonl``."""
    settings, places = context.step.settings, context.step.places
    train = read_data(settings["train"], places, settings.get("train_examples")) if settings["train"] else []
    examples = read_data(settings["data"], places, settings["max_examples"])
    labels = settings["labels"] or labels_of(load_kind(settings["kind"]), train)
    tokenizer = None
    if context.inputs:
        from isthmus.execution.loaded import tokenizer_of

        tokenizer = tokenizer_of(context.inputs["tokenizer"])
    found = load_baseline(settings["name"])(train, examples, labels, tokenizer)
    write_predictions(context.output / "predictions.jsonl", [e.id for e in examples], found)
