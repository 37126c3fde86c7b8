"""`isthmus score`: in place of evaluate.py, its options too; faults told all at once, and the exit status."""

from __future__ import annotations

import json

import pytest

from isthmus.submission.layout import VERSIONS


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A submission of two tasks: half of xnli is right, two of three rows of pawsx are."""
    monkeypatch.chdir(tmp_path)
    rows = {"xnli": ("neutral\nentailment\n", "neutral\nneutral\n"), "pawsx": ("0\n1\n1\n", "0\n0\n1\n")}
    for task, texts in rows.items():
        for folder, text in zip(("labels", "mine"), texts, strict=True):
            (tmp_path / folder / task).mkdir(parents=True)
            for language in VERSIONS["xtreme"].languages[task]:
                (tmp_path / folder / task / f"test-{language}.tsv").write_text(text, "utf-8")
    return tmp_path


ASK = ("score", "--predictions", "mine", "--labels", "labels")


def test_the_table_has_each_task_its_group_and_what_is_absent(isthmus, folders):
    result = isthmus(*ASK)
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["xnli", "accuracy", "50.00", "15"] in lines
    assert ["pawsx", "accuracy", "66.67", "7"] in lines
    assert ["classification", "58.33", "58.33"] in lines
    assert "mlqa: no predictions and no labels" in result.stdout
    assert "no average over all tasks" in result.stdout


def test_the_options_of_the_official_script_do_the_same(isthmus, folders):
    official = ("--prediction_folder", "mine", "--label_folder", "labels", "--xtreme_version", "xtreme")
    result = isthmus("score", *official, "--output_file", "scores.json")
    assert result.exit_code == 0
    written = json.loads((folders / "scores.json").read_text("utf-8"))
    assert written["xnli"]["avg_metric"] == written["xnli"]["accuracy"]["sw"] == 50
    assert written["classification"] == pytest.approx(175 / 3)
    assert written == json.loads(isthmus(*ASK, "--json").stdout)


def test_languages_shows_each_language(isthmus, folders):
    lines = [line.split() for line in isthmus(*ASK, "--task", "xnli", "--languages").stdout.splitlines()]
    assert ["sw", "50.00"] in lines
    assert not any("pawsx" in line and "accuracy" in line for line in lines)


def test_every_fault_is_told_and_the_exit_status_is_1(isthmus, folders):
    (folders / "mine/xnli/test-de.tsv").unlink()
    (folders / "mine/pawsx/test-ko.tsv").write_text("0\n1\n2\n", "utf-8")
    result = isthmus(*ASK)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "mine/xnli: 1 of 15 languages are missing: de" in result.stderr
    assert "mine/pawsx/test-ko.tsv:3: unknown label '2'; known: 0, 1" in result.stderr
    assert "2 faults" in result.stderr


def test_faults_as_json_are_one_document(isthmus, folders):
    (folders / "mine/pawsx/test-ko.tsv").write_text("0\n1\n2\n", "utf-8")
    result = isthmus(*ASK, "--json")
    assert result.exit_code == 1
    [fault] = json.loads(result.stdout)["faults"]
    assert (fault["sort"], fault["file"], fault["line"]) == ("bad-label", "mine/pawsx/test-ko.tsv", 3)


def test_a_partial_submission_says_how_many_languages_its_figure_is_of(isthmus, folders):
    (folders / "mine/xnli/test-de.tsv").unlink()
    result = isthmus(*ASK, "--partial")
    assert result.exit_code == 0
    assert "14 of 15" in result.stdout
    assert "xnli: no de; its figure is the mean of the others, not an official one" in result.stdout


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("--version", "xtreme_r"), "unknown version 'xtreme_r'; did you mean 'xtreme-r'"),
        (("--task", "xnil"), "unknown task of xtreme 'xnil'; did you mean 'xnli'"),
        (("--out", "no/such/scores.json"), "cannot be written"),
        (("--labels", "lables"), "lables: cannot be listed"),
    ],
)
def test_what_cannot_be_done_is_an_error_that_says_why(changed, said, isthmus, folders):
    result = isthmus(*ASK, *changed)
    assert result.exit_code == 2
    assert said in result.stderr
