"""How far a run is: what has ended, what runs, how much is left; what every display shows."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from isthmus.execution.context import Progress
from isthmus.execution.filling import Filling
from isthmus.execution.outcome import State
from isthmus.plan.step import Step

TOO_EARLY = 0.005  # share of the work below which an extrapolation says nothing


@dataclass
class Running:
    """One running step and its reports; ``first`` may be far from 0 where it resumed from a checkpoint."""

    step: Step
    first: Progress | None = None
    first_at: float = 0.0
    latest: Progress | None = None

    def note(self, progress: Progress) -> None:
        """Take a report; a new phase counts anew."""
        if self.first is None or progress.phase != self.first.phase or progress.done < self.first.done:
            self.first, self.first_at = progress, time.monotonic()
        self.latest = progress

    @property
    def share(self) -> float:
        """Return how much of the step is done, 0 to 1."""
        return min(1.0, self.latest.done / self.latest.total) if self.latest and self.latest.total > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Return the estimated seconds to the end of the phase, by the speed since its first report."""
        if self.first is None or self.latest is None or self.latest.done <= self.first.done:
            return None
        speed = (self.latest.done - self.first.done) / max(time.monotonic() - self.first_at, 1e-9)
        return max(0.0, self.latest.total - self.latest.done) / speed


@dataclass
class Tally:
    """The state of one run: ``total`` steps and ``flops`` that have to be done, ``elsewhere`` held by another run."""

    total: int
    cached: int
    flops: float
    started: float = field(default_factory=time.monotonic)
    ended: Counter[State] = field(default_factory=Counter)
    flops_ended: float = 0.0
    running: dict[str, Running] = field(default_factory=dict)
    elsewhere: int = 0
    stopping: bool = False
    filling: Filling = field(default_factory=Filling)

    def end(self, step: Step, state: State) -> None:
        """Count one step as ended."""
        self.running.pop(step.id, None)
        self.ended[state] += 1
        self.flops_ended += step.cost.flops
        if state in (State.DONE, State.SHARED):
            self.filling.end(step.id)

    @property
    def elapsed(self) -> float:
        """Return the seconds since the run began."""
        return time.monotonic() - self.started

    @property
    def share(self) -> float:
        """Return how much of the work is done, 0 to 1: by operations where they are known, else by steps."""
        if self.flops > 0:
            under_way = sum(live.step.cost.flops * live.share for live in self.running.values())
            return min(1.0, (self.flops_ended + under_way) / self.flops)
        return self.ended.total() / self.total if self.total else 1.0

    @property
    def seconds_left(self) -> float | None:
        """Return the estimated seconds to the end, by the measured rate; None while it is too early to tell."""
        return self.elapsed * (1 - self.share) / self.share if self.share > TOO_EARLY else None
