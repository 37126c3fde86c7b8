"""What every timed model and variant takes: over all its languages, and in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from isthmus.analysis.latency import configuration
from isthmus.results.measured import Interval, Measurements, Spoken, Timed
from isthmus.results.table import ALL


@dataclass(frozen=True, slots=True)
class Spent:
    """What one configuration takes on one target in a language or, as ``all``, the mean over those timed.

    Seconds, operations and joules (None where the platform reports none) are of one example at a time, bytes of the whole.
    A mean of several figures has the mean of their bounds, which lie further out than its own would.
    ``sub_words`` are those of one word, ``length`` those of one example. ``depth``: layers that a window goes through, None
    where it is all of them.
    """

    task: str
    configuration: str
    language: str
    seeds: tuple[int, ...]
    p50: Interval
    p95: Interval
    p99: Interval
    examples_per_second: Interval
    tokens_per_second: Interval
    sub_words: float
    length: float
    flops: float
    joules: float | None
    parameters: int
    disk_bytes: int
    peak_bytes: int
    first_call_seconds: float
    depth: float | None = None


def spent(measured: Sequence[Measurements]) -> tuple[Spent, ...]:
    """Return what everything timed takes, over all languages and then in each; seeds of one configuration are averaged."""
    return tuple(line for one in measured for line in _of(one))


def _of(measured: Measurements) -> Iterator[Spent]:
    seeds: dict[str, list[Timed]] = {}
    for timed in measured.timed:
        seeds.setdefault(configuration(timed), []).append(timed)
    for name, own in seeds.items():
        languages = tuple(own[0].languages)
        for language, spoken in ((ALL, languages), *((each, (each,)) for each in languages)):
            yield _line(measured.task, name, language, own, [one.languages[each] for one in own for each in spoken])


def _line(task: str, name: str, language: str, timed: Sequence[Timed], spoken: Sequence[Spoken]) -> Spent:
    joules = [one.joules for one in spoken if one.joules is not None]
    depths = [one.depth for one in spoken if one.depth is not None]
    return Spent(
        task=task,
        configuration=name,
        language=language,
        seeds=tuple(one.seed for one in timed),
        p50=_mean(spoken, lambda one: one.latency.p50),
        p95=_mean(spoken, lambda one: one.latency.p95),
        p99=_mean(spoken, lambda one: one.latency.p99),
        examples_per_second=_mean(spoken, lambda one: one.throughput.examples_per_second),
        tokens_per_second=_mean(spoken, lambda one: one.throughput.tokens_per_second),
        sub_words=fmean(one.sub_words / one.words for one in spoken),
        length=fmean(one.sub_words / one.examples for one in spoken),
        flops=fmean(one.flops for one in spoken),
        joules=fmean(joules) if len(joules) == len(spoken) else None,
        parameters=round(fmean(one.parameters for one in timed)),
        disk_bytes=round(fmean(one.disk_bytes for one in timed)),
        peak_bytes=round(fmean(one.peak_bytes for one in timed)),
        first_call_seconds=fmean(one.first_call_seconds for one in timed),
        depth=fmean(depths) if len(depths) == len(spoken) else None,
    )


def _mean(spoken: Sequence[Spoken], figure: Callable[[Spoken], Interval]) -> Interval:
    found = [figure(one) for one in spoken]
    return Interval(*(fmean(getattr(one, end) for one in found) for end in ("value", "low", "high")))
