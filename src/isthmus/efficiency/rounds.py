"""Turns: variants answer side by side, in rounds, the same queries in an order drawn anew each time.

After MLPerf Inference (Reddi et al. 2020): warm-up, a least duration and a least number of queries, nothing left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from random import Random
from typing import Any

from isthmus.core.seeds import stream
from isthmus.efficiency.energy import Meter
from isthmus.efficiency.fleet import Fleet
from isthmus.efficiency.noise import Clock
from isthmus.efficiency.serve import Server
from isthmus.models.feature import width_of
from isthmus.results.measured import Protocol

Turn = tuple[int, str]  # a variant's number and a language
Tick = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Track:
    """What a measurement needs: servers, examples by language, protocol, and what is done between turns.

    ``beat()`` is called before every block of turns; ``tick(done, total, phase)`` after every round, and may raise Stopped.
    """

    fleet: Fleet
    examples: Mapping[str, Sequence[Any]]
    protocol: Protocol
    beat: Callable[[], None]
    tick: Tick
    clock: Clock = time.perf_counter

    def stream(self, purpose: str) -> Random:
        """Return a private random generator for one purpose."""
        return stream(self.protocol.seed, purpose)


@dataclass
class Deck:
    """Examples dealt in a drawn order, all of them before any comes again."""

    examples: Sequence[Any]
    lot: Random
    left: list[Any] = field(default_factory=list)

    def deal(self, number: int) -> list[Any]:
        """Return the next examples."""
        dealt = []
        for _ in range(number):
            if not self.left:
                self.left = self.lot.sample(self.examples, len(self.examples))
            dealt.append(self.left.pop())
        return dealt


def blocks(fleet: Fleet, languages: Sequence[str], lot: Random) -> Iterator[list[Turn]]:
    """Yield a round's turns in blocks, variants in an order drawn anew.

    All variants one after the other in each language, so that what is compared is near in time; where each variant has to be
    loaded for its turn, it takes that in every language.
    """
    variants = range(fleet.count)
    if fleet.together:
        for language in languages:
            yield [(variant, language) for variant in lot.sample(variants, fleet.count)]
    else:
        for variant in lot.sample(variants, fleet.count):
            yield [(variant, language) for language in languages]


def single_stream(track: Track) -> dict[Turn, list[list[float]]]:
    """Return the seconds of every query, rounds x queries, of each variant in each language.

    Each turn begins with an answer that is not counted: the variant before it left its own weights in the caches. A variant
    that had to be loaded for its turn first answers all of the turn's queries uncounted. Where a variant lies in memory
    makes it quicker or slower for as long as it lies there (copies differ by 1 to 2 %; the first that was loaded is slower),
    so all are loaded anew a few times: then this varies from round to round, and an interval over rounds knows of it.
    """
    protocol, clock = track.protocol, track.clock
    anew = protocol.loads if track.fleet.together and protocol.loads > 1 else 0
    loads = 0
    if not anew:
        warm_up(track, protocol.warmup)
    per_round = max(1, ceil(protocol.queries / protocol.rounds))
    lot = track.stream("order of latency")
    decks = {language: Deck(own, track.stream(f"queries/{language}")) for language, own in track.examples.items()}
    timed: dict[Turn, list[list[float]]] = {turn: [] for turn in turns(track)}
    while waiting := [language for language in track.examples if _part(track, timed, language) < 1]:
        if loads < anew and _done(track, timed) >= loads / anew * len(track.examples):
            load_anew(track.fleet, lot)
            warm_up(track, 1 if loads else protocol.warmup)
            loads += 1
        queries = {language: decks[language].deal(per_round) for language in waiting}
        for block in blocks(track.fleet, waiting, lot):
            track.beat()
            for variant, language in block:
                server = track.fleet.server(variant)
                for query in queries[language][: 1 if track.fleet.together else None]:
                    server.answer(query)
                timed[variant, language].append([_seconds(server, query, clock) for query in queries[language]])
        track.tick(_done(track, timed), len(track.examples), "latency")
    return timed


def load_anew(fleet: Fleet, lot: Random) -> None:
    """Let go of all variants and load them again, in an order that is drawn."""
    fleet.close()
    for number in lot.sample(range(fleet.count), fleet.count):
        fleet.server(number)


def turns(track: Track) -> list[Turn]:
    """Return every variant in every language."""
    return [(variant, language) for variant in range(track.fleet.count) for language in track.examples]


def _seconds(server: Server, query: Any, clock: Clock) -> float:
    begun = clock()
    server.answer(query)
    return clock() - begun


def _done(track: Track, timed: Mapping[Turn, Sequence[Sequence[float]]]) -> float:
    """Return how many languages' worth of what is needed at the least is done."""
    return sum(_part(track, timed, language) for language in track.examples)


