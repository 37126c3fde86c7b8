"""Energy as the platform counts it: RAPL for whole CPU packages, NVML for one GPU; what is idle beside the work is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch

POWERCAP = Path("/sys/class/powercap")
PACKAGE = "intel-rapl:"  # AMD's are called so, too; intel-rapl:0:1 is a part of intel-rapl:0
MICRO, MILLI = 1e-6, 1e-3


class Meter(Protocol):
    """What counts the energy of all devices of a kind (``cpu``) or of one (``cuda``)."""

    @property
    def device(self) -> str:
        """Return the kind of device: ``cpu`` or ``cuda``."""

    @property
    def name(self) -> str:
        """Return ``rapl`` or ``nvml``."""

    def joules(self) -> float:
        """Return the joules since the meter was made."""


@dataclass
class Rapl:
    """The packages of this machine; their counters begin again at 0 after ``max_energy_range_uj``.

    A counter that is read less than once a turn (half an hour at full load, say) loses whole turns.
    """

    zones: Sequence[Path]
    name: str = "rapl"
    device: str = "cpu"
    total: int = 0
    last: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ranges = [int((zone / "max_energy_range_uj").read_text()) for zone in self.zones]
        self.last = [_count(zone) for zone in self.zones]

    def joules(self) -> float:
        """Return the joules of all packages since the meter was made."""
        now = [_count(zone) for zone in self.zones]
        for before, after, size in zip(self.last, now, self.ranges, strict=True):
            self.total += after - before if after >= before else after - before + size
        self.last = now
        return self.total * MICRO


@dataclass
class Nvml:
    """One GPU by its handle in the NVIDIA management library ``library``."""

    library: Any
    handle: Any
    name: str = "nvml"
    device: str = "cuda"

    def __post_init__(self) -> None:
        self.start = int(self.library.nvmlDeviceGetTotalEnergyConsumption(self.handle))

    def joules(self) -> float:
        """Return the joules of the GPU since the meter was made."""
        return (int(self.library.nvmlDeviceGetTotalEnergyConsumption(self.handle)) - self.start) * MILLI


def find_meter(device: torch.device, powercap: Path = POWERCAP) -> tuple[Meter | None, str]:
    """Return what counts the energy of a device, or None and one sentence on why nothing does."""
    return _nvml(device.index or 0) if device.type == "cuda" else _rapl(powercap)


def _rapl(powercap: Path) -> tuple[Meter | None, str]:
    zones = sorted(zone for zone in powercap.glob(f"{PACKAGE}*") if zone.name.count(":") == 1 and _is_package(zone))
    if not zones:
        return None, f"this platform reports no energy of its CPU ({powercap} holds no package)"
    try:
        return Rapl(zones), ""
    except PermissionError:
        return None, f"the energy of the CPU may not be read ({zones[0] / 'energy_uj'}: only its owner may)"
    except (OSError, ValueError) as error:
        return None, f"the energy of the CPU cannot be read ({error})"


def _is_package(zone: Path) -> bool:
    """Tell whether a zone counts one package; ``psys`` counts the whole machine, packages included."""
    try:
        return (zone / "name").read_text().startswith("package")
    except OSError:
        return False


def _count(zone: Path) -> int:
    return int((zone / "energy_uj").read_text())


def _nvml(index: int) -> tuple[Meter | None, str]:
    try:
        import pynvml
    except ImportError:
        return None, "the energy of the GPU needs the extra: pip install 'isthmus[energy]'"
    try:
        pynvml.nvmlInit()
        # torch counts what CUDA_VISIBLE_DEVICES leaves; the library counts all, so the device is asked for by its UUID.
        handle = pynvml.nvmlDeviceGetHandleByUUID(f"GPU-{torch.cuda.get_device_properties(index).uuid}")
        return Nvml(pynvml, handle), ""
    except pynvml.NVMLError as error:
        return None, f"the GPU reports no energy ({error})"
