"""Figures of timed rounds with 95 % percentile intervals: rounds are drawn anew, since what is near in time is alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from isthmus.core.seeds import stream_seed
from isthmus.results.measured import Interval, Latency, Throughput

DRAWS = 500
BLOCK = 2**22  # figures held at a time
EDGES = (2.5, 97.5)  # percent
Figures = NDArray[np.float64]


def latency_of(rounds: Sequence[Sequence[float]], seed: int) -> Latency:
    """Return the latency of rounds x queries seconds, every round with as many queries, none left out."""
    seconds = np.asarray(rounds, dtype=np.float64)
    points = _latency(seconds.reshape(1, -1))[0]
    drawn = np.concatenate([_latency(seconds[chosen].reshape(len(chosen), -1)) for chosen in _draws(seconds, seed)])
    p50, p95, p99, mean = (_interval(*one) for one in zip(points, drawn.T, strict=True))
    return Latency(p50, p95, p99, mean, seconds.size, tuple(seconds.sum(1).tolist()))


def _latency(seconds: Figures) -> Figures:
    """Return draws x (p50, p95, p99, mean) of draws x queries seconds; a percentile is one of the seconds, as MLPerf's."""
    percentiles = np.percentile(seconds, [50, 95, 99], axis=1, method="inverted_cdf")
    return np.column_stack([*percentiles, seconds.mean(1)])


def throughput_of(passes: Sequence[float], examples: int, tokens: int, seed: int) -> Throughput:
    """Return the throughput of passes that took so many seconds each over so many examples and tokens."""
    seconds = np.asarray(passes, dtype=np.float64)
    drawn = np.concatenate([1 / seconds[chosen].mean(1) for chosen in _draws(seconds[:, None], seed)])
    per_second = _interval(float(1 / seconds.mean()), drawn)
    return Throughput(_times(per_second, examples), _times(per_second, tokens), tuple(passes))


def _draws(seconds: Figures, seed: int) -> list[NDArray[np.intp]]:
    """Return rounds drawn with replacement, draws x rounds, in parts that hold no more than BLOCK figures.

    The same seed and number of rounds give the same draws, so that two variants are drawn alike.
    """
    rounds = len(seconds)
    lot = np.random.default_rng(stream_seed(seed, f"rounds/{rounds}"))
    drawn = lot.integers(0, rounds, (DRAWS, rounds))
    return np.array_split(drawn, min(DRAWS, -(-DRAWS * seconds.size // BLOCK)))


def _interval(value: float, drawn: Figures) -> Interval:
    low, high = np.percentile(drawn, EDGES)
    # A percentile in the tail of few rounds may lie outside of what draws of them give.
    return Interval(float(value), float(min(low, value)), float(max(high, value)))


def _times(interval: Interval, factor: int) -> Interval:
    return Interval(interval.value * factor, interval.low * factor, interval.high * factor)