def _part(track: Track, timed: Mapping[Turn, Sequence[Sequence[float]]], language: str) -> float:
    """Return how much of what a language needs at the least is done: 1 when all is."""
    protocol = track.protocol
    own = [timed[variant, language] for variant in range(track.fleet.count)]
    done = (
        len(own[0]) / protocol.rounds,
        sum(map(len, own[0])) / protocol.queries,
        min(sum(map(sum, rounds)) for rounds in own) / protocol.seconds if protocol.seconds else 1.0,
    )
    return min(1.0, *done)


def warm_up(track: Track, times: int) -> None:
    """Let every variant answer one example of each shape in each language so many times, uncounted.

    What is prepared for a shape when it is first seen, kernels and compiled graphs, is prepared then.
    """
    shapes: dict[str, list[Any]] = {}
    for number in range(times):
        for variant in range(track.fleet.count):
            server = track.fleet.server(variant)
            for language, examples in track.examples.items():
                for example in shapes.setdefault(language, one_of_each_shape(server, examples)):
                    server.answer(example)
            track.tick(number * track.fleet.count + variant + 1, times * track.fleet.count, "warm-up")


def one_of_each_shape(server: Server, examples: Sequence[Any]) -> list[Any]:
    """Return the first of the examples of each number of windows and padded width."""
    found: dict[tuple[int, int], Any] = {}
    for example in examples:
        found.setdefault(shape_of(server, example), example)
    return list(found.values())


def shape_of(server: Server, example: Any) -> tuple[int, int]:
    """Return the number of windows and the padded width that an example has by itself."""
    features = server.features([example])
    return sum(feature.rows for feature in features), max(map(width_of, features))


@dataclass
class Passes:
    """Seconds of each offline pass over all examples, and the joules of all passes (None where nothing counts them)."""

    seconds: list[float] = field(default_factory=list)
    joules: float | None = 0.0

    def add(self, seconds: float, joules: float | None) -> None:
        """Take in one more pass."""
        self.seconds.append(seconds)
        self.joules = None if joules is None or self.joules is None else self.joules + joules


def offline(track: Track, meter: Meter | None = None) -> dict[Turn, Passes]:
    """Return passes of each variant over all examples of each language, side by side; the first one is not counted."""
    lot = track.stream("order of throughput")
    timed = {turn: Passes() for turn in turns(track)}
    number = 0
    while waiting := [language for language in track.examples if number == 0 or _passed(track, timed, language) < 1]:
        for block in blocks(track.fleet, waiting, lot):
            track.beat()
            for variant, language in block:
                found = _timed_pass(track.fleet.server(variant), track.examples[language], track.clock, meter)
                if number:
                    timed[variant, language].add(*found)
        number += 1
        track.tick(sum(_passed(track, timed, language) for language in track.examples), len(track.examples), "throughput")
    return timed


def _timed_pass(server: Server, examples: Sequence[Any], clock: Clock, meter: Meter | None) -> tuple[float, float | None]:
    """Return the seconds and the joules of one pass; what runs on another device than the meter counts has no joules."""
    counted = meter if meter and meter.device == server.device.type else None
    before, begun = counted.joules() if counted else 0.0, clock()
    server.answers(examples)
    seconds = clock() - begun
    return seconds, counted.joules() - before if counted else None


def _passed(track: Track, timed: Mapping[Turn, Passes], language: str) -> float:
    own = [timed[variant, language].seconds for variant in range(track.fleet.count)]
    least = min(map(sum, own)) / track.protocol.seconds if track.protocol.seconds else 1.0
    return min(1.0, len(own[0]) / track.protocol.passes, least)
