"""Energy: package counters that begin again, what may not be read, what is not there."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from isthmus.efficiency.energy import find_meter

CPU, GPU = torch.device("cpu"), torch.device("cuda")


def write_zone(powercap, name, called, micro=1_000_000, size=262_143_000_000):
    zone = powercap / name
    zone.mkdir(parents=True)
    for file, value in (("name", called), ("energy_uj", micro), ("max_energy_range_uj", size)):
        (zone / file).write_text(f"{value}\n")
    return zone


def test_joules_are_those_of_all_packages_and_of_nothing_counted_twice(tmp_path):
    first = write_zone(tmp_path, "intel-rapl:0", "package-0")
    second = write_zone(tmp_path, "intel-rapl:1", "package-1", micro=5)
    core = write_zone(tmp_path, "intel-rapl:0:0", "core")
    whole = write_zone(tmp_path, "intel-rapl:2", "psys")
    meter, why = find_meter(CPU, tmp_path)
    assert (meter.name, meter.device, why) == ("rapl", "cpu", "")
    assert meter.joules() == 0
    for zone, micro in ((first, 3_000_000), (second, 500_005), (core, 9_000_000), (whole, 90_000_000)):
        (zone / "energy_uj").write_text(str(micro))
    assert meter.joules() == pytest.approx(2.5)
    assert meter.joules() == pytest.approx(2.5)


def test_a_counter_that_begins_again_goes_on_counting(tmp_path):
    zone = write_zone(tmp_path, "intel-rapl:0", "package-0", micro=900_000, size=1_000_000)
    meter, _ = find_meter(CPU, tmp_path)
    for micro, joules in ((950_000, 0.05), (100_000, 0.2), (600_000, 0.7), (0, 1.1)):
        (zone / "energy_uj").write_text(str(micro))
        assert meter.joules() == pytest.approx(joules)


def test_a_platform_that_reports_no_energy_is_told_in_one_sentence(tmp_path):
    for place in (tmp_path / "none", tmp_path):
        meter, why = find_meter(CPU, place)
        assert meter is None
        assert "reports no energy of its CPU" in why


def test_energy_that_may_not_be_read_is_told_with_the_file(tmp_path, monkeypatch):
    write_zone(tmp_path, "intel-rapl:0", "package-0")
    read = Path.read_text

    def refused(path, *args, **kwargs):
        if path.name == "energy_uj":
            raise PermissionError(13, "Permission denied")
        return read(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", refused)
    meter, why = find_meter(CPU, tmp_path)
    assert meter is None
    assert "energy_uj: only its owner may" in why


def test_a_counter_that_holds_no_number_is_told(tmp_path):
    write_zone(tmp_path, "intel-rapl:0", "package-0", micro="lots")
    assert find_meter(CPU, tmp_path)[0] is None
    assert "lots" in find_meter(CPU, tmp_path)[1]


class NVMLError(Exception):
    """What the library raises."""


def library(start=1000, fault=None):
    """A management library whose GPU counts one joule more at each look."""
    state = {"milli": start}

    def energy(handle):
        if fault:
            raise NVMLError(fault)
        assert handle == "GPU-cafe"
        state["milli"] += 1000
        return state["milli"]

    return SimpleNamespace(
        NVMLError=NVMLError,
        nvmlInit=lambda: None,
        nvmlDeviceGetHandleByUUID=lambda uuid: uuid,
        nvmlDeviceGetTotalEnergyConsumption=energy,
    )


@pytest.fixture
def gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: SimpleNamespace(uuid="cafe"))


def test_a_gpu_counts_from_when_the_meter_was_made(gpu, monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvml", library())
    meter, why = find_meter(GPU)
    assert (meter.name, meter.device, why) == ("nvml", "cuda", "")
    assert [meter.joules(), meter.joules()] == pytest.approx([1.0, 2.0])


def test_a_gpu_that_counts_no_energy_is_told(gpu, monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvml", library(fault="Not Supported"))
    assert find_meter(GPU) == (None, "the GPU reports no energy (Not Supported)")


def test_without_the_extra_the_sentence_names_it(gpu, monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvml", None)
    meter, why = find_meter(GPU)
    assert meter is None
    assert "isthmus[energy]" in why
