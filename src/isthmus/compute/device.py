"""The device a process works on: an Accelerator for one process or many, mixed precision, and how much fits at once."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedDataParallelKwargs

from isthmus.core.errors import SetupError

MICRO_TOKENS = {"cpu": 4096, "cuda": 65536}  # padded sub-words in one forward and backward pass; changes no result's meaning


def accelerator() -> Accelerator:
    """Return the Accelerator of this process; under ``accelerate launch`` it is one of many."""
    # A network's pooler, say, has weights that no head of ours reads.
    return Accelerator(mixed_precision="no", kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)])


def device_named(name: str | None) -> torch.device:
    """Return a device by name (``cpu``, ``cuda``, ``cuda:1``), the one that training would use where none is named.

    Raises SetupError for a name that is none and for a device that is not there.
    """
    if name is None:
        return torch.device(accelerator().device)
    try:
        device = torch.device(name)
    except RuntimeError:
        raise SetupError(f"device: found {name!r}, no name of a device; expected cpu, cuda or cuda:1") from None
    if device.type not in MICRO_TOKENS:
        raise SetupError(f"device: found {name!r}; expected cpu or cuda")
    there = 1 if device.type == "cpu" else torch.cuda.device_count()
    if (device.index or 0) >= there:
        found = f"{there} of kind cuda" if there else "no device of kind cuda"
        raise SetupError(f"device: found {name!r}, and this machine has {found}; expected cpu{' or cuda:0' * bool(there)}")
    return device


def autocast(device: torch.device, precision: str) -> AbstractContextManager[None]:
    """Return a context in which matrix products run in ``precision``; weights stay in fp32."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16")


def micro_tokens(device: torch.device) -> int:
    """Return how many padded sub-words go through the network at once on a device."""
    return MICRO_TOKENS.get(device.type, MICRO_TOKENS["cuda"])


def quickest_attention(device: torch.device) -> str:
    """Return the quickest attention: on CPUs torch's fused one is slower, and its backward pass most of all."""
    return "eager" if device.type == "cpu" else "sdpa"


def device_name(device: torch.device) -> str:
    """Return what a device is called in provenance: ``cpu`` or the name of the GPU."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
