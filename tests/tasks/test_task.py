"""What every task and every kind declares is complete, and names only what exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest

from isthmus.core.errors import DataError, UnknownName
from isthmus.sources.directory import Directory
from isthmus.sources.example import Example, Line
from isthmus.sources.files import LANGUAGE, SPLITS, Files
from isthmus.sources.format import FORMATS
from isthmus.tasks.task import KINDS, METRICS, RAW, TASKS, Task, load_kind, load_task

EMPTY_FOR = {
    "labels": {"span", "span_or_none", "retrieval", "mlm", "tlm", "choice", "mining", "ranking"},
    "train_on": {"retrieval", "mining"},
    "metrics": {"mlm", "tlm"},
    "main": {"mlm", "tlm"},
    "languages": {"mlm", "tlm"},
}
OPEN = {"ccg"}  # tasks whose labels are those of their training set


@pytest.fixture(params=TASKS.names())
def task(request) -> Task:
    """Each task in turn."""
    return load_task(request.param)


def every(files: Files) -> Iterator[Files]:
    """Yield files, their other layouts and what they are joined of, all the way down."""
    yield files
    for further in (*files.others, *files.joined):
        yield from every(further)


def test_raw_text_of_a_domain_is_the_plain_task_on_the_files_of_a_folder_of_that_name():
    news, plain = load_task("mlm/news"), load_task("mlm")
    assert (news.name, news.train_on, news.kind) == ("mlm/news", "mlm/news", plain.kind)
    assert [layout.train for layout in every(news.files)] == ["text/news/{language}.txt"]
    assert [layout.train for layout in every(load_task("tlm/news").files)] == [
        "parallel/news/{language}.tsv", "text/news/{language}.txt",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("mnli/news", "did you mean 'mlm/news'"),
        ("mlm/a b", "'mlm/ab'"),
        ("mlm/../secret", "'mlm/secret'"),
        ("mlm/", "'mlm'"),
        ("mlm/a/b", "'mlm/ab'"),
        ("mml/news", "did you mean 'mlm'"),
    ],
)
def test_what_is_no_raw_text_of_a_domain_is_refused_with_the_nearest_name(name, nearest):
    with pytest.raises(UnknownName) as caught:
        load_task(name)
    assert nearest in str(caught.value)


def test_the_tasks_and_kinds_are_these():
    targets = {
        "bucc2018",
        "lareqa",
        "mewslix",
        "mlqa",
        "panx",
        "pawsx",
        "tatoeba",
        "tydiqa",
        "udpos",
        "xcopa",
        "xnli",
        "xquad",
    }
    intermediate = {
        "anli",
        "anli_plus",
        "ccg",
        "commonsenseqa",
        "copa",
        "cosmosqa",
        "hellaswag",
        "mewslix_pairs",
        "mlm",
        "mnli",
        "qqp",
        "rte",
        "siqa",
        "snli",
        "squad",
        "squad_sentences",
        "squad_v2",
        "tlm",
    }
    assert set(TASKS.names()) == targets | intermediate
    assert KINDS.names() == (
        "choice",
        "classification",
        "mining",
        "mlm",
        "ranking",
        "retrieval",
        "span",
        "span_or_none",
        "tagging",
        "tlm",
    )


def test_a_tasks_name_is_its_files_name():
    assert [load_task(name).name for name in TASKS.names()] == list(TASKS.names())
    assert [load_kind(name).name for name in KINDS.names()] == list(KINDS.names())


def test_every_field_is_filled_where_the_kind_knows_it(task):
    for field in fields(task):
        if field.name not in ("benchmarks", "part_of"):
            known = task.kind not in EMPTY_FOR.get(field.name, ()) and not (field.name == "labels" and task.name in OPEN)
            assert bool(getattr(task, field.name)) == known, field.name


def test_kind_format_metrics_and_training_task_exist(task):
    assert task.kind in KINDS.names()
    assert {layout.format for layout in every(task.files)} <= set(FORMATS.names())
    assert set(task.metrics) <= set(METRICS.names())
    assert task.train_on is None or load_task(task.train_on).files.has("train")


def test_what_a_test_set_was_made_of_is_a_task_with_development_data(task):
    assert all(load_task(name).files.has("dev") for name in task.part_of)


def test_a_target_is_trained_on_a_task_of_its_kind_with_its_labels(task):
    if task.train_on:
        other = load_task(task.train_on)
        assert (other.kind, other.labels, other.main) == (task.kind, task.labels, task.main)


def test_languages_and_labels_are_named_once_and_languages_in_order(task):
    assert list(task.languages) == sorted(set(task.languages))
    assert len(set(task.labels)) == len(task.labels)


def test_patterns_lie_below_the_root(task):
    layouts = list(every(task.files))
    patterns = [pattern for layout in layouts for split in SPLITS if (pattern := layout.pattern(split))]
    assert patterns
    assert not [pattern for pattern in patterns if pattern.startswith("/") or ".." in pattern or pattern.endswith(".gz")]


def test_every_layout_has_a_file_of_its_own_for_each_split_and_language(task):
    for layout in every(task.files):
        patterns = [pattern for split in SPLITS if (pattern := layout.pattern(split))]
        assert bool(patterns) != bool(layout.joined)
        assert len(set(patterns)) == len(patterns)
        assert all(LANGUAGE in pattern or set(layout.languages) <= {*task.languages, "en"} for pattern in patterns)


def test_targets_are_scored_on_data_they_are_not_trained_on(task):
    if task.benchmarks:
        assert set(task.benchmarks) <= {"xtreme", "xtreme-r"}
        assert task.files.test
        assert task.files.test not in (task.files.train, task.files.dev)


@pytest.mark.parametrize(
    ("name", "official"),
    [
        *(("xnli", 15), ("udpos", 38), ("panx", 48), ("xquad", 12), ("tydiqa", 9), ("tatoeba", 41)),
        *(("pawsx", 7), ("xcopa", 11), ("bucc2018", 4), ("lareqa", 11), ("mewslix", 11), ("mlqa", 7)),
    ],
)
def test_a_target_has_its_official_number_of_languages(name, official):
    assert len(load_task(name).languages) == official


@pytest.mark.parametrize(
    ("name", "told"), [("ccg", "LDC2005T13"), ("panx", "AmazonPhotos.zip"), ("udpos", "ud-treebanks-v2.5")]
)
def test_who_lacks_data_that_have_to_be_fetched_by_hand_is_told_how(name, told, tmp_path):
    task = load_task(name)
    with pytest.raises(DataError, match=f"no such file.*{told}"):
        Directory(tmp_path).read(task.files, "en", "train", task.labels)


def test_every_kind_reads_a_record_of_its_own_but_raw_text_is_the_same_to_all():
    assert {load_kind(name).example for name in RAW} == {Line}
    records = [Line, *(load_kind(name).example for name in KINDS.names() if name not in RAW)]
    assert set(records) == set(Example.__args__)
    assert len(set(records)) == len(records)


def test_an_unknown_task_or_kind_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="unknown task 'udpso'; did you mean 'udpos'"):
        load_task("udpso")
    with pytest.raises(UnknownName, match="unknown kind 'tag'; did you mean 'tagging'"):
        load_kind("tag")
