"""What is said of a machine, and what is left empty where it does not tell."""

from __future__ import annotations

import os

import torch

from isthmus.efficiency.machine import machine_of, memory

CPU = torch.device("cpu")


def test_a_machine_is_named_as_its_files_have_it(tmp_path):
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel\t\t: 17\nmodel name\t: A CPU @ 2 GHz\nmodel name\t: other\n")
    (tmp_path / "meminfo").write_text("MemTotal:       2048 kB\nMemFree:  4 kB\nMemAvailable:   1000 kB\n")
    machine = machine_of(CPU, 3, "rapl", "", tmp_path)
    assert (machine.cpu, machine.device, machine.threads, machine.energy) == ("A CPU @ 2 GHz", "cpu", 3, "rapl")
    assert machine.cores == len(os.sched_getaffinity(0))
    assert machine.memory_bytes == 2048 * 1024
    assert memory(tmp_path) == 1000 * 1024
    assert machine.versions["torch"] == torch.__version__.partition("+")[0] or machine.versions["torch"] == torch.__version__


def test_what_a_system_does_not_tell_is_left_empty(tmp_path):
    machine = machine_of(CPU, 1, "", "no counter", tmp_path)
    assert machine.memory_bytes == memory(tmp_path) == 0
    assert machine.energy_why == "no counter"
