"""Fine-tune an encoder on one task: an intermediate stage, or a target."""

from __future__ import annotations

import json

from isthmus.evaluation.score import score_predictions
from isthmus.execution.context import Context
from isthmus.execution.data import read_data
from isthmus.execution.session import session_of
from isthmus.study.spec import Recipe
from isthmus.tasks.task import load_kind


def run(context: Context) -> None:
    """Write ``encoder/``, the head, and ``training.json`` (losses, development scores, the fate of each head)."""
    from isthmus.evaluation.predict import predict
    from isthmus.models.family import load_family
    from isthmus.models.task_model import TaskModel
    from isthmus.models.trained import ENCODER, HEAD, save_task_model
    from isthmus.training.fine_tune import encoding_for, fine_tune

    settings, places = context.step.settings, context.step.places
    recipe = Recipe(**settings["recipe"])
    labels, kind = settings["labels"], load_kind(settings["kind"])
    examples = [example for record in settings["data"] for example in read_data(record, places)]
    dev = None
    if settings["dev"] and recipe.early_stopping:
        dev = read_data(settings["dev"], places, recipe.early_stopping.examples)

    def dev_score(model: TaskModel) -> float:
        cut = encoding_for(model.network, recipe.max_length, recipe.stride)
        found = predict(model, dev or [], labels, cut, recipe.precision, lambda *_: None)
        scores = score_predictions(settings["metrics"], settings["main"], [kind.gold(e) for e in dev or []], found)
        return float(scores["values"][settings["main"]])

    source = context.inputs["model"]
    tuned = fine_tune(
        load_family(settings["family"]), source / ENCODER, settings["kind"], labels, examples, recipe, settings["seed"],
        session_of(context), dev_score if dev else None,
    )  # fmt: skip
    save_task_model(tuned.model, context.output, settings["kind"], labels)
    record = {
        "steps": tuned.place.step,
        "planned_steps": tuned.steps,
        "tokens": tuned.place.tokens,
        "losses": tuned.place.losses,
        "dev_scores": tuned.place.scores,
        "collapses": tuned.collapses,
        "heads": {settings["kind"]: "new", **({"of the stage before": "dropped"} if (source / HEAD).exists() else {})},
    }
    (context.output / "training.json").write_text(json.dumps(record), encoding="utf-8")
