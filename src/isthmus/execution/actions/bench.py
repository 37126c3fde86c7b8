"""Measure what arms and variants of one model cost when they answer one task, side by side."""

from __future__ import annotations

from dataclasses import fields

from isthmus.execution.context import Context, Progress
from isthmus.execution.data import read_data
from isthmus.results.measured import FILE, Protocol, write_measurements


def run(context: Context) -> None:
    """Write ``measurements.json``."""
    from isthmus.compute.device import device_named
    from isthmus.efficiency.fleet import Checkpoint, Serving
    from isthmus.efficiency.measure import measure
    from isthmus.models.trained import head_folder

    settings, places = context.step.settings, context.step.places
    asked = settings["protocol"]
    known = {field.name for field in fields(Protocol)}
    checkpoints = [
        Checkpoint(
            name=one["label"],
            arm=one["arm"],
            model=settings["model"],
            variant=one["variant"],
            seed=one["seed"],
            folder=context.inputs[one["label"]],
            head=head_folder(context.inputs[one["label"]], one.get("head", "")),
            family=settings["family"],
        )
        for one in settings["checkpoints"]
    ]
    examples = {record["language"]: read_data(record, places, settings["max_examples"]) for record in settings["data"]}

    def tick(done: float, total: float, phase: str) -> None:
        context.report(Progress(done, total, "parts", phase=phase))

    measurements = measure(
        checkpoints,
        examples,
        Protocol(**{key: value for key, value in asked.items() if key in known}),
        Serving(
            device_named(asked.get("device")),
            asked.get("threads", 1),
            settings["max_length"],
            settings["stride"],
            settings["precision"],
        ),
        task=settings["task"],
        model=settings["model"],
        with_grid=asked.get("grid", False),
        tick=tick,
        stopping=context.stopping,
    )
    write_measurements(context.output / FILE, measurements)
