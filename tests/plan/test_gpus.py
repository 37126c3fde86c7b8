"""GPU-hours and what fits, against figures worked out by hand."""

from __future__ import annotations

import pytest

from isthmus.core.errors import UnknownName
from isthmus.plan.gpus import GPUS, gpu_named, hours, too_large, wall_clock
from isthmus.plan.step import Cost, Step


def step(flops=0.0, memory=0.0, precision="fp32", name=""):
    return Step("train", {"recipe": {"precision": precision}, "name": name}, name=name, cost=Cost(1.0, flops, 0.0, memory))


def test_hours_are_operations_by_the_share_of_the_peak_that_is_reached():
    an_hour = 312e12 * 0.5 * 3600
    assert hours(step(an_hour, precision="bf16"), gpu_named("a100-80"), 0.5) == pytest.approx(1.0)
    assert hours(step(an_hour), gpu_named("a100-80"), 0.5) == pytest.approx(312 / 19.5)


def test_a_step_that_is_no_training_has_a_precision_of_its_own():
    predicted = Step("predict", {"precision": "bf16"}, cost=Cost(flops=989e12 * 0.35 * 3600))
    assert hours(predicted, gpu_named("h100")) == pytest.approx(1.0)


def test_where_there_is_no_bf16_its_pace_is_that_of_fp32():
    assert hours(step(1e18, precision="bf16"), gpu_named("t4")) == hours(step(1e18), gpu_named("t4"))


def test_what_is_timed_on_a_gpu_takes_it_so_long_at_least_and_on_a_processor_takes_none():
    def timed(device, seconds):
        return Step("bench", {"protocol": {"device": device}}, cost=Cost(flops=67e12 * 0.35 * 3600, seconds=seconds))

    assert hours(timed("cuda", 7200.0), gpu_named("h100")) == pytest.approx(2.0)
    assert hours(timed(None, 1800.0), gpu_named("h100")) == pytest.approx(1.0)
    assert hours(timed("cpu", 7200.0), gpu_named("h100")) == 0.0


def test_what_does_not_fit_is_told_the_largest_first():
    steps = [step(memory=one, name=str(one)) for one in (1e9, 23e9, 40e9)]
    assert [one.name for one in too_large(steps, gpu_named("rtx4090"))] == ["40000000000.0", "23000000000.0"]
    assert too_large(steps, gpu_named("h100")) == []


def test_several_gpus_share_the_work_but_no_step_is_on_two():
    assert wall_clock(12.0, 2.0, 4) == 3.0
    assert wall_clock(12.0, 5.0, 4) == 5.0


def test_every_gpu_is_quicker_in_bf16_if_it_has_it():
    assert all(gpu.bf16 is None or gpu.bf16 > gpu.fp32 for gpu in GPUS.values())
    assert all(1e12 < gpu.fp32 < 1e15 and 1e10 < gpu.memory < 2e11 for gpu in GPUS.values())


def test_a_gpu_that_nobody_knows_is_told_with_the_nearest():
    assert gpu_named("H100").name == "h100"
    with pytest.raises(UnknownName, match="h100"):
        gpu_named("h1000")
