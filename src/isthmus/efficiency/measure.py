"""Measuring checkpoints side by side: what they weigh, how fast they answer, and how quiet the machine was meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch

from isthmus.compute.device import micro_tokens
from isthmus.core.errors import SetupError, Stopped, UserError
from isthmus.efficiency.disk import parameters, stored
from isthmus.efficiency.energy import find_meter
from isthmus.efficiency.fleet import Checkpoint, Fleet, Serving, fit_together
from isthmus.efficiency.flops import flops_of
from isthmus.efficiency.fresh import FirstCall, first_calls
from isthmus.efficiency.grid import grid, shapes
from isthmus.efficiency.intervals import latency_of, throughput_of
from isthmus.efficiency.machine import machine_of
from isthmus.efficiency.noise import Clock, Listener
from isthmus.efficiency.rounds import Passes, Track, Turn, offline, single_stream
from isthmus.efficiency.serve import Server
from isthmus.results.measured import GridPoint, Measurements, Protocol, Spoken, Timed
from isthmus.sources.example import Ranked
from isthmus.sources.texts import texts_of

FIRST = 8  # examples that are answered in a fresh process, the longest among them
LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
Tick = Callable[[float, float, str], None]
FirstCalls = Callable[[Sequence[Checkpoint], Serving, Sequence[Any], Callable[[int, int], None]], list[FirstCall]]


@dataclass(frozen=True)
class Weight:
    """What is known of a checkpoint without a clock.

    By language: ``flops``, ``sub_words``, ``tokens`` (read by it), ``depth`` (layers, of early exits).
    """

    disk_bytes: int
    parameters: int
    flops: Mapping[str, float]
    sub_words: Mapping[str, int]
    tokens: Mapping[str, int]
    depth: Mapping[str, float | None]


def measure(
    checkpoints: Sequence[Checkpoint],
    examples: Mapping[str, Sequence[Any]],
    protocol: Protocol,
    serving: Serving,
    *,
    task: str,
    model: str = "",
    with_grid: bool = False,
    memory_limit: int | None = None,
    tick: Tick = lambda *_: None,
    stopping: Callable[[], bool] = lambda: False,
    clock: Clock = time.perf_counter,
    listener: Listener | None = None,
    fresh: FirstCalls = first_calls,
) -> Measurements:
    """Return what checkpoints cost on a task's own examples in each language, variants side by side.

    ``memory_limit`` (bytes; a good part of what is free where none is said): checkpoints that exceed it are loaded anew for
    each turn. ``tick(done, total, phase)`` tells progress. Raises Stopped between two rounds when ``stopping()`` turns true,
    UserError for a language without examples and for checkpoints that cannot answer these.
    """
    _check(checkpoints, examples)
    pause = _pausing(tick, stopping)
    with _threads(serving.threads):
        longest = _some(examples)
        calls = fresh(checkpoints, serving, longest, lambda done, total: pause(done, total, "first calls"))
        together = fit_together(checkpoints, serving.device, memory_limit)
        fleet = Fleet(len(checkpoints), lambda number: serving.server(checkpoints[number]), together=together)
        asked = replace(protocol, batch_tokens=fleet.server(0).batch_tokens)
        meter, why = find_meter(serving.device)
        heard = listener or Listener(clock)
        track = Track(fleet, examples, asked, heard.beat, pause, clock)
        try:
            weights = [_weighed(fleet.server(i), one, examples) for i, one in _counted(checkpoints, pause)]
            wanted = shapes(micro_tokens(serving.device), serving.max_length) if with_grid else []
            latencies = single_stream(track)
            passes = offline(track, meter)
            points = grid(track, wanted) if wanted else [()] * len(checkpoints)
        finally:
            fleet.close()
    told = replace(asked, batches=_axis(wanted, 0), lengths=_axis(wanted, 1))
    timed = [
        _timed(number, one, (weights[number], calls[number], points[number]), examples, (latencies, passes), asked.seed)
        for number, one in enumerate(checkpoints)
    ]
    machine = machine_of(serving.device, serving.threads, meter.name if meter else "", why)
    return Measurements(machine, told, task, model, heard.heard(), tuple(timed))


def _check(checkpoints: Sequence[Checkpoint], examples: Mapping[str, Sequence[Any]]) -> None:
    if not checkpoints:
        raise SetupError("no checkpoint to measure; expected one at the least")
    if not examples:
        raise UserError("no language to measure in; expected one at the least")
    for language, own in examples.items():
        if not own:
            raise UserError(f"no sentences in {language!r}; a language is measured on its own")
        if isinstance(own[0], Ranked):
            raise UserError("ranking compares a query with a whole pool; its latency is not measured")
    names = [one.name for one in checkpoints]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SetupError(f"two checkpoints are called {twice[0]!r}; expected a name of its own for each")


def _pausing(tick: Tick, stopping: Callable[[], bool]) -> Tick:
    def pause(done: float, total: float, phase: str) -> None:
        tick(done, total, phase)
        if stopping():
            raise Stopped("stopped while it was measured; figures of half a measurement are not kept")

    return pause


def _counted(checkpoints: Sequence[Checkpoint], pause: Tick) -> Iterator[tuple[int, Checkpoint]]:
    for number, one in enumerate(checkpoints):
        yield number, one
        pause(number + 1, len(checkpoints), "weights")


@contextmanager
def _threads(number: int) -> Iterator[None]:
    """Give torch, and libraries that were not used yet, so many threads."""
    before, kept = torch.get_num_threads(), {key: os.environ.get(key) for key in LIMITS}
    os.environ.update(dict.fromkeys(LIMITS, str(number)))
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)
        for key, value in kept.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


def _some(examples: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Return the examples that a fresh process answers: the first one, others, and the longest of all."""
    everything = [example for own in examples.values() for example in own]
    longest = max(everything, key=lambda example: sum(map(len, texts_of(example))))
    return [*everything[: FIRST - 1], longest]


