"""Make a variant of a trained model: one change, the model that was trained left as it is."""

from __future__ import annotations

from typing import Any

from isthmus.execution.context import Context, Progress
from isthmus.execution.data import read_data
from isthmus.sources.texts import all_texts


def run(context: Context) -> None:
    """Write the changed model, with ``variant.json``, which says how it is run and what was done to it."""
    from isthmus.models.family import load_family
    from isthmus.models.head import Encoding
    from isthmus.models.network import Network
    from isthmus.models.variant import Making, load_change
    from isthmus.training.fine_tune import encoding_for

    settings = context.step.settings
    change = load_change(settings["change"])
    examples: list[Any] = []
    texts: dict[str, list[str]] = {}
    for record in settings.get("data", ()):
        found = read_data(record, context.step.places, settings.get("train_examples"))
        if change.examples:
            examples += found
        else:
            texts.setdefault(record["language"], []).extend(all_texts(found))

    def encoding(network: Network) -> Encoding:
        return encoding_for(network, settings["max_length"], settings["stride"])

    def tick(done: int, total: int) -> None:
        context.report(Progress(done, total, "steps", phase=settings["change"]))

    making = Making(
        context.inputs["model"], context.output, load_family(settings["family"]), settings, encoding, tick, examples, texts
    )  # fmt: skip
    change.make(making)
