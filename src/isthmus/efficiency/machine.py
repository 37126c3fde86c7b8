"""The machine that is measured on, as Linux tells of it; what it does not tell is left empty."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

from isthmus.compute.device import device_name
from isthmus.results.measured import Machine

PROC = Path("/proc")
PACKAGES = ("torch", "transformers", "tokenizers", "onnxruntime", "peft")


def machine_of(device: torch.device, threads: int, energy: str, energy_why: str, proc: Path = PROC) -> Machine:
    """Return what is measured on; ``energy`` names what counts it, ``energy_why`` says why nothing does."""
    return Machine(
        cpu=_cpu(proc),
        cores=cores(),
        threads=threads,
        device=device_name(device),
        memory_bytes=memory(proc, "MemTotal"),
        versions=_versions(),
        energy=energy,
        energy_why=energy_why,
    )


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def memory(proc: Path = PROC, which: str = "MemAvailable") -> int:
    """Return a figure of /proc/meminfo in bytes, 0 where it is not told."""
    for line in _lines(proc / "meminfo"):
        key, _, value = line.partition(":")
        if key == which:
            return int(value.split()[0]) * 1024
    return 0


def _cpu(proc: Path) -> str:
    for line in _lines(proc / "cpuinfo"):
        key, _, value = line.partition(":")
        if key.strip() in ("model name", "Model"):
            return value.strip()
    return platform.processor() or platform.machine()


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
