"""What share of a mix's batches each task has, as far as that is known before its examples are counted; for estimates."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from isthmus.study.rates import Schedule, Scheme, shared


def shares_of(rates: Mapping[str, float] | Scheme | Schedule, examples: Mapping[str, float]) -> dict[str, float]:
    """Return {task: share}, which sum to 1; ``examples`` are about how many there are of each task of the mix.

    Of a schedule it is the mean over the run.
    """
    if isinstance(rates, Schedule):
        return _over_a_run(rates, examples)
    if not isinstance(rates, Scheme):
        return {name: shared(rates).get(name, 0.0) for name in examples}
    text, power = rates.text, 0.0 if rates.scheme == "uniform" else 1.0 / (rates.temperature or 1.0)
    counts = {name: min(count, rates.cap or count) ** power for name, count in examples.items() if name not in text}
    rest = 1.0 - sum(text.values())
    return {name: text.get(name) or rest * counts[name] / sum(counts.values()) for name in examples}


def _over_a_run(schedule: Schedule, examples: Mapping[str, float]) -> dict[str, float]:
    legs = [(leg.place, shares_of(leg.rates, examples)) for leg in schedule.schedule]
    mean = dict.fromkeys(examples, 0.0)
    if schedule.linear:  # what stands before the first point and after the last stays as it is there
        legs = [(0.0, legs[0][1]), *legs, (1.0, legs[-1][1])]
        spans = [(after[0] - before[0], before[1], after[1]) for before, after in pairwise(legs)]
    else:
        starts = [0.0, *(place for place, _ in legs[:-1])]
        spans = [(place - start, own, own) for start, (place, own) in zip(starts, legs, strict=True)]
    for length, one, other in spans:
        for name in mean:
            mean[name] += length * (one[name] + other[name]) / 2
    return mean
