"""What was measured of models at work: latency, throughput, memory, energy, and the machine it was measured on.

Seconds, bytes, joules; a figure with an interval has the bounds of its 95 % bootstrap interval beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from isthmus.core.errors import CorruptArtifact
from isthmus.core.files import write_atomic

FILE = "measurements.json"


@dataclass(frozen=True)
class Interval:
    """A figure and the bounds of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Machine:
    """What was measured on.

    ``cpu`` is the model's name, ``cores`` those this process may use, ``threads`` those it used, ``device`` ``cpu`` or the
    name of the GPU, ``memory_bytes`` the memory of the machine; ``versions`` name the libraries that compute. ``energy`` is
    rapl, nvml or empty, and ``energy_why`` then says why no energy could be read.
    """

    cpu: str
    cores: int
    threads: int
    device: str
    memory_bytes: int
    versions: Mapping[str, str]
    energy: str = ""
    energy_why: str = ""


@dataclass(frozen=True)
class Protocol:
    """How it was measured: rounds went on until all of the least figures were reached.

    ``warmup``: rounds that are not counted; ``seconds`` and ``queries``: the least of each variant and language;
    ``rounds``: the least number; ``batch_tokens``: padded sub-words in one batch of the offline passes; ``seed``: of the
    order of variants, of the queries drawn and of the bootstrap; ``passes``: the least number of offline passes; ``loads``:
    how often all were loaded anew, in a drawn order, in the course of the rounds (1: never after the first time);
    ``batches`` and ``lengths``: of the grid, none where it was not asked for.
    """

    warmup: int = 2
    seconds: float = 2.0
    queries: int = 64
    rounds: int = 20
    batch_tokens: int = 4096
    seed: int = 1
    passes: int = 12
    loads: int = 6
    batches: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Noise:
    """How quiet the machine was, told by a fixed piece of work that was done in every round.

    ``noisy``: whether figures are in doubt, ``why`` in words; ``spread``: the scaled median absolute deviation over the
    median; ``drift``: the relative change of the median from the first third of it to the last; ``load``: the share of the
    machine's processors that other processes kept busy meanwhile, or the load average a core where only that is told;
    ``steal``: the share of time that a hypervisor took away, None where it is not told; ``governor``: of the CPU's
    frequency, empty where it is not told.
    """

    noisy: bool
    why: tuple[str, ...]
    spread: float
    drift: float
    load: float
    steal: float | None = None
    governor: str = ""


@dataclass(frozen=True)
class Latency:
    """Seconds of one example at a time from its text to its prediction, outliers kept.

    ``n`` queries were timed. ``rounds`` are the seconds of each round, summed over its queries; in one round every variant
    answered the same queries.
    """

    p50: Interval
    p95: Interval
    p99: Interval
    mean: Interval
    n: int
    rounds: tuple[float, ...]


@dataclass(frozen=True)
class Throughput:
    """All examples at once, in batches of like lengths; tokens are what the network reads, never padding.

    ``rounds`` are the seconds of each pass over all examples.
    """

    examples_per_second: Interval
    tokens_per_second: Interval
    rounds: tuple[float, ...]


@dataclass(frozen=True)
class Spoken:
    """One variant in one language: how much text there was, what it took.

    ``words`` (parted by spaces) and ``sub_words`` are totals over ``examples``: of their texts, special tokens and what
    windows share not counted. ``flops`` and ``joules`` are of one example, joules None where the platform reports none.
    ``depth``: how many layers a window went through on average, None where a model has no early exits.
    """

    examples: int
    words: int
    sub_words: int
    flops: float
    latency: Latency
    throughput: Throughput
    joules: float | None = None
    depth: float | None = None


@dataclass(frozen=True)
class GridPoint:
    """Seconds of one pass (the median) of ``batch`` windows of ``length`` sub-words through the network."""

    batch: int
    length: int
    seconds: float


@dataclass(frozen=True)
class Timed:
    """One variant of one trained model.

    ``name`` is its own in the file; ``variant`` is empty for the full model. ``disk_bytes``: what it needs to run.
    ``first_call_seconds``: loading and the first answer in a fresh process; ``peak_bytes``: the most memory of that process
    above what it held idle.
    """

    name: str
    arm: str
    model: str
    variant: str
    seed: int
    disk_bytes: int
    parameters: int
    first_call_seconds: float
    peak_bytes: int
    languages: Mapping[str, Spoken]
    grid: tuple[GridPoint, ...] = ()


@dataclass(frozen=True)
class Measurements:
    """Everything that was measured side by side in one go; ``model`` is the study's name of it, empty for a single one."""

    machine: Machine
    protocol: Protocol
    task: str
    model: str
    noise: Noise
    timed: tuple[Timed, ...]


def write_measurements(path: Path, measurements: Measurements) -> None:
    """Write measurements as JSON; figures that are no finite numbers are a broken invariant (ValueError)."""
    write_atomic(path, json.dumps(asdict(measurements), allow_nan=False, ensure_ascii=False).encode("utf-8"))


def read_measurements(path: Path) -> Measurements:
    """Read what ``write_measurements`` wrote; raises CorruptArtifact naming the file, the place in it and what is wrong."""
    from pydantic import ValidationError

    try:
        found: Measurements = _reader().validate_json(path.read_bytes())
    except OSError as error:
        raise CorruptArtifact(f"{path}: cannot be read ({error.strerror})") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CorruptArtifact(f"{path}: {where + ': ' if where else ''}{first['msg']}") from None
    if fault := _fault(found):
        raise CorruptArtifact(f"{path}: {fault}")
    return found


@lru_cache(maxsize=1)
def _reader() -> Any:
    from pydantic import ConfigDict, TypeAdapter, with_config

    strict = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    for record in (Interval, Machine, Protocol, Noise, Latency, Throughput, Spoken, GridPoint, Timed, Measurements):
        with_config(strict)(record)
    return TypeAdapter(Measurements)


def _fault(found: Measurements) -> str:
    """Return the first thing that a form alone does not forbid and no measuring gives, empty where there is none."""
    names = [timed.name for timed in found.timed]
    if not names or not found.timed[0].languages:
        return "timed: nothing was measured"
    if twice := sorted({name for name in names if names.count(name) > 1}):
        return f"timed: {twice[0]!r} is there twice"
    for timed in found.timed:
        if timed.languages.keys() != found.timed[0].languages.keys():
            return f"timed: {timed.name!r} has other languages than {names[0]!r}"
        for language, spoken in timed.languages.items():
            if fault := _spoken_fault(spoken, found.timed[0].languages[language]):
                return f"timed: {timed.name!r} in {language!r}: {fault}"
    return ""


def _spoken_fault(spoken: Spoken, first: Spoken) -> str:
    latency, throughput = spoken.latency, spoken.throughput
    intervals = {
        **{name: getattr(latency, name) for name in ("p50", "p95", "p99", "mean")},
        **{name: getattr(throughput, name) for name in ("examples_per_second", "tokens_per_second")},
    }
    for name, interval in intervals.items():
        if not 0 < interval.low <= interval.value <= interval.high:
            return f"{name}: {interval.value:g} is not within {interval.low:g} to {interval.high:g}, or not above 0"
    for name, own, others in (("latency", latency, first.latency), ("throughput", throughput, first.throughput)):
        if not own.rounds or len(own.rounds) != len(others.rounds):
            return f"{name}: {len(own.rounds)} rounds, {len(others.rounds)} expected: rounds are shared by all variants"
        if min(own.rounds) <= 0:
            return f"{name}: a round of {min(own.rounds):g} seconds"
    return ""
