"""Small plans of steps that only write, wait, count and fail; as a command it runs one, to be stopped and killed.

python plans_for_tests.py STORE JOURNAL PLAN JOBS prints one JSON line: {step name: how it ended}.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from isthmus.execution.board import display_for
from isthmus.execution.local import LocalExecutor
from isthmus.plan.graph import Plan, in_order
from isthmus.plan.step import VERSIONS, Cost, Step
from isthmus.store.store import Store

KINDS = ("write", "count", "fail", "crash", "steal")


class Sketch:
    """Builds a plan step by step; every step notes its begin in the journal."""

    def __init__(self, journal):
        self.journal, self.steps = journal, {}

    def add(self, name, *inputs, kind="write", flops=0.0, **settings):
        step = Step(
            kind,
            {"name": name, **settings},
            {f"input {i}": self.steps[other].id for i, other in enumerate(inputs)},
            name,
            Cost(flops=flops),
            {"journal": str(self.journal)},
        )
        self.steps[name] = step
        return self

    def plan(self):
        return Plan(in_order(self.steps.values()), ())


def lattice(journal, **settings):
    """Four floors of three steps, each on two of the floor below, the last on everything."""
    sketch = Sketch(journal)
    for floor in range(4):
        for place in range(3):
            below = [f"{floor - 1}.{place}", f"{floor - 1}.{(place + 1) % 3}"] if floor else []
            sketch.add(f"{floor}.{place}", *below, **settings)
    return sketch.add("top", *list(sketch.steps), **settings)


def counters(journal):
    return lattice(journal, kind="count", to=6)


def slow(journal):
    return Sketch(journal).add("slow", kind="count", to=60).add("after", "slow")


def deaf(journal):
    return Sketch(journal).add("slow", kind="count", to=2000, deaf=True).add("after", "slow")


def brief(journal):
    return lattice(journal, seconds=0.06)


def executor():
    return LocalExecutor(actions="actions_for_tests", preload=())


def run(sketch, store, jobs=2):
    """Run a sketch and return {step name: Outcome}."""
    report = executor().run(sketch.plan(), store, jobs=jobs, show=display_for(Console(), silent=True))
    return {outcome.name: outcome for outcome in report.outcomes}


def begun(journal):
    """Return the names of the steps that began, in order."""
    return [line["name"] for line in entries(journal)]


def entries(journal):
    """Return what the steps noted when they began."""
    return [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []


def spawn(store, journal, plan, jobs=2):
    """Start a run in a process group of its own, as a terminal does."""
    command = [sys.executable, __file__, str(store), str(journal), plan, str(jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def artifacts(store):
    """Return {id: the files of each artifact but its manifest}."""
    return {
        id_: {path.name: path.read_bytes() for path in sorted(store.path(id_).iterdir()) if path.name != "manifest.json"}
        for id_ in store.ids()
    }


if __name__ == "__main__":
    VERSIONS.update(dict.fromkeys(KINDS, 1))
    root, journal, name, jobs = sys.argv[1:]
    ends = run(globals()[name](Path(journal)), Store(Path(root)), int(jobs))
    os.write(1, json.dumps({name: outcome.state for name, outcome in ends.items()}).encode() + b"\n")
