"""Timing variants in turn within one process: machines are noisy, so only ratios measured side by side are printed."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version

import torch


def heading(what: str) -> None:
    """Print what is measured, on what, with what."""
    machine = f"{platform.machine()}, {torch.get_num_threads()} thread(s), Python {platform.python_version()}"
    print(f"{what}\n{machine}, torch {version('torch')}, transformers {version('transformers')}")


def compare(variants: Mapping[str, Callable[[], float]], rounds: int = 5) -> None:
    """Run the variants in turn, ``rounds`` times after one warm-up; print the work a CPU second and the ratio to the first.

    Each variant does a fixed piece of work and returns how much it was.
    """
    rates: dict[str, list[float]] = {name: [] for name in variants}
    for round_ in range(rounds + 1):
        for name, run in variants.items():
            begun = time.process_time()
            work = run()
            if round_:
                rates[name].append(work / (time.process_time() - begun))
    first = next(iter(variants))
    for name, own in rates.items():
        ratios = sorted(a / b for a, b in zip(own, rates[first], strict=True))
        middle = statistics.median(ratios)
        print(f"  {name:<24} {statistics.median(own):>10.0f} /s   x{middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
