"""How quiet the machine is while it is measured: a fixed piece of work between the turns, and what Linux says of others."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import torch

from isthmus.efficiency.machine import PROC
from isthmus.results.measured import Noise

Clock = Callable[[], float]
GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
SIZE, TIMES = 160, 24  # of the products of the fixed piece of work: some milliseconds on one core
SPREAD = 0.05  # relative; above it the rounds differ by more than the differences that are looked for
DRIFT = 0.05
SLOW, SLOW_SHARE = 1.5, 0.05  # a piece is slow that takes so many medians; so many of them are noise
OTHERS = 0.10  # share of all processors
STEAL = 0.01
SCALE = 1.4826  # the median absolute deviation of a normal distribution, times this, is its standard deviation
TICKS = float(os.sysconf("SC_CLK_TCK"))


@dataclass(frozen=True)
class Times:
    """Seconds of all processors together since the machine was started: at work, stolen by a hypervisor, in all."""

    busy: float
    stolen: float
    total: float


def cpu_times(proc: Path = PROC) -> Times | None:
    """Return the processors' times, or None where the system does not tell (source: proc(5), the line ``cpu``)."""
    try:
        first = (proc / "stat").read_text().splitlines()[0].split()
        user, nice, system, idle, waiting, irq, soft, stolen = (int(count) / TICKS for count in first[1:9])
    except (OSError, ValueError, IndexError):
        return None
    busy = user + nice + system + irq + soft
    return Times(busy, stolen, busy + idle + waiting + stolen) if busy + idle > 0 else None


def own_seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, whose))


@dataclass
class Listener:
    """Times the fixed piece of work whenever asked, and keeps what the system said as it was made."""

    clock: Clock = time.perf_counter
    proc: Path = PROC
    governor: Path = GOVERNOR
    work: Callable[[], None] | None = None
    beats: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.piece = self.work or _piece()
        self.piece()  # the first one allocates
        self.began, self.own = cpu_times(self.proc), own_seconds()

    def beat(self) -> None:
        """Time one piece of work."""
        begun = self.clock()
        self.piece()
        self.beats.append(self.clock() - begun)

    def heard(self) -> Noise:
        """Return how quiet it was since this was made."""
        ended = cpu_times(self.proc)
        others, stolen = os.getloadavg()[0] / len(os.sched_getaffinity(0)), None
        told = self.began is not None and ended is not None and ended.total > self.began.total
        if told:
            assert self.began is not None
            assert ended is not None
            total = ended.total - self.began.total
            stolen = (ended.stolen - self.began.stolen) / total
            others = max(0.0, ended.busy - self.began.busy - (own_seconds() - self.own)) / total
        try:
            governor = self.governor.read_text().strip()
        except OSError:
            governor = ""
        return judged(self.beats, others if told else None, stolen, governor, others)


def _piece() -> Callable[[], None]:
    square = torch.full((SIZE, SIZE), 1 / SIZE)

    def work() -> None:
        state = square
        for _ in range(TIMES):
            state = state @ square

    return work


def judged(beats: Sequence[float], others: float | None, steal: float | None, governor: str, load: float) -> Noise:
    """Return whether so many seconds of one and the same piece of work, and others at work meanwhile, are too much.

    ``others`` is the share of the processors that other processes used, None where it is not told: then ``load`` is the load
    average a core, of which nothing is concluded, since it holds what went before.
    """
    middle = median(beats)
    spread = SCALE * median(abs(beat - middle) for beat in beats) / middle
    part = max(1, len(beats) // 3)
    drift = median(beats[-part:]) / median(beats[:part]) - 1
    slow = sum(beat > SLOW * middle for beat in beats)
    why = []
    if spread > SPREAD:
        why.append(f"a fixed piece of work took {spread:.0%} more or less from one time to the next")
    if slow > SLOW_SHARE * len(beats):
        why.append(f"{slow} of {len(beats)} times it took over half as long again as usual")
    if abs(drift) > DRIFT:
        why.append(f"the machine became {abs(drift):.0%} {'slower' if drift > 0 else 'faster'} while it was measured")
    if others is not None and others > OTHERS:
        why.append(f"other processes used {others:.0%} of the processors")
    if steal is not None and steal > STEAL:
        why.append(f"the hypervisor took away {steal:.0%} of the processors' time")
    if why and governor and governor != "performance":
        why.append(f"the frequency of the CPU is not fixed (governor {governor})")
    return Noise(bool(why), tuple(why), spread, drift, load, steal, governor)
