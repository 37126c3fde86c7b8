"""Rows come from the scores that the store has."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest

from isthmus.core.errors import CorruptArtifact
from isthmus.plan.graph import Plan
from isthmus.report.collect import collect
from isthmus.results.row import Row


def test_each_metric_of_a_score_is_a_row_and_the_main_one_is_marked(plan_of, store, put):
    plan = plan_of(("none", 1, "de"))
    [step] = plan
    put(step, f1=40.5, accuracy=50.25)
    rows, missing = collect(plan, store, "mini")
    f1 = Row("mini", "none", 1, "udpos", "de", "test", True, "f1", True, 40.5, 10, step.id)
    assert rows == [f1, replace(f1, metric="accuracy", main=False, value=50.25)]
    assert missing == 0


def test_a_stripped_test_file_gives_a_row_without_a_value(plan_of, store, put):
    plan = plan_of(("none", 1, "de"))
    put(*plan)
    [row], _ = collect(plan, store, "mini")
    assert (row.metric, row.main, row.value) == ("f1", True, None)


def test_cells_without_a_score_are_counted(plan_of, store, put):
    plan = plan_of(("none", 1, "en"), ("none", 1, "de"), ("panx", 1, "de"))
    put(list(plan)[1], f1=1.0)
    rows, missing = collect(plan, store, "mini")
    assert ([row.language for row in rows], missing) == (["de"], 2)


def test_one_score_fills_all_cells_that_share_it(plan_of, store, put):
    plan = plan_of(("none", 1, "de"))
    put(*plan, f1=2.0)
    [cell] = plan.cells
    rows, _ = collect(Plan(plan.steps, (cell, replace(cell, seed=2))), store, "mini")
    assert [(row.seed, row.value) for row in rows] == [(1, 2.0), (2, 2.0)]


def test_a_flipped_byte_in_a_score_is_found(plan_of, store, put):
    plan = plan_of(("none", 1, "de"))
    [step] = plan
    put(step, f1=40.5)
    file = store.path(step.id) / "scores.json"
    file.write_text(file.read_text().replace("40.5", "90.5"))
    with pytest.raises(CorruptArtifact, match=r"scores\.json"):
        collect(plan, store, "mini")


def test_a_large_study_is_read_at_more_than_fifteen_hundred_cells_a_second(plan_of, store, put, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # making the artifacts is not what is measured
    plan = plan_of(*((f"arm{i}", i, "de") for i in range(300)))
    for step in plan:
        put(step, f1=1.0)
    start = time.process_time()
    rows, missing = collect(plan, store, "mini")
    assert (len(rows), missing) == (300, 0)
    assert time.process_time() - start < 300 / 1500
