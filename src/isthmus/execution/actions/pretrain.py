"""Pretrain a masked language model from scratch on raw text."""

from __future__ import annotations

import json

from isthmus.execution.context import Context
from isthmus.execution.data import read_text
from isthmus.execution.session import session_of
from isthmus.study.pretraining import Pretraining


def run(context: Context) -> None:
    """Write ``encoder/`` (with the vocabulary head, so that AutoModelForMaskedLM loads it too) and ``training.json``."""
    from isthmus.models.trained import ENCODER
    from isthmus.training.pretrain import pretrain

    places = context.step.places
    text = read_text(context.step.settings["text"], places)
    spec = Pretraining(**{**context.step.settings, "text": places["text"]})
    tokenizer = context.inputs["tokenizer"] / "tokenizer"
    model, place = pretrain(spec, tokenizer, text, session_of(context))
    model.save(context.output / ENCODER, half=spec.weights == "fp16")
    record = {"steps": place.step, "tokens": place.tokens, "losses": place.losses, "heads": {"vocabulary": "new, kept"}}
    if spec.pairs:
        record["heads"] = {"vocabulary": "new, kept", "pair": "dropped"}
    if spec.pairs or spec.contrast:
        record["losses_by_stream"] = place.by_stream
    (context.output / "training.json").write_text(json.dumps(record), encoding="utf-8")
