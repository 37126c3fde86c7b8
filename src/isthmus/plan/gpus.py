"""What a plan takes on GPUs: the peak figures of their makers' data sheets, an assumed utilisation, hours, and what fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from isthmus.core.errors import UnknownName
from isthmus.plan.step import Step

UTILISATION = 0.35  # of the peak: what fine-tuning of encoders commonly reaches in bf16; fp32 may do better
USABLE = 0.92  # of the memory: the rest is the driver's and lost to fragments
TERA, GIGA = 1e12, 1e9


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU: dense operations a second in 32 bits and in bfloat16 (None: it has none), and bytes of memory.

    fp32 is that of the ordinary units: nothing here turns products in fp32 into TF32.
    """

    name: str
    fp32: float
    bf16: float | None
    memory: float

    def peak(self, precision: str) -> float:
        """Return operations a second at most; where there is no bfloat16 that is emulated, at the pace of fp32 at best."""
        return self.bf16 if precision == "bf16" and self.bf16 else self.fp32

    def holds(self, step: Step) -> bool:
        """Say whether a step fits into the memory."""
        return step.cost.memory <= USABLE * self.memory


def _gpu(name: str, fp32: float, bf16: float | None, gigabytes: float) -> Gpu:
    return Gpu(name, fp32 * TERA, bf16 * TERA if bf16 else None, gigabytes * GIGA)


# NVIDIA's data sheets: of those with sparsity half, SXM where there are several forms.
GPUS = {
    gpu.name: gpu
    for gpu in (
        _gpu("h200", 67.0, 989.0, 141),
        _gpu("h100", 67.0, 989.0, 80),
        _gpu("a100-80", 19.5, 312.0, 80),
        _gpu("a100-40", 19.5, 312.0, 40),
        _gpu("l40s", 91.6, 362.0, 48),
        _gpu("rtx4090", 82.6, 165.2, 24),
        _gpu("v100", 15.7, None, 32),
        _gpu("t4", 8.1, None, 16),
    )
}


def gpu_named(name: str) -> Gpu:
    """Return a GPU by name, in whatever case; raises UnknownName with the nearest."""
    if name.lower() not in GPUS:
        raise UnknownName("GPU", name, GPUS)
    return GPUS[name.lower()]


def precision_of(step: Step) -> str:
    """Return the precision in which a step multiplies: that of its recipe, or its own, fp32 where none is named."""
    named: str = step.settings.get("recipe", step.settings).get("precision", "fp32")
    return named


def hours(step: Step, gpu: Gpu, utilisation: float = UTILISATION) -> float:
    """Return the GPU-hours of a step; 0 where its operations are not known (``step.cost.sized``), and on a CPU."""
    if step.settings.get("protocol", {}).get("device") == "cpu":
        return 0.0
    return max(step.cost.flops / (gpu.peak(precision_of(step)) * utilisation), step.cost.seconds) / 3600


def too_large(steps: Iterable[Step], gpu: Gpu) -> list[Step]:
    """Return the steps that do not fit into the memory of one GPU, the largest first."""
    found = [step for step in steps if not gpu.holds(step)]
    return sorted(found, key=lambda step: -step.cost.memory)


def wall_clock(spent: float, longest: float, gpus: int) -> float:
    """Return hours on several GPUs, each step on one: no less than the longest way from the first step to the last.

    ``spent`` are the GPU-hours of all steps, ``longest`` those along that way.
    """
    return max(spent / gpus, longest)
