"""Go on with masked language modelling on raw text or translation pairs: an intermediate stage without labels."""

from __future__ import annotations

import json

from isthmus.execution.context import Context
from isthmus.execution.data import raw_text
from isthmus.execution.session import session_of
from isthmus.study.spec import Recipe


def run(context: Context) -> None:
    """Write ``encoder/`` with its vocabulary head, and ``training.json``."""
    from isthmus.models.trained import ENCODER
    from isthmus.training.pretrain import continue_pretraining
    from isthmus.training.raw import Raw

    settings = context.step.settings
    text = raw_text(settings["data"], context.step.places, settings.get("train_examples"))
    raw = Raw(text, settings["mask"], settings["alpha"], settings.get("language_rates", {}), settings.get("pivot"))
    model, place, fate = continue_pretraining(
        context.inputs["model"] / ENCODER, raw, Recipe(**settings["recipe"]), settings["seed"], session_of(context)
    )
    model.save(context.output / ENCODER)
    record = {"steps": place.step, "tokens": place.tokens, "losses": place.losses, "heads": {"vocabulary": fate}}
    record |= {"language_rates": raw.shares} if raw.shares else {}
    (context.output / "training.json").write_text(json.dumps(record), encoding="utf-8")
