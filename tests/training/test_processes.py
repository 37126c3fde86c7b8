"""Several processes train one model with the same loop and come to the same weights."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from toy_task import run, run_mix

SCRIPT = Path(__file__).with_name("toy_task.py")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(processes, *arguments):
    """Start the script as ``accelerate launch`` would on one machine without a GPU."""
    paths = os.pathsep.join([str(SCRIPT.parents[1] / "models"), os.environ.get("PYTHONPATH", "")])
    port, started = str(free_port()), []
    for rank in map(str, range(processes)):
        env = {
            **os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true", "RANK": rank,
            "LOCAL_RANK": rank, "WORLD_SIZE": str(processes), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port,
        }  # fmt: skip
        command = [sys.executable, str(SCRIPT), *map(str, arguments)]
        started.append(subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    return started


def ended(started):
    """Wait for processes and return what the first one printed; whatever happens none is left behind."""
    try:
        told = [process.communicate(timeout=100) for process in started]
    finally:
        for process in started:
            process.kill()
    assert [process.returncode for process in started] == [0] * len(started), told
    return told[0][0].strip()


@pytest.mark.parametrize("how", [run, run_mix])
def test_two_processes_come_to_the_weights_of_one_though_one_of_them_is_told_to_stop(how, still_encoder, tmp_path):
    alone, place = how(still_encoder, tmp_path / "alone")
    told = ended(start(2, still_encoder, tmp_path / "pair", tmp_path / "pair.safetensors", 5, how.__name__))
    assert told == f"2 processes, {place.step} steps, checkpoints of steps ['5']"
    together = load_file(tmp_path / "pair.safetensors")
    assert together
    for name, weight in alone.named_parameters():
        torch.testing.assert_close(together[name], weight, atol=1e-5, rtol=0)
