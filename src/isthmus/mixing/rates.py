"""Rates of a mix by a scheme: how often the next batch is one of each task."""

from __future__ import annotations

from collections.abc import Mapping

from isthmus.study.spec import Scheme


def rates_of(scheme: Scheme, sizes: Mapping[str, int | None]) -> dict[str, float]:
    """Return the rate of each task under a scheme; they sum to 1.

    ``sizes`` are numbers of training examples, None for raw text, which gets the scheme's own rate of ``mlm``.
    """
    text = [name for name, size in sizes.items() if size is None]
    power = {"proportional": 1.0, "uniform": 0.0, "temperature": 1 / (scheme.temperature or 1.0)}[scheme.scheme]
    weights = {name: min(size, scheme.cap or size) ** power for name, size in sizes.items() if size is not None}
    total = sum(weights[name] for name in sorted(weights))
    share = scheme.mlm if text and scheme.mlm else 0.0
    tasks = {name: (1 - share) * weight / total for name, weight in weights.items()}
    return tasks | {name: share / len(text) for name in text}
