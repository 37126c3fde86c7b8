"""One worker, without its process: what it answers, what it logs, what it records."""

from __future__ import annotations

import sys

import pytest
from plans_for_tests import Sketch, begun

from isthmus import __version__
from isthmus.execution.pool import death
from isthmus.execution.worker import Answer, Worker, one_line
from isthmus.store.lease import acquire
from isthmus.store.store import Store


class Deaf:
    """A connection nobody listens to."""

    def send(self, message):
        pass


@pytest.fixture
def worker(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    store = Store(tmp_path / "store")
    store.prepare()
    return Worker(Deaf(), store, "actions_for_tests", threads=3)


@pytest.fixture
def sketch(tmp_path):
    return Sketch(tmp_path / "journal")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("data", "train.tsv:7: unknown label 'X'"),
        ("bug", "ValueError: two lines"),
        ("memory", "out of memory"),
        ("disk", "the disk is full: [Errno 28] No space left on device"),
    ],
)
def test_an_error_is_one_line_in_the_answer(worker, sketch, how, message):
    answer = worker.answer(sketch.add("bad", kind="fail", how=how).steps["bad"])
    assert (answer.end, answer.message) == ("failed", message)


def test_a_kind_without_an_action_is_a_failure(worker, sketch, monkeypatch):
    monkeypatch.delitem(sys.modules, "actions_for_tests.write", raising=False)
    worker.actions = "actions_for_nobody"
    answer = worker.answer(sketch.add("a").steps["a"])
    assert answer.end == "failed"
    assert "actions_for_nobody" in answer.message


def test_the_artifact_says_where_when_and_with_what_it_was_made(worker, sketch):
    step = sketch.add("a").steps["a"]
    worker.answer(step)
    made = worker.store.manifest(step.id).provenance
    assert made["versions"]["isthmus"] == __version__
    assert {"torch", "transformers", "python"} <= set(made["versions"])
    assert made["device"] == "cpu"
    assert made["threads"] == 3
    assert made["seconds"] >= 0
    assert made["cpu_seconds"] >= 0
    assert made["started"] <= made["finished"]
    assert made["started"].endswith("+00:00")


def test_a_held_step_is_left_alone(worker, sketch):
    step = sketch.add("a").steps["a"]
    with acquire(worker.store.root, step.id):
        assert worker.answer(step) == Answer("busy")
    assert not begun(sketch.journal)
    assert not worker.store.log_path(step.id).exists()


def test_a_step_finished_before_its_lease_was_won_is_not_run_again(worker, sketch):
    step = sketch.add("a").steps["a"]
    assert worker.answer(step).end == "done"
    assert worker.answer(step) == Answer("shared")
    assert begun(sketch.journal) == ["a"]


def test_a_lost_lease_commits_nothing(worker, sketch):
    step = sketch.add("a", kind="steal").steps["a"]
    assert worker.answer(step) == Answer("busy")
    assert not worker.store.has(step.id)


def test_an_input_is_compared_with_its_manifest_once(worker, sketch, monkeypatch):
    opened = []
    original = Store.open
    monkeypatch.setattr(Store, "open", lambda self, id, verify=True: (opened.append((id, verify)), original(self, id))[1])
    for name, *inputs in (["a"], ["b", "a"], ["c", "a"]):
        worker.answer(sketch.add(name, *inputs).steps[name])
    assert opened == [(sketch.steps["a"].id, True)]


def test_a_death_is_told_by_its_signal():
    assert death(-9) == "the worker process was killed (signal 9; out of memory?)"
    assert "Segmentation fault" in death(-11)
    assert "exit status 3" in death(3)


def test_a_library_that_says_the_disk_is_full_in_its_own_error_is_understood():
    class SafetensorError(Exception):
        pass

    told = one_line(SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)"))
    assert told.startswith("the disk is full: Error while serializing")
