"""How fast this machine is, as measured once and written down; reading it takes no torch."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from isthmus.core.errors import SetupError
from isthmus.core.files import write_atomic

FILE = "speed.json"
MEASURE = "isthmus.compute.measure"  # run as a program of its own: it loads torch, and uses all cores
PATIENCE = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Speed:
    """Floating-point operations a second with all cores at work, by precision, and when they were measured (UTC)."""

    host: str
    device: str
    threads: int
    training: Mapping[str, float]
    prediction: Mapping[str, float]
    measured: str


def read_speed(folder: Path) -> Speed | None:
    """Return the latest speed of this host, or None where none was measured or the file is of no use."""
    latest = [speed for speed in _read(folder).values() if speed.host == socket.gethostname()]
    return max(latest, key=lambda speed: speed.measured, default=None)


def measure_speed(folder: Path) -> Speed:
    """Measure this machine in another process and write it down; raises SetupError where that fails."""
    # As in a run's workers, threads that wait sleep: spinning, they would take the cores from those that compute.
    env = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, "-m", MEASURE]
    try:
        ended = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=PATIENCE)
        speed = Speed(**json.loads(ended.stdout.splitlines()[-1]))
    except subprocess.CalledProcessError as error:
        last = error.stderr.strip().splitlines()[-1:] or [f"exit status {error.returncode}"]
        raise SetupError(f"this machine's speed cannot be measured: {last[0]}") from error
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError) as error:
        raise SetupError(f"this machine's speed cannot be measured: {error}") from error
    write_speed(folder, speed)
    return speed


def write_speed(folder: Path, speed: Speed) -> None:
    """Write a speed beside those of other hosts and devices; raises SetupError where the folder cannot be written."""
    known = {**_read(folder), f"{speed.host} {speed.device}": speed}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(folder / FILE, json.dumps({key: asdict(one) for key, one in known.items()}, indent=1).encode())
    except OSError as error:
        raise SetupError(f"{folder / FILE} cannot be written ({error.strerror})") from error


def _read(folder: Path) -> dict[str, Speed]:
    try:
        return {key: Speed(**record) for key, record in json.loads((folder / FILE).read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):  # a cache: what cannot be read is measured again
        return {}
