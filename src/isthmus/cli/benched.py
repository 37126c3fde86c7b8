"""Measurements on the terminal: what was measured on, what each model weighs, and how fast it is in each language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.console import Console

from isthmus.analysis.latency import Ratio, ratio_of, rounds_of
from isthmus.cli.printing import grid, short, size
from isthmus.results.measured import Interval, Measurements, Timed

ALL = "all"
MILLI = 1e3


def print_measurements(found: Measurements, to: Console) -> None:
    """Print measurements as tables, what is in doubt first."""
    _print_machine(found, to)
    to.print(grid(["model", "on disk", "parameters", "first call", "memory"], [_weight(one) for one in found.timed]))
    ratio = ["x first"] if len(found.timed) > 1 else []
    headers = ["language", "model", "p50 ms", "p95 ms", "p99 ms", "queries", *ratio]
    to.print(grid(headers, list(_by_language(found, _latency)), names=2))
    energy, layers = ["J / example"] if found.machine.energy else [], ["layers"] if _exits(found) else []
    headers = ["language", "model", "examples / s", "tokens / s", "GFLOP / example", *energy, *layers, *ratio]
    to.print(grid(headers, list(_by_language(found, _throughput)), names=2))
    for one in found.timed:
        if one.grid:
            to.print(f"{one.name}: milliseconds of a batch (down) of windows of so many sub-words (across)")
            to.print(_grid(one))
    if ratio:
        to.print(
            "x first: seconds (latency) or examples a second (throughput) against the first model, round by round: 95 %"
        )
    if _exits(found):
        to.print("layers: how many a window goes through on average before a layer is sure enough to answer")
    to.print("p50, p95, p99 and rates have 95 % intervals by bootstrap; tokens are those of the text, never padding")


def _print_machine(found: Measurements, to: Console) -> None:
    machine, protocol, noise = found.machine, found.protocol, found.noise
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    threads = f"{machine.threads} of {machine.cores} cores" if machine.device == "cpu" else machine.device
    to.print(f"{found.task} on {machine.cpu}, {threads}, {size(machine.memory_bytes)}; {versions}")
    to.print(
        f"at least {protocol.queries} queries, {protocol.rounds} rounds and {protocol.seconds:g} s a model and language"
    )
    to.print(f"energy: by {machine.energy}" if machine.energy else f"energy: not measured: {machine.energy_why}")
    if noise.noisy:
        to.print(f"the machine was NOISY, so doubt the figures: {'; '.join(noise.why)}", style="yellow")
    else:
        to.print(f"the machine was quiet: the same work varied by {noise.spread:.1%} and drifted by {noise.drift:+.1%}")


def _weight(one: Timed) -> list[str]:
    first = f"{one.first_call_seconds:.2f} s"
    return [one.name, size(one.disk_bytes), short(one.parameters), first, size(one.peak_bytes)]


Row = Callable[[Measurements, Timed, str], list[str]]


def _by_language(found: Measurements, row: Row) -> Iterator[list[str]]:
    """Yield a row of each model in each language, then the ratios over all languages."""
    for language in found.timed[0].languages:
        for number, one in enumerate(found.timed):
            yield [language if not number else "", one.name, *row(found, one, language)]
    if len(found.timed) > 1 and len(found.timed[0].languages) > 1:
        quantity = "latency" if row is _latency else "throughput"
        blank = [""] * (len(row(found, found.timed[0], next(iter(found.timed[0].languages)))) - 1)
        for number, one in enumerate(found.timed):
            ratio = _against(found, one, list(one.languages), quantity)
            yield [ALL if not number else "", one.name, *blank, ratio]


def _latency(found: Measurements, one: Timed, language: str) -> list[str]:
    latency = one.languages[language].latency
    times = [_interval(interval, MILLI) for interval in (latency.p50, latency.p95, latency.p99)]
    return [*times, f"{latency.n:,}", *_ratio(found, one, language, "latency")]


def _throughput(found: Measurements, one: Timed, language: str) -> list[str]:
    spoken = one.languages[language]
    rates = [
        _interval(interval, 1.0) for interval in (spoken.throughput.examples_per_second, spoken.throughput.tokens_per_second)
    ]
    energy = ["" if spoken.joules is None else f"{spoken.joules:.3g}"] if found.machine.energy else []
    layers = ["" if spoken.depth is None else f"{spoken.depth:.2f}"] if _exits(found) else []
    return [*rates, f"{spoken.flops / 1e9:.3g}", *energy, *layers, *_ratio(found, one, language, "throughput")]


def _exits(found: Measurements) -> bool:
    """Return whether lower layers of some model may answer."""
    return any(spoken.depth is not None for one in found.timed for spoken in one.languages.values())


def _interval(interval: Interval, scale: float) -> str:
    return f"{interval.value * scale:,.4g} [{interval.low * scale:,.4g}, {interval.high * scale:,.4g}]"


def _ratio(found: Measurements, one: Timed, language: str, quantity: str) -> list[str]:
    """Return the cell of the ratio to the first model in a language; none where there is nothing to compare."""
    return [_against(found, one, [language], quantity)] if len(found.timed) > 1 else []


def _against(found: Measurements, one: Timed, languages: Sequence[str], quantity: str) -> str:
    """Return the ratio to the first model with its interval, empty for that model itself."""
    first = found.timed[0]
    if one is first:
        return ""
    if quantity == "latency":
        return _said(ratio_of(rounds_of([one], languages, "latency"), rounds_of([first], languages, "latency")))
    return _said(ratio_of(rounds_of([first], languages, "throughput"), rounds_of([one], languages, "throughput")))


def _said(ratio: Ratio) -> str:
    ends = ratio.ends()
    return f"{ratio.ratio:.3f} [{ends[0]:.3f}, {ends[1]:.3f}]" if ends else f"{ratio.ratio:.3f}"


def _grid(one: Timed) -> object:
    seconds = {(point.batch, point.length): point.seconds for point in one.grid}
    batches, lengths = (sorted({shape[place] for shape in seconds}) for place in (0, 1))
    rows = [
        [str(batch), *(f"{seconds[batch, length] * MILLI:.3g}" if (batch, length) in seconds else "" for length in lengths)]
        for batch in batches
    ]
    return grid(["batch", *map(str, lengths)], rows)
