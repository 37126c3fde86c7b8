"""Predict one language of one task with a trained model, or by comparing sentence vectors."""

from __future__ import annotations

from typing import Any

from isthmus.evaluation.predictions import write_predictions
from isthmus.execution.context import Context, Progress
from isthmus.execution.data import read_data
from isthmus.plan.resolve import COMPARED


def run(context: Context) -> None:
    """Write ``predictions.jsonl``, and beside it ``layers.json`` (retrieval) or ``threshold.json`` (mining, 'no answer')."""
    from isthmus.evaluation import mining, no_answer, retrieval
    from isthmus.evaluation.predict import predict
    from isthmus.evaluation.ranking import rank
    from isthmus.evaluation.similarity import Similarity
    from isthmus.execution.loaded import encoder_of, pool_of, task_model_of
    from isthmus.models.trained import head_folder
    from isthmus.training.fine_tune import encoding_for

    settings, places = context.step.settings, context.step.places
    examples = read_data(settings["data"], places, settings["max_examples"])

    def tick(done: int, total: int) -> None:
        unit = "sentences" if settings["kind"] in COMPARED else "windows"
        context.report(Progress(done, total, unit, phase=settings["data"]["language"]))

    found: list[Any]
    if settings["kind"] in COMPARED:
        network = encoder_of(settings["family"], context.inputs["model"])
        asked = retrieval.layers_asked(network, settings["layer"])
        cut = encoding_for(network, settings["max_length"], settings["stride"])
        similarity = Similarity(
            settings.get("similarity", "cosine"), settings.get("neighbours", 4), settings.get("search", "exact")
        )
        how = (settings["pooling"], settings["precision"], tick, similarity)
        if settings["kind"] == "retrieval":
            layers = retrieval.retrieve(network, examples, cut, *how)
            retrieval.write_layers(context.output / "layers.json", layers)
            found = layers[asked[-1]]  # where a score chooses the layer, the score step puts its predictions beside it
        else:
            dev = read_data(settings["dev"], places)
            tuned = mining.thresholds(network, dev, cut, asked, *how)
            layer = mining.best_layer(tuned)
            mining.write_threshold(context.output / "threshold.json", tuned, layer)
            pairs = mining.mine(network, examples, cut, [layer], *how)[0]
            found = mining.chosen(pairs, len(examples), tuned[layer])
    else:
        # The head of an earlier stage is judged on the encoder that later ones made of it.
        head = head_folder(context.inputs.get("head", context.inputs["model"]), settings.get("head", ""))
        model, labels = task_model_of(settings["family"], context.inputs["model"], head)
        cut = encoding_for(model.network, settings["max_length"], settings["stride"])
        if settings["kind"] == "ranking":
            where = (context.inputs["model"], head)
            pool = pool_of(model, *where, examples[0].candidates, cut, settings["precision"], tick)
            found = rank(model, examples, pool, cut, settings["precision"], tick)
        else:
            found = predict(model, examples, labels, cut, settings["precision"], tick)
            if "dev" in settings:
                dev = read_data(settings["dev"], places)
                limit = no_answer.tune(predict(model, dev, labels, cut, settings["precision"], tick), dev)
                no_answer.write_threshold(context.output / "threshold.json", limit)
                found = no_answer.shifted(found, limit)
    write_predictions(context.output / "predictions.jsonl", [e.id for e in examples], found)
