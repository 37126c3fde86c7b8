"""Where, when and with what an artifact was made: kept beside it for people, never hashed."""

from __future__ import annotations

import platform
import socket
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PACKAGES = ("isthmus", "torch", "transformers", "tokenizers")


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results depend on, as far as they are installed."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def device() -> str:
    """Return the name of the accelerator this process has used, or ``cpu``; touches none and loads nothing."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return "cpu"
    return str(torch.cuda.get_device_name())


@dataclass(frozen=True)
class Stopwatch:
    """Runs from the moment it is made: wall clock, and processor time of this process with all its threads."""

    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    wall: float = field(default_factory=time.perf_counter)
    cpu: float = field(default_factory=time.process_time)

    @property
    def seconds(self) -> float:
        """Return the wall-clock seconds so far."""
        return time.perf_counter() - self.wall

    def provenance(self, threads: int) -> dict[str, Any]:
        """Return the record that is stored with an artifact finished now."""
        return {
            "host": socket.gethostname(),
            "versions": versions(),
            "device": device(),
            "threads": threads,
            "seconds": round(self.seconds, 3),
            "cpu_seconds": round(time.process_time() - self.cpu, 3),
            "started": self.started.isoformat(timespec="seconds"),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        }
