"""What a plan takes on GPUs, as `isthmus plan --gpu` tells it: hours, time, price, and what does not fit."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from isthmus.cli.printing import count, short, size
from isthmus.core.errors import SetupError
from isthmus.plan.alone import longest_way
from isthmus.plan.cost import OPTIMISED
from isthmus.plan.gpus import TERA, USABLE, UTILISATION, Gpu, gpu_named, hours, precision_of, too_large, wall_clock
from isthmus.plan.graph import Plan
from isthmus.plan.networks import BYTES_A_WEIGHT
from isthmus.plan.step import Step

LEARNING = ("train", "language_model", "pretrain")


@dataclass(frozen=True, slots=True)
class Rented:
    """GPUs that a plan is reckoned on: which, how many, the share of their peak that is reached, and a price an hour."""

    gpu: Gpu
    number: int
    utilisation: float
    price: float | None

    def hours(self, step: Step) -> float:
        """Return the GPU-hours of a step, 0 where its operations are not known."""
        return hours(step, self.gpu, self.utilisation)


def rented(name: str | None, number: int, utilisation: float | None, price: float | None) -> Rented | None:
    """Return what was asked for, None without a GPU; raises UserError for a GPU that nobody knows and for odd figures."""
    if name is None:
        given = {"--gpus": number != 1, "--utilisation": utilisation is not None, "--price": price is not None}
        for option in (option for option, there in given.items() if there):
            raise SetupError(f"{option} goes with --gpu, the GPU that it is about")
        return None
    if utilisation is not None and not 0 < utilisation <= 1:
        raise SetupError(f"--utilisation is a share of the peak, above 0 and up to 1; found {utilisation:g}")
    if price is not None and not 0 <= price < math.inf:
        raise SetupError(f"--price is what a GPU-hour costs, 0 or more; found {price:g}")
    return Rented(gpu_named(name), number, utilisation or UTILISATION, price)


def sentences(plan: Plan, todo: Collection[str], on: Rented) -> Iterator[str]:
    """Yield in words what the rest of a plan takes, how that was reckoned, and what does not fit."""
    found = as_json(plan, todo, on)
    gpu, share = on.gpu, f"{on.utilisation:.0%}"
    several = f", {found['wall_clock_hours']:,.1f} h on {on.number} of them" if on.number > 1 else ""
    price = f", {found['price']:,.0f} at {on.price:g} a GPU-hour" if on.price is not None else ""
    yield f"{gpu.name}: {found['gpu_hours']:,.1f} GPU-hours{several}{price}"
    bf16 = f"{gpu.bf16 / TERA:g} in bf16" if gpu.bf16 else "no bf16"
    yield f"assumed: {share} of the peak ({gpu.fp32 / TERA:g} TFLOP/s in fp32, {bf16}); --utilisation changes that"
    if found["unsized"]:
        yield f"without {count(found['unsized'], 'step')} of a model whose size is not known (model.network says it)"
    steps = [plan.steps[id_] for id_ in plan.steps if id_ in todo]
    if gpu.bf16 is None and any(precision_of(step) == "bf16" and step.cost.flops for step in steps):
        yield f"{gpu.name} has no bf16: what asks for it is emulated, and reckoned at the pace of fp32"
    if large := too_large(steps, gpu):
        first = large[0]
        least = (
            f", {size(OPTIMISED / BYTES_A_WEIGHT * first.cost.disk)} of it whatever the batch"
            if first.kind in LEARNING
            else ""
        )
        what = f"{first.name} takes about {size(first.cost.memory)}{least}"
        yield f"{count(len(large), 'step')} would not fit into one {gpu.name} ({size(USABLE * gpu.memory)} to use): {what}"


def as_json(plan: Plan, todo: Collection[str], on: Rented) -> dict[str, Any]:
    """Return the same as plain JSON types."""
    left = Plan({id_: step for id_, step in plan.steps.items() if id_ in todo}, ())
    spent = sum(on.hours(step) for step in left)
    way = longest_way(left, on.hours)
    return {
        "name": on.gpu.name,
        "gpus": on.number,
        "utilisation": on.utilisation,
        "memory": on.gpu.memory,
        "gpu_hours": spent,
        "wall_clock_hours": wall_clock(spent, way, on.number),
        "price": None if on.price is None else spent * on.price,
        "unsized": sum(not step.cost.sized for step in left),
        "too_large": [{"step": step.name, "memory": step.cost.memory} for step in too_large(left, on.gpu)],
    }


def shown_hours(spent: float, *, sized: bool = True) -> str:
    """Return GPU-hours for a table: a question mark where they are not known, two digits of what is less than one."""
    if not sized:
        return "?"
    if spent >= 0.95 or not spent:
        return f"{spent:,.1f}"
    return f"{spent:.2g}" if spent >= 0.005 else "<0.01"


def shown_flops(flops: float | None) -> str:
    """Return operations for a table: a question mark where they are not known."""
    return "?" if flops is None else short(flops)
