"""Go on with masked language modelling on raw text: an intermediate stage without labels."""

from __future__ import annotations

import json

from isthmus.execution.context import Context
from isthmus.execution.data import read_data
from isthmus.execution.session import session_of
from isthmus.sources.corpora import corpus_of
from isthmus.study.spec import Recipe


def run(context: Context) -> None:
    """Write ``encoder/`` with its vocabulary head, and ``training.json``."""
    from isthmus.models.trained import ENCODER
    from isthmus.training.pretrain import continue_pretraining

    settings, places = context.step.settings, context.step.places
    few = settings.get("train_examples")
    text = {record["language"]: corpus_of(read_data(record, places, few)) for record in settings["data"]}
    model, place, fate = continue_pretraining(
        context.inputs["model"] / ENCODER, text, Recipe(**settings["recipe"]), settings["mask"], settings["alpha"],
        settings["seed"], session_of(context),
    )  # fmt: skip
    model.save(context.output / ENCODER)
    record = {"steps": place.step, "tokens": place.tokens, "losses": place.losses, "heads": {"vocabulary": fate}}
    (context.output / "training.json").write_text(json.dumps(record), encoding="utf-8")
