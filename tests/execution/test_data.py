"""Data that a step names by digest: read as planned, or refused by name."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "end_to_end"))

from small_world import small_study, write_world

from isthmus.core.errors import DataError
from isthmus.execution.data import read_data, read_text, unchanged
from isthmus.plan.origin import directory_digest
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory
from isthmus.sources.hub import Hub
from isthmus.sources.overlay import Overlay
from isthmus.tasks.task import load_task


@pytest.fixture
def root(tmp_path):
    return write_world(tmp_path / "data", 8)


@pytest.fixture
def steps(root):
    plan = make_plan(small_study(root), Directory(root), {"data": str(root)})
    return {step.name: step for step in plan}


def test_examples_are_those_that_the_step_was_planned_with_and_at_most_as_many_as_asked_for(steps):
    step = steps["none/seed 1/udpos/sw/predict"]
    record = step.settings["data"]
    assert len(read_data(record, step.places)) == 4
    first, second = read_data(record, step.places, 2)
    assert (first.id, second.id) == ("0", "1")
    assert first.words[-1] == "."


def test_a_file_packed_since_the_plan_was_made_is_still_the_same(steps, root):
    step = steps["none/seed 1/udpos/sw/predict"]
    plain = root / "udpos/test-sw.tsv"
    plain.with_name("test-sw.tsv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert len(read_data(step.settings["data"], step.places)) == 4


def test_data_changed_since_the_plan_was_made_are_named(steps, root):
    step = steps["none/seed 1/udpos/sw/predict"]
    with (root / "udpos/test-sw.tsv").open("a") as stream:
        stream.write("\nnew\tNOUN\n")
    with pytest.raises(DataError, match="the test data of udpos in 'sw' changed since this run was planned"):
        read_data(step.settings["data"], step.places)


def test_data_gone_since_the_plan_was_made_are_named(steps, root):
    (root / "udpos/train-en.tsv").unlink()
    step = steps["none/seed 1/udpos"]
    with pytest.raises(DataError, match=r"train-en\.tsv: no such file"):
        read_data(step.settings["data"][0], step.places)


def test_text_is_read_for_every_language_and_named_where_it_changed(steps, root):
    step = steps["tokenizer"]
    text = read_text(step.settings["text"], step.places)
    assert {language: len(corpus.lines) for language, corpus in text.items()} == {"en": 8, "de": 8, "sw": 8}
    assert text["en"].parallel.keys() == text["de"].parallel.keys()
    (root / "text/de.txt").write_text("0\tetwas anderes\n")
    with pytest.raises(DataError, match=r"text/de\.txt: the text in 'de' changed since this run was planned"):
        read_text(step.settings["text"], step.places)


def test_a_model_directory_changed_since_the_plan_was_made_is_named(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    digest = directory_digest(tmp_path)
    assert unchanged(str(tmp_path), digest) == tmp_path
    (tmp_path / "config.json").write_text("[]")
    with pytest.raises(DataError, match="this directory changed since this run was planned"):
        unchanged(str(tmp_path), digest)


def test_a_step_planned_on_the_hub_reads_it_at_the_commit_that_the_study_names(hub_cache):
    task, commit = load_task("rte"), "a1" * 20
    assert task.files.hub
    rows = {"sentence1": ["A dog."], "sentence2": ["A pet."], "label": [0]}
    hub_cache(task.files.hub.repo, commit, "rte/validation-0.parquet", rows, {"label": task.labels})
    record = {"task": "rte", "language": "en", "split": "dev"}
    named = Hub({task.files.hub.repo: commit})
    record["digest"] = named.fingerprint(task.files, "en", "dev").digest
    (found,) = read_data(record, {"data": "hub", "revisions": named.revisions})
    assert found.label == "entailment"
    with pytest.raises(DataError, match="hub: the dev data of rte in 'en' changed since this run was planned"):
        read_data(record, {"data": "hub"})


def test_what_the_hub_lacks_is_read_from_the_directory_beside_it_and_refused_before_it_is_there(tmp_path):
    places = {"data": "hub", "local": str(tmp_path / "local")}
    overlay, files = Overlay(Hub(), tmp_path / "local"), load_task("ccg").files
    absent = {"task": "ccg", "language": "en", "split": "dev", "digest": overlay.fingerprint(files, "en", "dev").digest}
    with pytest.raises(DataError, match=r"no such file\. CCGbank is not free"):
        read_data(absent, places)
    (tmp_path / "local/ccg").mkdir(parents=True)
    (tmp_path / "local/ccg/dev.tsv").write_text("Ana\tN\n\n", "utf-8")
    with pytest.raises(DataError, match="changed since this run was planned"):
        read_data(absent, places)
    there = absent | {"digest": overlay.fingerprint(files, "en", "dev").digest}
    assert [example.words for example in read_data(there, places)] == [("Ana",)]
