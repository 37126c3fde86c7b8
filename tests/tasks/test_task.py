"""What every task and every kind declares is complete, and names only what exists."""

from __future__ import annotations

from dataclasses import fields

import pytest

from isthmus.core.errors import UnknownName
from isthmus.sources.example import Example
from isthmus.sources.files import SPLITS
from isthmus.sources.format import FORMATS
from isthmus.tasks.task import KINDS, METRICS, TASKS, Task, load_kind, load_task

EMPTY_FOR = {
    "labels": {"span", "retrieval", "mlm", "choice", "mining"},
    "train_on": {"retrieval", "mining"},
    "metrics": {"mlm"},
    "main": {"mlm"},
    "languages": {"mlm"},
}
OPEN = {"ccg"}  # tasks whose labels are those of their training set


@pytest.fixture(params=TASKS.names())
def task(request) -> Task:
    """Each task in turn."""
    return load_task(request.param)


def test_the_tasks_and_kinds_are_these():
    targets = {"bucc2018", "panx", "pawsx", "tatoeba", "tydiqa", "udpos", "xcopa", "xnli", "xquad"}
    intermediate = {"ccg", "commonsenseqa", "hellaswag", "mlm", "mnli", "qqp", "squad"}
    assert set(TASKS.names()) == targets | intermediate
    assert KINDS.names() == ("choice", "classification", "mining", "mlm", "retrieval", "span", "tagging")


def test_a_tasks_name_is_its_files_name():
    assert [load_task(name).name for name in TASKS.names()] == list(TASKS.names())
    assert [load_kind(name).name for name in KINDS.names()] == list(KINDS.names())


def test_every_field_is_filled_where_the_kind_knows_it(task):
    for field in fields(task):
        if field.name != "benchmarks":
            known = task.kind not in EMPTY_FOR.get(field.name, ()) and not (field.name == "labels" and task.name in OPEN)
            assert bool(getattr(task, field.name)) == known, field.name


def test_kind_format_metrics_and_training_task_exist(task):
    assert task.kind in KINDS.names()
    assert task.files.format in FORMATS.names()
    assert set(task.metrics) <= set(METRICS.names())
    assert task.train_on is None or load_task(task.train_on).files.train


def test_a_target_is_trained_on_a_task_of_its_kind_with_its_labels(task):
    if task.train_on:
        other = load_task(task.train_on)
        assert (other.kind, other.labels, other.main) == (task.kind, task.labels, task.main)


def test_languages_and_labels_are_named_once_and_languages_in_order(task):
    assert list(task.languages) == sorted(set(task.languages))
    assert len(set(task.labels)) == len(task.labels)


def test_patterns_lie_below_the_root(task):
    patterns = [pattern for split in SPLITS if (pattern := task.files.pattern(split))]
    assert patterns
    assert not [pattern for pattern in patterns if pattern.startswith("/") or ".." in pattern or pattern.endswith(".gz")]


def test_targets_are_scored_on_data_they_are_not_trained_on(task):
    if task.benchmarks:
        assert set(task.benchmarks) <= {"xtreme", "xtreme-r"}
        assert task.files.test
        assert task.files.test not in (task.files.train, task.files.dev)


@pytest.mark.parametrize(
    ("name", "official"),
    [
        *(("xnli", 15), ("udpos", 38), ("panx", 48), ("xquad", 12), ("tydiqa", 9), ("tatoeba", 41)),
        *(("pawsx", 7), ("xcopa", 11), ("bucc2018", 4)),
    ],
)
def test_a_target_has_its_official_number_of_languages(name, official):
    assert len(load_task(name).languages) == official


def test_every_kind_reads_a_record_of_its_own():
    records = [load_kind(name).example for name in KINDS.names()]
    assert set(records) == set(Example.__args__)
    assert len(set(records)) == len(records)


def test_an_unknown_task_or_kind_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="unknown task 'udpso'; did you mean 'udpos'"):
        load_task("udpso")
    with pytest.raises(UnknownName, match="unknown kind 'tag'; did you mean 'tagging'"):
        load_kind("tag")