def _weighed(server: Server, one: Checkpoint, examples: Mapping[str, Sequence[Any]]) -> Weight:
    def sub_words(language: str) -> int:
        texts = [text for example in examples[language] for text in texts_of(example)]
        return sum(map(len, server.encoding.ids(texts)))

    return Weight(
        stored(server.model, one.folder, one.head),
        parameters(server, one.folder, one.head),
        {language: flops_of(server, one.folder, own) for language, own in examples.items()},
        {language: sub_words(language) for language in examples},
        {language: sum(len(feature.ids) for feature in server.features(own)) for language, own in examples.items()},
        {language: server.depth(own) for language, own in examples.items()},
    )


def _timed(
    number: int,
    one: Checkpoint,
    known: tuple[Weight, FirstCall, tuple[GridPoint, ...]],
    examples: Mapping[str, Sequence[Any]],
    timed: tuple[Mapping[Turn, Sequence[Sequence[float]]], Mapping[Turn, Passes]],
    seed: int,
) -> Timed:
    weight, call, points = known
    latencies, offline_passes = timed
    languages = {}
    for language, own in examples.items():
        passes = offline_passes[number, language]
        languages[language] = Spoken(
            examples=len(own),
            words=sum(len(text.split()) for example in own for text in texts_of(example)),
            sub_words=weight.sub_words[language],
            flops=weight.flops[language],
            latency=latency_of(latencies[number, language], seed),
            throughput=throughput_of(passes.seconds, len(own), weight.tokens[language], seed),
            joules=None if passes.joules is None else passes.joules / len(passes.seconds) / len(own),
            depth=weight.depth[language],
        )
    return Timed(
        one.name, one.arm, one.model, one.variant, one.seed, weight.disk_bytes, weight.parameters,
        call.seconds, call.peak_bytes, languages, points,
    )  # fmt: skip


def _axis(wanted: Sequence[tuple[int, int]], place: int) -> tuple[int, ...]:
    return tuple(sorted({shape[place] for shape in wanted}))
