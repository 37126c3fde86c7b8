"""Servers that take as long as they are told on a clock that only they move."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch

from isthmus.efficiency.fleet import Fleet
from isthmus.efficiency.rounds import Track
from isthmus.models.feature import Feature
from isthmus.results.measured import Protocol


@dataclass
class FakeClock:
    """Shows the seconds that were spent on it."""

    now: float = 0.0

    def __call__(self):
        return self.now

    def spend(self, seconds):
        self.now += seconds


@dataclass
class FakeServer:
    """Answers texts, ``pace`` seconds a character, times what ``slower(text, n)`` says of the n-th answer."""

    clock: FakeClock
    pace: float
    slower: object = None
    asked: list = field(default_factory=list)
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))

    def answer(self, text):
        self.asked.append(text)
        self.clock.spend(self.pace * len(text) * (self.slower(text, len(self.asked)) if self.slower else 1))
        return text.upper()

    def answers(self, texts):
        return [self.answer(text) for text in texts]

    def features(self, texts):
        return [Feature([1] * len(text), [0] * len(text), i, None) for i, text in enumerate(texts)]


TEXTS = {"en": ["a" * n for n in range(1, 13)], "de": ["b" * n for n in range(4, 20, 3)]}


def track_of(*paces, texts=TEXTS, together=True, beat=lambda: None, tick=lambda *_: None, slower=None, **protocol):
    """A track of pretended servers, one a pace, and the servers, in the order in which they were loaded."""
    clock, loaded = FakeClock(), []

    def load(number):
        loaded.append(FakeServer(clock, paces[number], slower if number == len(paces) - 1 else None))
        return loaded[-1]

    least = {"warmup": 1, "seconds": 0.0, "queries": 8, "rounds": 4, "passes": 3, "seed": 1, "loads": 1, **protocol}
    return Track(Fleet(len(paces), load, together=together), texts, Protocol(**least), beat, tick, clock), loaded
