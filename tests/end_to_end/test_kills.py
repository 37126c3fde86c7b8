"""A run that is killed again and again ends with the same bytes as one that nobody disturbed."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest
from runs import attempts, contents, end, set_up
from small_world import RECIPE

KILLS = 20


def progress(store):
    """Return the names of all artifacts and checkpoints."""
    folders = {name for _, names, _ in os.walk(store.root / "scratch") for name in names}
    return {*store.ids(), *(name for name in folders if name.startswith("step-"))}


def wait_for(process, store, number):
    """Wait until a run has left ``number`` new artifacts or checkpoints."""
    seen = progress(store)
    while process.poll() is None and len(progress(store) - seen) < number:
        time.sleep(0.01)


@pytest.mark.slow
def test_a_run_killed_twenty_times_ends_with_the_bytes_of_an_undisturbed_one(tmp_path):
    targets = [{"task": "udpos"}, {"task": "xquad"}, {"task": "tatoeba", "layer": 1}]
    bench = set_up(tmp_path, 64, recipe=RECIPE | {"epochs": 10}, targets=targets, baselines=["lexicon"])
    undisturbed, store = bench.store("undisturbed"), bench.store()
    expected = end(bench.start("undisturbed"))

    chance = random.Random(7)
    for kill in range(KILLS):
        process = bench.start()
        if kill % 5 in (1, 3):  # while steps run; else at any moment, most often while workers start
            wait_for(process, store, chance.randint(1, 6))
            time.sleep(chance.uniform(0, 0.1))
        else:
            time.sleep(chance.uniform(0.2, 2.5))
        assert process.poll() is None, f"the run ended after {kill} kills: too early to be killed often"
        if chance.random() < 0.5:
            process.kill()  # alone: its workers see that they are orphans
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    finished = len(list(store.ids()))
    told = end(bench.start())

    assert told["results"] == expected["results"]
    assert contents(store) == contents(undisturbed)
    assert store.verify() == []
    assert 0 < finished < len(list(store.ids()))
    assert sum(attempts(store).values()) > len(attempts(undisturbed)) + 5  # kills met steps at work
    assert not list((store.root / "scratch").iterdir())
