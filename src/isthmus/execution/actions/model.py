"""Bring in the encoder that arms start from: from the hub, from a directory, or with random weights."""

from __future__ import annotations

from isthmus.execution.context import Context
from isthmus.execution.data import unchanged


def run(context: Context) -> None:
    """Write ``encoder/``, a Hugging Face directory."""
    from isthmus.models.origin import copy_directory, download, randomise

    settings, places, output = context.step.settings, context.step.places, context.output / "encoder"
    match settings["origin"]:
        case "hub":
            download(settings["name"], settings["revision"], output)
        case "path":
            copy_directory(unchanged(places["path"], settings["files"]), output)
        case "config":
            if context.inputs:
                tokenizer = context.inputs["tokenizer"] / "tokenizer"
            else:
                tokenizer = unchanged(places["tokenizer"], settings["tokenizer"])
            randomise(settings["network"], tokenizer, settings["seed"], output)
        case "untrained":
            randomise(None, context.inputs["model"] / "encoder", settings["seed"], output)
        case other:
            raise AssertionError(other)
