"""What the runs cost and where they ran."""

from __future__ import annotations

import json

import pytest

from isthmus.plan.graph import Plan, in_order
from isthmus.plan.step import Step
from isthmus.report.account import account


@pytest.fixture
def run(store):
    def commit(step: Step, **provenance) -> None:
        scratch = store.begin(step.id)
        record = {"steps": 7, "tokens": 900, "losses": [[7, 0.5]], "heads": {}}
        (scratch.output / "training.json").write_text(json.dumps(record))
        store.commit(step.id, scratch, step.payload, step.name, provenance)

    return commit


@pytest.fixture
def steps():
    return [Step("train", {"seed": seed}, name=f"none/seed {seed}/udpos") for seed in (1, 2, 3)]


def test_time_is_summed_by_kind_and_what_is_not_done_counts_as_planned_only(store, run, steps):
    run(steps[0], seconds=2.0, cpu_seconds=3.0)
    run(steps[1], seconds=4.0, cpu_seconds=5.0)
    found = account(Plan(in_order(steps), ()), store)
    assert [(t.kind, t.planned, t.done, t.seconds, t.cpu_seconds) for t in found.totals] == [("train", 3, 2, 6.0, 8.0)]
    assert (found.seconds, found.cpu_seconds, found.tokens) == (6.0, 8.0, 1800)


def test_runs_of_one_machine_and_libraries_share_an_environment(store, run, steps):
    here, there = ({"host": host, "device": "cpu", "versions": {"torch": "2.13"}} for host in ("here", "there"))
    for step, place in zip(steps, (here, there, here), strict=True):
        run(step, **place, threads=2)
    found = account(Plan(in_order(steps), ()), store)
    assert [(e.number, e.host, e.versions) for e in found.environments] == [
        (1, "here", (("torch", "2.13"),)),
        (2, "there", (("torch", "2.13"),)),
    ]
    assert [(entry.seed, entry.environment, entry.threads) for entry in found.entries] == [(1, 1, 2), (2, 2, 2), (3, 1, 2)]


def test_the_account_spans_the_first_start_and_the_last_end(store, run, steps):
    run(steps[0], started="2026-01-02T00:00:00+00:00", finished="2026-01-02T00:01:00+00:00")
    run(steps[1], started="2026-01-01T00:00:00+00:00", finished="2026-01-01T00:01:00+00:00")
    found = account(Plan(in_order(steps), ()), store)
    assert (found.began[:10], found.ended[:10]) == ("2026-01-01", "2026-01-02")


def test_provenance_that_says_nothing_names_no_environment(store, run, steps):
    run(steps[0])
    found = account(Plan(in_order(steps), ()), store)
    assert (found.entries[0].environment, found.environments, found.began, found.seconds) == (0, (), "", 0.0)


def test_a_run_that_ends_while_the_account_is_made_is_left_for_the_next(store, run, steps, monkeypatch):
    """A store that another process fills: the second run is committed right after the first look at it."""
    run(steps[0], seconds=2.0)
    has, seen = store.has, []

    def filling(id):
        known = has(id)
        if id == steps[1].id and not seen:
            seen.append(id)
            run(steps[1], seconds=4.0)
        return known

    monkeypatch.setattr(store, "has", filling)
    assert [entry.run.step for entry in account(Plan(in_order(steps), ()), store).entries] == [steps[0].id]
