"""`isthmus measure`: how fast this machine trains and predicts, so that plans can tell the time."""

from __future__ import annotations

from dataclasses import asdict

from isthmus.cli.options import AsJson
from isthmus.cli.printing import console, grid, print_json, short
from isthmus.compute.speed import measure_speed
from isthmus.core.remembered import cache_folder


def measure(json: AsJson = False) -> None:
    """Measure how fast this machine trains and predicts, so that `plan` can tell the time.

    \b
    isthmus measure
    """
    speed = measure_speed(cache_folder())
    if json:
        print_json(asdict(speed))
        return
    rows = [[name, short(speed.training[name]), short(speed.prediction[name])] for name in speed.training]
    console().print(f"{speed.device} of {speed.host}, {speed.threads} threads, operations a second:")
    console().print(grid(["precision", "training", "prediction"], rows))
