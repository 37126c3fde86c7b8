"""A run in worker processes: order, failures, other runs on the same store."""

from __future__ import annotations

import json
import os
import threading
import time

import pytest
from plans_for_tests import Sketch, artifacts, begun, brief, entries, executor, run, spawn
from rich.console import Console

from isthmus.core.errors import SetupError
from isthmus.execution.board import display_for
from isthmus.execution.outcome import State
from isthmus.store.lease import acquire
from isthmus.store.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store")
    store.prepare()
    return store


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal"


def states(outcomes):
    return {name: outcome.state for name, outcome in outcomes.items()}


def test_steps_run_after_their_inputs_and_a_second_run_runs_nothing(store, journal):
    sketch = brief(journal)
    assert set(states(run(sketch, store)).values()) == {State.DONE}
    order = begun(journal)
    assert sorted(order) == sorted(sketch.steps)
    names = {step.id: name for name, step in sketch.steps.items()}
    for name, step in sketch.steps.items():
        assert all(order.index(names[id_]) < order.index(name) for id_ in step.inputs.values())
    assert set(states(run(sketch, store)).values()) == {State.CACHED}
    assert begun(journal) == order


def test_workers_are_few_run_many_steps_each_and_share_out_the_cores(store, journal):
    run(brief(journal), store, jobs=2)
    pids = {entry["pid"] for entry in entries(journal)}
    assert len(pids) == 2
    assert os.getpid() not in pids
    assert {entry["threads"] for entry in entries(journal)} == {str(max(1, len(os.sched_getaffinity(0)) // 2))}


def test_a_failed_step_stops_only_what_hangs_on_it(store, journal):
    sketch = Sketch(journal).add("bad", kind="fail", how="data").add("child", "bad").add("grandchild", "child")
    sketch.add("good").add("its child", "good")
    outcomes = run(sketch, store)
    assert states(outcomes) == {
        "bad": State.FAILED,
        "child": State.NOT_RUN,
        "grandchild": State.NOT_RUN,
        "good": State.DONE,
        "its child": State.DONE,
    }
    bad = outcomes["bad"]
    assert bad.message == "train.tsv:7: unknown label 'X'"
    assert "DataError" in bad.log.read_text()
    assert outcomes["grandchild"].because == bad.step
    assert "bad" in outcomes["grandchild"].message


def test_a_killed_worker_fails_only_its_step_and_the_rest_goes_on(store, journal):
    sketch = Sketch(journal).add("dies", kind="crash").add("child", "dies")
    for number in range(4):
        sketch.add(f"good {number}", seconds=0.05)
    outcomes = run(sketch, store, jobs=1)
    assert outcomes["dies"].state is State.FAILED
    assert outcomes["dies"].message == "the worker process was killed (signal 9; out of memory?)"
    assert outcomes["child"].state is State.NOT_RUN
    assert {outcome.state for name, outcome in outcomes.items() if "good" in name} == {State.DONE}


def test_all_that_a_step_prints_goes_to_its_log_and_nothing_else_does(store, journal, capfd):
    sketch = Sketch(journal).add("first").add("second", "first")
    first, second = (outcome.log.read_text() for outcome in run(sketch, store, jobs=1).values())
    for log, name in ((first, "first"), (second, "second")):
        assert log.splitlines()[0].endswith(name)
        assert sorted(log.splitlines()[1:]) == ["printed by Python", "printed by another program"]
    assert capfd.readouterr() == ("", "")


def test_a_log_keeps_the_earlier_attempts_with_their_tracebacks(store, journal):
    sketch = Sketch(journal).add("bad", kind="fail", how="bug")
    run(sketch, store)
    log = run(sketch, store)["bad"].log.read_text()
    assert log.count("ValueError: two") == 2
    assert log.count("=== ") == 2


def test_a_step_is_not_run_where_only_its_garbage_is_gone(store, journal):
    sketch = Sketch(journal).add("encoder").add("predictions", "encoder").add("scores", "predictions")
    run(sketch, store)
    store.discard(sketch.steps["encoder"].id)
    store.discard(sketch.steps["predictions"].id)
    assert set(states(run(sketch, store)).values()) == {State.CACHED}
    sketch.add("more scores", "predictions")
    assert states(run(sketch, store)) == {
        "encoder": State.DONE,
        "predictions": State.DONE,
        "scores": State.CACHED,
        "more scores": State.DONE,
    }


def test_a_damaged_input_is_named_and_stops_its_consumer(store, journal):
    sketch = Sketch(journal).add("input")
    run(sketch, store)
    file = store.path(sketch.steps["input"].id) / "value.txt"
    file.write_bytes(b"X" * file.stat().st_size)
    outcomes = run(sketch.add("output", "input"), store)
    assert states(outcomes) == {"input": State.CACHED, "output": State.FAILED}
    assert "value.txt" in outcomes["output"].message
    assert sketch.steps["input"].id[:12] in outcomes["output"].message


def test_a_step_another_process_holds_is_waited_for_and_then_run(store, journal):
    sketch = Sketch(journal).add("held").add("free")
    lease = acquire(store.root, sketch.steps["held"].id)
    threading.Timer(0.8, lease.release).start()
    assert set(states(run(sketch, store)).values()) == {State.DONE}
    assert sorted(begun(journal)) == ["free", "held"]


def test_a_step_another_process_finishes_is_not_run_again(store, journal):
    sketch = Sketch(journal).add("held").add("after", "held")
    held = sketch.steps["held"]
    lease = acquire(store.root, held.id)

    def finish():
        scratch = store.begin(held.id)
        (scratch.output / "value.txt").write_text("from elsewhere")
        store.commit(held.id, scratch, held.payload, held.name, {})
        lease.release()

    threading.Timer(0.5, finish).start()
    assert states(run(sketch, store)) == {"held": State.SHARED, "after": State.DONE}
    assert begun(journal) == ["after"]
    assert "from elsewhere" in (store.path(sketch.steps["after"].id) / "value.txt").read_text()


def test_two_runs_on_one_store_run_every_step_once_and_both_end_well(store, journal):
    runs = [spawn(store.root, journal, "brief") for _ in range(2)]
    ends = [json.loads(process.communicate(timeout=60)[0]) for process in runs]
    assert sorted(begun(journal)) == sorted(brief(journal).steps)
    for end in ends:
        assert set(end.values()) <= {"done", "shared", "cached"}
    assert len(artifacts(store)) == len(brief(journal).steps)


def test_many_small_steps_cost_little_each(store, journal):
    sketch = Sketch(journal).add("model")
    for number in range(100):
        sketch.add(f"{number}", "model")
    started = time.monotonic()
    assert set(states(run(sketch, store)).values()) == {State.DONE}
    assert time.monotonic() - started < 10  # 15 ms of our own each, the rest is the disk and a loaded machine


def test_a_store_that_cannot_be_written_is_refused_before_any_work(tmp_path, journal):
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="file"):
        run(Sketch(journal).add("a"), Store(tmp_path / "file"))
    assert begun(journal) == []


def test_an_empty_plan_ends_at_once(store, journal):
    report = executor().run(Sketch(journal).plan(), store, show=display_for(Console(), silent=True))
    assert report.outcomes == ()
    assert report.fine
