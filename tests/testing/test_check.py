"""Every task of ours is whole, and what is not whole in a task is said."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from samples import SAMPLES, write_sample

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import TASKS, load_task
from isthmus.testing import check_task

XNLI = load_task("xnli")


@pytest.mark.parametrize("name", TASKS.names())
def test_a_task_of_ours_is_whole(name, tmp_path):
    check_task(load_task(name), write_sample(tmp_path, name))


def test_there_are_samples_of_every_task():
    assert set(SAMPLES) == set(TASKS.names())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "X-NLI"}, "name: 'X-NLI' is no name of a file"),
        ({"licence": " "}, "licence: it says nothing"),
        ({"citation": ""}, "citation: it says nothing"),
        ({"homepage": ""}, "homepage: it says nothing"),
        ({"languages": ()}, "languages: none"),
        ({"metrics": ("acuracy",)}, "did you mean 'accuracy'"),
        ({"metrics": (), "main": ""}, "names no official figure"),
        ({"train_on": "mnIi"}, "did you mean 'mnli'"),
        ({"train_on": "squad"}, "squad is of another kind or has other labels"),
        ({"labels": ("entailment", "neutral"), "train_on": None}, "unknown label 'contradiction'"),
        ({"files": replace(XNLI.files, format="pears")}, "unknown format 'pears'"),
        ({"files": replace(XNLI.files, dev=None, test="xnli/none-{language}.tsv", others=())}, "holds no split of the task"),
        ({"files": Files("pairs", test="xnli/test-{language}.tsv")}, "neither hub"),
        (
            {"files": replace(XNLI.files, hub=HubFiles(repo="a/b", revision="main", shape="text_pair", columns=()))},
            "'main' is no commit",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_said(changes, said, tmp_path):
    with pytest.raises(AssertionError, match=said):
        check_task(replace(XNLI, **changes), write_sample(tmp_path, "xnli"))


def test_faulty_sample_rows_are_named_by_line(tmp_path):
    write_sample(tmp_path, "xnli").joinpath("xnli/test-de.tsv").write_text("one column\n")
    with pytest.raises(AssertionError, match=r"test de: .*test-de\.tsv:1: 1 columns"):
        check_task(XNLI, tmp_path)


def test_a_metric_that_gold_does_not_satisfy_is_found(tmp_path):
    wrong = replace(load_task("udpos"), metrics=("span_f1",), main="recall")
    write_sample(tmp_path, "udpos")
    check_task(replace(wrong, main="f1"), tmp_path)
    (tmp_path / "udpos/test-de.tsv").write_text("a\tO\n")
    with pytest.raises(AssertionError, match=r"predictions made from gold score 0\.00 f1, expected 100"):
        check_task(replace(wrong, main="f1", labels=("O", *wrong.labels)), tmp_path)
