"""Measurements that nobody made: what a step of a plan that times models would have written, with known ratios."""

from __future__ import annotations

import random
from collections.abc import Mapping
from statistics import fmean
from typing import Any

from isthmus.core.at_model import model_in
from isthmus.plan.step import Step
from isthmus.results.measured import (
    Interval,
    Latency,
    Machine,
    Measurements,
    Noise,
    Protocol,
    Spoken,
    Throughput,
    Timed,
)

MACHINE = Machine("Invented CPU <9>", 4, 1, "cpu", 8_000_000_000, {"torch": "2.13", "onnxruntime": "1.31"}, "", "no counter")
QUIET = Noise(False, (), 0.01, 0.0, 0.1)
NOISY = Noise(True, ("the fixed piece of work took 12 % longer & more",), 0.12, 0.09, 1.7)
MODELS = {"": 1.0, "small": 1.0, "large": 3.0}
VARIANTS = {"": 1.0, "shallow": 0.6, "int8": 0.5}
SUB_WORDS = {"en": 1.2, "de": 1.5, "nl": 1.45, "af": 1.6, "fi": 2.2, "ja": 9.0, "ko": 2.8}
JITTER = 0.01  # of the logarithm of a round
BASE = 0.004  # seconds of the full small model in a language of one sub-word a word
ROUNDS = 24


def expected_seconds(arm: str, variant: str, language: str, slower: Mapping[str, float]) -> float:
    """Return what one query takes where nothing is left to chance; ``slower`` holds factors by arm."""
    return BASE * MODELS[model_in(arm)] * VARIANTS[variant] * SUB_WORDS[language] ** 0.5 * slower.get(arm, 1.0)


def invented_measurements(step: Step, noise: Noise = QUIET, slower: Mapping[str, float] | None = None) -> Measurements:
    """Return measurements of everything that a step names."""
    settings, lot = step.settings, random.Random(step.name)
    languages = [data["language"] for data in settings["data"]]
    timed = tuple(_timed(one, languages, settings["model"], lot, slower or {}) for one in settings["checkpoints"])
    return Measurements(MACHINE, Protocol(rounds=ROUNDS), settings["task"], settings["model"], noise, timed)


def _timed(
    one: Mapping[str, Any], languages: list[str], model: str, lot: random.Random, slower: Mapping[str, float]
) -> Timed:
    size = MODELS[model] * VARIANTS[one["variant"]]
    return Timed(
        name=one["label"],
        arm=one["arm"],
        model=model,
        variant=one["variant"],
        seed=one["seed"],
        disk_bytes=int(40e6 * size),
        parameters=int(10e6 * size),
        first_call_seconds=0.5 * size,
        peak_bytes=int(60e6 * size),
        languages={
            name: _spoken(expected_seconds(one["arm"], one["variant"], name, slower), name, lot) for name in languages
        },
    )


def _spoken(seconds: float, language: str, lot: random.Random) -> Spoken:
    rounds = tuple(3 * seconds * lot.lognormvariate(0, JITTER) for _ in range(ROUNDS))
    passes = tuple(20 * seconds * lot.lognormvariate(0, JITTER) for _ in range(ROUNDS))
    mean, rate = fmean(rounds) / 3, 30 / fmean(passes)
    words, sub_words = 300, int(300 * SUB_WORDS[language])
    return Spoken(
        examples=30,
        words=words,
        sub_words=sub_words,
        flops=1e6 * sub_words / 30,
        latency=Latency(_around(mean), _around(1.2 * mean), _around(1.5 * mean), _around(mean), 3 * ROUNDS, rounds),
        throughput=Throughput(_around(rate), _around(rate * sub_words / 30), passes),
    )


def _around(value: float) -> Interval:
    return Interval(value, 0.99 * value, 1.01 * value)
