"""Stops and kills: a run ends cleanly, leaves nobody behind, and the next one goes on from the checkpoints."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from plans_for_tests import artifacts, counters, entries, run, slow, spawn

from isthmus.execution.outcome import State
from isthmus.store.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal"


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def under_way(store, step):
    """Tell whether a step has saved a few checkpoints."""
    checkpoint = store.root / "scratch" / step.id / "work" / "checkpoint"
    return checkpoint.exists() and int(checkpoint.read_text() or 0) > 5


def gone(pid):
    return not Path(f"/proc/{pid}").exists() or ") Z " in Path(f"/proc/{pid}/stat").read_text()


def nobody_left(journal):
    return all(gone(entry[who]) for entry in entries(journal) for who in ("pid", "parent"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_ends_cleanly_and_the_next_resumes_from_the_checkpoint(store, journal, number):
    process = spawn(store.root, journal, "slow")
    wait_for(lambda: under_way(store, slow(journal).steps["slow"]))
    os.killpg(process.pid, number)  # a terminal sends it to the workers too
    assert json.loads(process.communicate(timeout=20)[0]) == {"slow": "stopped", "after": "not run"}
    assert process.returncode == 0
    wait_for(lambda: nobody_left(journal))
    outcomes = run(slow(journal), store)
    assert {outcome.state for outcome in outcomes.values()} == {State.DONE}
    first, second, _ = entries(journal)
    assert first["at"] == 0
    assert second["at"] > 5


def test_a_second_ctrl_c_ends_a_step_that_does_not_hear_the_first(store, journal):
    process = spawn(store.root, journal, "deaf")
    wait_for(lambda: entries(journal))
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    assert json.loads(process.communicate(timeout=5)[0]) == {"slow": "stopped", "after": "not run"}
    wait_for(lambda: nobody_left(journal))


def test_nobody_outlives_a_killed_run(store, journal):
    process = spawn(store.root, journal, "deaf")
    wait_for(lambda: entries(journal))
    process.kill()
    process.communicate()
    wait_for(lambda: nobody_left(journal), seconds=5)


def test_a_run_killed_again_and_again_ends_with_the_same_artifacts(store, journal, tmp_path):
    chance, kills = random.Random(2), 0
    while True:
        process, seen = spawn(store.root, journal, "counters"), len(entries(journal))
        wait_for(lambda: process.poll() is not None or len(entries(journal)) > seen)  # noqa: B023 - used in this round only
        try:
            process.communicate(timeout=chance.uniform(0.0, 0.05) * (1 + kills))  # later and later, so that it ends
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
    assert process.returncode == 0
    assert kills > 2
    undisturbed = Store(tmp_path / "undisturbed")
    run(counters(tmp_path / "other journal"), undisturbed)
    assert artifacts(store) == artifacts(undisturbed)
    assert len(artifacts(store)) == len(counters(journal).steps)
