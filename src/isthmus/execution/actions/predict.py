"""Predict one language of one task with a trained model, or by comparing sentence vectors."""

from __future__ import annotations

from isthmus.evaluation.predictions import write_predictions
from isthmus.execution.context import Context, Progress
from isthmus.execution.data import read_data


def run(context: Context) -> None:
    """Write ``predictions.jsonl``."""
    from isthmus.evaluation.predict import nearest_rows, predict, sentence_vectors
    from isthmus.execution.loaded import encoder_of, task_model_of
    from isthmus.training.fine_tune import encoding_for

    settings = context.step.settings
    examples = read_data(settings["data"], context.step.places, settings["max_examples"])

    def tick(done: int, total: int) -> None:
        context.report(Progress(done, total, "windows", phase=settings["data"]["language"]))

    if settings["kind"] == "retrieval":
        network = encoder_of(settings["family"], context.inputs["model"])
        cut = encoding_for(network, settings["max_length"], settings["stride"])
        chosen = (settings["layer"], settings["pooling"], settings["precision"], tick)
        queries = sentence_vectors(network, [e.query for e in examples], cut, *chosen)
        candidates = sentence_vectors(network, [e.candidate for e in examples], cut, *chosen)
        found = nearest_rows(queries, candidates)
    else:
        model = task_model_of(settings["family"], context.inputs["model"])
        cut = encoding_for(model.network, settings["max_length"], settings["stride"])
        found = predict(model, examples, settings["labels"], cut, settings["precision"], tick)
    write_predictions(context.output / "predictions.jsonl", [e.id for e in examples], found)
