"""Every task that lies on the hub is read from there, from files with the hub's own names, columns and classes."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.files import SPLITS, Files, HubFiles
from isthmus.sources.hub import Hub
from isthmus.tasks.task import TASKS, load_kind, load_task

sys.path.append(str(Path(__file__).parent))

from hub_samples import SAMPLES, Sample, nli

# CCGbank, Mewsli-X and raw text are not there at all, of BUCC only the gold pairs, of XQuAD-R only XQuAD.
ELSEWHERE = ("bucc2018", "ccg", "lareqa", "mewslix", "mewslix_pairs", "mlm", "tlm")
JOINED = ("anli", "anli_plus")
READ = [(task, sample) for task, samples in SAMPLES.items() if task not in JOINED for sample in samples]


def repositories(files: Files) -> list[HubFiles]:
    own = [files.hub] if files.hub else []
    return own + [hub for part in (*files.others, *files.joined) for hub in repositories(part)]


def laid_out(hub_cache, task: str, sample: Sample, file: str | None = None) -> None:
    (commit,) = {hub.revision for hub in repositories(load_task(task).files) if hub.repo == sample.repo}
    hub_cache(sample.repo, commit, file or sample.file, sample.columns, sample.classes)


def test_every_task_lies_on_the_hub_or_elsewhere():
    on_hub = {name for name in TASKS.names() if repositories(load_task(name).files)}
    assert on_hub == set(TASKS.names()) - set(ELSEWHERE) == {*SAMPLES, "anli_plus"}


@pytest.mark.parametrize(("task", "sample"), READ, ids=[f"{task} {s.split} {s.language}" for task, s in READ])
def test_a_task_is_read_from_the_hub(hub_cache, task, sample):
    laid_out(hub_cache, task, sample)
    given = load_task(task)
    found = Hub().read(given.files, sample.language, sample.split, given.labels)
    assert tuple(found) == sample.expected
    assert {type(example) for example in found} == {load_kind(given.kind).example}


def test_anli_is_its_three_rounds(hub_cache):
    (sample,) = SAMPLES["anli"]
    for i in (1, 2, 3):
        laid_out(hub_cache, "anli", sample, f"plain_text/dev_r{i}-00000-of-00001.parquet")
    found = Hub().read(load_task("anli").files, "en", "dev", load_task("anli").labels)
    assert found == [replace(e, id=f"{i}.{e.id}") for i in range(3) for e in sample.expected]


def test_anli_plus_is_snli_mnli_and_anli(hub_cache):
    for task in ("snli", "mnli"):
        laid_out(hub_cache, task, SAMPLES[task][0])
    for i in (1, 2, 3):
        laid_out(hub_cache, "anli", SAMPLES["anli"][0], f"plain_text/train_r{i}-00000-of-00001.parquet")
    found = Hub().read(load_task("anli_plus").files, "en", "train", load_task("anli_plus").labels)
    assert [e.id for e in found] == ["0.0", "1.0", "1.1", *(f"2.{i}.{uid}" for i in range(3) for uid in ("u1", "u2"))]
    assert Hub().languages(load_task("anli_plus").files, "test") == ()


def test_the_label_names_are_the_tasks_own():
    for task in ("mnli", "snli", "anli", "xnli"):
        assert set(load_task(task).labels) == set(nli("any", "any").classes["label"])


@pytest.mark.parametrize("task", sorted({*SAMPLES, "anli_plus"}))
def test_what_is_declared_holds_together(task):
    given = load_task(task)
    for hub in repositories(given.files):
        assert re.fullmatch("[0-9a-f]{40}", hub.revision), "a commit, seen in a source"
        assert {language for language, _ in hub.names} <= set(hub.languages)
        assert ("{language}" in hub.config + str(hub.rows)) == (len(hub.languages) > 1)
        assert {split for split, _ in (*hub.splits, *hub.missing, *hub.megabytes)} <= set(SPLITS)
        assert {language for _, languages in hub.missing for language in languages} <= set(hub.languages)
    there = {language for split in SPLITS for language in Hub().languages(given.files, split)}
    assert there & set(given.languages)


@pytest.mark.parametrize("task", sorted({*SAMPLES, "anli_plus"}))
def test_every_split_on_the_hub_is_identified_without_reading_it(task):
    files = load_task(task).files
    places = [(language, split) for split in SPLITS for language in Hub().languages(files, split)]
    assert places
    assert len({Hub().fingerprint(files, *place).digest for place in places}) == len(places)


def test_a_commit_is_the_same_wherever_a_repository_is_named():
    pinned = {(hub.repo, hub.revision) for name in TASKS.names() for hub in repositories(load_task(name).files)}
    assert len({repo for repo, _ in pinned}) == len(pinned)


@pytest.mark.parametrize("task", ELSEWHERE)
def test_a_task_that_lies_elsewhere_says_so(task):
    for split in SPLITS:
        assert Hub().languages(load_task(task).files, split) == ()
    with pytest.raises(DataError, match="not on the hub as parquet"):
        Hub().fingerprint(load_task(task).files, "en", "train")
