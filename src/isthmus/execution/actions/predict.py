"""Predict one language of one task with a trained model, or by comparing sentence vectors."""

from __future__ import annotations

from isthmus.evaluation.predictions import write_predictions
from isthmus.execution.context import Context, Progress
from isthmus.execution.data import read_data
from isthmus.plan.resolve import COMPARED


def run(context: Context) -> None:
    """Write ``predictions.jsonl``; for retrieval ``layers.json`` beside it, for mining ``threshold.json``."""
    from isthmus.evaluation import mining, retrieval
    from isthmus.evaluation.predict import predict
    from isthmus.execution.loaded import encoder_of, task_model_of
    from isthmus.training.fine_tune import encoding_for

    settings, places = context.step.settings, context.step.places
    examples = read_data(settings["data"], places, settings["max_examples"])

    def tick(done: int, total: int) -> None:
        context.report(Progress(done, total, "windows", phase=settings["data"]["language"]))

    if settings["kind"] in COMPARED:
        network, layer = encoder_of(settings["family"], context.inputs["model"]), settings["layer"]
        network.check_layer(layer)
        cut = encoding_for(network, settings["max_length"], settings["stride"])
        how = (settings["pooling"], settings["precision"], tick)
        if settings["kind"] == "retrieval":
            layers = retrieval.retrieve(network, examples, cut, *how)
            retrieval.write_layers(context.output / "layers.json", layers)
            found = layers[layer]
        else:
            dev = read_data(settings["dev"], places)
            threshold = mining.tune(mining.mine(network, dev, cut, layer, *how), dev)
            mining.write_threshold(context.output / "threshold.json", threshold)
            found = mining.chosen(mining.mine(network, examples, cut, layer, *how), len(examples), threshold)
    else:
        model, labels = task_model_of(settings["family"], context.inputs["model"], settings.get("head", ""))
        cut = encoding_for(model.network, settings["max_length"], settings["stride"])
        found = predict(model, examples, labels, cut, settings["precision"], tick)
    write_predictions(context.output / "predictions.jsonl", [e.id for e in examples], found)
