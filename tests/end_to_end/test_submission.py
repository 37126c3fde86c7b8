"""A study that was run is handed in, checked and scored, and the scores are those of its own table."""

from __future__ import annotations

import json
import subprocess

import pytest
from runs import ISTHMUS


@pytest.fixture(scope="module")
def submitted(bench, finished, tmp_path_factory):
    """The folders of predictions and labels of one arm and seed."""
    folder = tmp_path_factory.mktemp("submission")
    where = ("--out", str(folder / "mine"), "--labels", str(folder / "gold"))
    status, told = bench.ask("submit", "--arm", "panx-first", "--seed", "1", "--partial", *where, store="finished")
    assert status == 0, told
    return folder, told


def test_every_test_set_of_the_study_is_in_the_submission(submitted):
    folder, told = submitted
    names = {file.relative_to(folder / "mine").as_posix() for file in (folder / "mine").rglob("*.*")}
    assert names == {
        "udpos/test-en.tsv",
        "udpos/test-de.tsv",
        "panx/test-en.tsv",
        "xquad/test-en.json",
        "xquad/test-de.json",
        "tatoeba/test-de.tsv",
        "tatoeba/test-sw.tsv",
    }
    assert len(told["files"]) == len(names)
    assert told["missing"]["panx"]["judged on dev"] == ["de"]
    assert told["missing"]["xnli"]["not in the study"][0] == "ar"


def test_its_scores_are_those_of_the_table(submitted, bench):
    folder, _ = submitted
    words = ["score", "--predictions", str(folder / "mine"), "--labels", str(folder / "gold"), "--partial", "--json"]
    scored = json.loads(subprocess.run([ISTHMUS, *words], stdout=subprocess.PIPE, text=True, check=True).stdout)
    _, table = bench.ask("show", store="finished")
    rows = {
        (row["task"], row["metric"], row["language"]): row["value"]
        for row in table["rows"]
        if (row["arm"], row["seed"], row["split"]) == ("panx-first", 1, "test")
    }
    compared = 0
    for found in (scored, scored["isthmus"]["beside"]):
        for task in ("udpos", "panx", "xquad", "tatoeba"):
            for metric, by_language in found.get(task, {}).items():
                for language, value in by_language.items():
                    assert value == pytest.approx(rows[task, metric, language], abs=1e-9), (task, metric, language)
                    compared += 1
    assert compared >= 3 * 3 + 2 + 4 + 2
