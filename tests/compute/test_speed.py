"""The speed of this machine: measured on a small load, written down, and read without torch."""

from __future__ import annotations

import dataclasses
import subprocess

import pytest
import torch

from isthmus.compute.measure import Load, measure
from isthmus.compute.speed import Speed, measure_speed, read_speed, write_speed
from isthmus.core.errors import SetupError

SPEED = Speed("here", "cpu", 2, {"fp32": 1.0}, {"fp32": 2.0}, "2026-01-01T00:00:00+00:00")


@pytest.fixture(autouse=True)
def _host(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "here")


def test_training_and_prediction_are_measured_in_both_precisions():
    speed = measure(Load(hidden=64, layers=1, sequences=2, length=8), torch.device("cpu"), seconds=0.01)
    assert (speed.host, speed.device, speed.threads) == ("here", "cpu", torch.get_num_threads())
    for figures in (speed.training, speed.prediction):
        assert set(figures) == {"fp32", "bf16"}
        assert all(1e5 < figure < 1e15 for figure in figures.values())


def test_more_work_takes_more_time_at_about_the_same_speed(monkeypatch):
    ticks = iter(range(1000))
    monkeypatch.setattr("isthmus.compute.measure.time.perf_counter", lambda: float(next(ticks)))
    small, large = (
        measure(Load(64, 1, sequences, 8), torch.device("cpu"), seconds=1.0).training["fp32"] for sequences in (1, 4)
    )
    assert large == 4 * small  # each piece of work takes one tick of this clock


def test_what_was_written_is_read(tmp_path):
    write_speed(tmp_path / "new", SPEED)
    assert read_speed(tmp_path / "new") == SPEED


def test_the_latest_speed_of_this_host_counts(tmp_path):
    gpu = dataclasses.replace(SPEED, device="gpu", measured="2026-01-02T00:00:00+00:00")
    other = dataclasses.replace(SPEED, host="there", measured="2026-01-03T00:00:00+00:00")
    for speed in (gpu, SPEED, other):
        write_speed(tmp_path, speed)
    assert read_speed(tmp_path) == gpu


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"here cpu": {"host": "here"}}'])
def test_no_speed_is_no_fault(tmp_path, content):
    if content is not None:
        (tmp_path / "speed.json").write_text(content, "utf-8")
    assert read_speed(tmp_path) is None


def test_the_machine_is_measured_by_another_process_whose_last_line_counts(tmp_path, monkeypatch):
    line = '{"host": "here", "device": "cpu", "threads": 2, "training": {"fp32": 1.0}, "prediction": {"fp32": 2.0}, '
    line += '"measured": "2026-01-01T00:00:00+00:00"}'
    ended = subprocess.CompletedProcess([], 0, f"a library says hello\n{line}\n", "")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: ended)
    assert measure_speed(tmp_path) == read_speed(tmp_path) == SPEED


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (subprocess.CalledProcessError(1, [], "", "Traceback\nRuntimeError: no luck\n"), "RuntimeError: no luck"),
        (subprocess.CalledProcessError(3, [], "", ""), "exit status 3"),
        (subprocess.TimeoutExpired("it", 1.0), "timed out"),
        (OSError("no interpreter"), "no interpreter"),
    ],
)
def test_a_measurement_that_fails_is_one_error_and_leaves_nothing(tmp_path, monkeypatch, fault, told):
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("subprocess.run", fail)
    with pytest.raises(SetupError, match=f"speed cannot be measured: .*{told}"):
        measure_speed(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(SetupError, match="cannot be written"):
        write_speed(tmp_path / "file", SPEED)
