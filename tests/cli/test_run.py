"""What `run` and `pretrain` make of what the executor reports; the executor is a stand-in that computes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from isthmus.compute.speed import Speed
from isthmus.core.errors import SetupError
from isthmus.execution.local import LocalExecutor
from isthmus.execution.outcome import Outcome, Report, State
from isthmus.plan.step import Step

CACHED, DONE, FAILED, STOPPED, NOT_RUN = State.CACHED, State.DONE, State.FAILED, State.STOPPED, State.NOT_RUN


@dataclass
class StandIn:
    """Ends each step as told, and remembers what it was asked."""

    ends: Callable[[Step], Outcome]
    asked: dict = field(default_factory=dict)

    def run(self, plan, store, **options) -> Report:
        self.asked = {**options, "places": next(iter(plan)).places}
        return Report(tuple(self.ends(step) for step in plan), 1.0)


@pytest.fixture
def executor(monkeypatch):
    """A function that puts a stand-in in the executor's place and returns it."""

    def executor(ends: Callable[[Step], Outcome]) -> StandIn:
        stand_in = StandIn(ends)
        monkeypatch.setattr("isthmus.cli.run.EXECUTOR", stand_in)
        monkeypatch.setattr("isthmus.cli.pretrain.EXECUTOR", stand_in)
        return stand_in

    return executor


def all_end(state: State, message: str = "") -> Callable[[Step], Outcome]:
    return lambda step: Outcome(step.id, step.name, state, message=message)


def one_fails(step: Step) -> Outcome:
    if step.kind == "tokenizer":
        return Outcome(step.id, step.name, FAILED, 0.1, "no luck")
    return Outcome(step.id, step.name, NOT_RUN, because="tokenizer")


def test_a_finished_study_runs_nothing_and_shows_its_table(isthmus, finished, monkeypatch):
    monkeypatch.setattr("isthmus.execution.pool.Pool._start", lambda _: pytest.fail("a process was started"))
    told = isthmus("run", "study.yaml")
    assert told.exit_code == 0
    assert told.stdout.startswith("28 steps in 0:00:00: 28 cached\n")
    assert "baseline:majority" in told.stdout
    assert str(finished.store.root.resolve()) in told.stderr


def test_a_run_ends_with_the_page_and_says_where_it_is(isthmus, finished, tmp_path):
    told = isthmus("run", "study.yaml")
    page = tmp_path / "small-report.html"
    assert told.stderr.splitlines()[-1] == f"the report: {page}"
    text = page.read_text("utf-8")
    assert "Does it help?" in text
    assert "This study is not finished." not in text


def test_the_page_that_a_run_ends_with_is_the_one_that_report_writes_claims_of_files_included(isthmus, study, executor):
    study.write_text(study.read_text("utf-8") + "claims: phang2020\n", "utf-8")
    executor(all_end(CACHED))
    isthmus("run", "study.yaml")
    of_run = (study.parent / "small-report.html").read_text("utf-8")
    isthmus("report", "study.yaml", "--out", "again.html")
    assert "MNLI as the intermediate task" in of_run
    assert of_run.count("<tr") == (study.parent / "again.html").read_text("utf-8").count("<tr")


@pytest.mark.parametrize(("ends", "code"), [(one_fails, 1), (all_end(STOPPED), 130)])
def test_a_run_that_did_not_end_well_has_a_page_too_and_says_so_by_its_exit_code(isthmus, study, executor, ends, code):
    executor(ends)
    told = isthmus("run", "study.yaml")
    assert told.exit_code == code
    assert "This study is not finished." in (study.parent / "small-report.html").read_text("utf-8")


@pytest.mark.parametrize(("ends", "code"), [(all_end(DONE), 0), (one_fails, 1), (all_end(STOPPED), 130)])
def test_a_page_that_cannot_be_written_is_a_warning_and_changes_no_exit_code(isthmus, study, executor, ends, code):
    executor(ends)
    (study.parent / "small-report.html").mkdir()
    told = isthmus("run", "study.yaml")
    assert told.exit_code == code
    assert "warning: the page" in told.stderr
    assert "`isthmus report --out` names another file" in told.stderr


def test_with_json_a_run_writes_no_page(isthmus, finished, tmp_path):
    isthmus("run", "study.yaml", "--json")
    assert list(tmp_path.glob("*.html")) == []


def test_what_is_to_be_done_is_told_on_stderr_before(isthmus, study, executor):
    executor(all_end(DONE))
    told = isthmus("run", "study.yaml")
    assert "FLOPs" in told.stderr
    assert "28 steps in 0:00:01: 28 done" in told.stdout
    assert "FLOPs" not in told.stdout


def test_a_failed_step_is_told_with_what_hangs_on_it_and_the_exit_code_is_1(isthmus, study, opened, executor):
    root = next(iter(opened().plan)).id
    log = opened().store.log_path(root)

    def ends(step: Step) -> Outcome:
        if step.id == root:
            return Outcome(step.id, step.name, FAILED, 0.1, "no luck", log)
        return Outcome(step.id, step.name, NOT_RUN, because=root)

    executor(ends)
    told = isthmus("run", "study.yaml")
    assert told.exit_code == 1
    assert told.stdout.splitlines()[:4] == [
        "28 steps in 0:00:01: 1 failed, 27 not run",
        "failed: tokenizer: no luck",
        f"  log: {log}",
        "  not run because of it: 27 steps",
    ]


def test_an_interrupted_run_has_exit_code_130_and_says_how_to_go_on(isthmus, study, executor):
    executor(all_end(STOPPED, "stopped at step 3 of 9"))
    told = isthmus("run", "study.yaml")
    assert told.exit_code == 130
    assert "run the same command again to go on" in told.stderr


@pytest.mark.parametrize(("ends", "code"), [(all_end(DONE), 0), (one_fails, 1), (all_end(NOT_RUN), 130)])
def test_json_is_one_document_whatever_happened(isthmus, study, executor, ends, code):
    executor(ends)
    told = isthmus("run", "study.yaml", "--json")
    document = json.loads(told.stdout)
    assert told.exit_code == code
    assert (document["fine"], document["interrupted"]) == (code == 0, code == 130)
    assert sum(document["counts"].values()) == 28
    assert len(document["not_fine"]) == (0 if code == 0 else 28)
    assert document["results"]["summary"]["missing"] == 10


def test_the_options_reach_the_executor(isthmus, study, executor):
    stand_in = executor(all_end(DONE))
    isthmus("run", "study.yaml", "--jobs", "3", "--threads", "2", "--checkpoint-every", "7")
    assert (stand_in.asked["jobs"], stand_in.asked["threads"]) == (3, 2)
    assert stand_in.asked["places"]["checkpoint_seconds"] == 7
    assert isthmus("run", "study.yaml", "--jobs", "0").exit_code == 2


def test_the_store_may_be_named_by_the_environment(isthmus, study, executor, monkeypatch):
    executor(all_end(DONE))
    monkeypatch.setenv("ISTHMUS_STORE", "there")
    assert json.loads(isthmus("run", "study.yaml", "--json").stdout)["store"] == "there"


def test_the_machine_is_measured_once_before_long_work_and_only_then(isthmus, study, executor, monkeypatch):
    executor(all_end(DONE))
    monkeypatch.setattr("isthmus.cli.run.measure_speed", lambda _: pytest.fail("measured for nothing"))
    isthmus("run", "study.yaml")
    monkeypatch.setattr("isthmus.cli.run.WORTH_MEASURING", 1.0)
    by = {"fp32": 1e9}
    monkeypatch.setattr("isthmus.cli.run.measure_speed", lambda _: Speed("h", "cpu", 2, by, by, ""))
    assert "measuring" in isthmus("run", "study.yaml").stderr


def test_a_machine_that_cannot_be_measured_is_a_warning(isthmus, study, executor, monkeypatch):
    def fail(_: object) -> Speed:
        raise SetupError("this machine's speed cannot be measured: no torch")

    executor(all_end(DONE))
    monkeypatch.setattr("isthmus.cli.run.WORTH_MEASURING", 1.0)
    monkeypatch.setattr("isthmus.cli.run.measure_speed", fail)
    told = isthmus("run", "study.yaml")
    assert told.exit_code == 0
    assert "warning: this machine's speed cannot be measured: no torch" in told.stderr


def test_a_store_that_cannot_be_written_is_one_error(isthmus, study, monkeypatch):
    def refuse(_: object) -> None:
        raise SetupError("the store .isthmus cannot be used: it is read-only")

    monkeypatch.setattr("isthmus.store.store.Store.prepare", refuse)
    monkeypatch.setattr("isthmus.cli.run.EXECUTOR", LocalExecutor())
    told = isthmus("run", "study.yaml")
    assert (told.exit_code, told.stderr.splitlines()[-1]) == (
        2,
        "error: the store .isthmus cannot be used: it is read-only",
    )


def test_a_faulty_row_is_told_before_anything_runs(isthmus, study):
    Path("data/udpos/test-de.tsv").write_text("eins\tNOUN\nzwei\n\n", "utf-8")
    told = isthmus("run", "study.yaml")
    assert told.exit_code == 2
    assert "data/udpos/test-de.tsv:2: " in told.stderr
    assert not Path(".isthmus").exists()
