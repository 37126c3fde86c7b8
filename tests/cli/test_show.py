"""The table of a study, in every form."""

from __future__ import annotations

import csv
import json
import re

import pytest


def test_a_finished_study_is_a_table_with_every_arm_and_baseline(isthmus, finished):
    text = isthmus("show", "study.yaml").stdout
    for name in ("udpos", "none", "names", "baseline:majority", "zero-shot", "50.0"):
        assert name in text


def test_an_unbegun_study_says_what_is_missing(isthmus, study):
    told = isthmus("show", "study.yaml")
    assert (told.exit_code, told.stderr) == (0, "")
    assert "10 of 10 scores are still missing" in told.stdout


def test_languages_and_other_metrics_are_shown_on_demand(isthmus, finished):
    assert "\nde " not in isthmus("show", "study.yaml").stdout
    text = isthmus("show", "study.yaml", "--languages", "--metric", "accuracy").stdout
    assert "\nde " in text
    assert "51.0" in text
    assert "50.0" not in text


def test_an_unknown_metric_is_refused_with_the_known_ones(isthmus, finished):
    told = isthmus("show", "study.yaml", "--metric", "f2")
    assert told.exit_code == 2
    assert "unknown metric 'f2'; known: accuracy, f1" in told.stderr


def test_markdown_csv_and_json_hold_the_same_figures(isthmus, finished):
    assert "| none |" in isthmus("show", "study.yaml", "--markdown").stdout
    rows = list(csv.DictReader(isthmus("show", "study.yaml", "--csv").stdout.splitlines()))
    found = json.loads(isthmus("show", "study.yaml", "--json").stdout)
    assert len(rows) == len(found["rows"]) == 20
    assert [float(row["value"]) for row in rows] == [row["value"] for row in found["rows"]]
    assert found["summary"]["missing"] == 0
    assert found["summary"]["against"] == "none"


@pytest.mark.parametrize("options", ["--csv --json", "--markdown --csv", "--csv --languages", "--json --metric f1"])
def test_options_that_would_do_nothing_are_refused(isthmus, study, options):
    assert isthmus("show", "study.yaml", *options.split()).exit_code == 2


def test_training_runs_are_shown_with_the_fate_of_their_heads(isthmus, finished):
    text = isthmus("show", "study.yaml", "--training").stdout
    assert "tagging: new" in text
    runs = json.loads(isthmus("show", "study.yaml", "--training", "--json").stdout)
    assert [run["step"] for run in runs] == [step.id for step in finished.plan if step.kind in ("pretrain", "train")]
    assert all(run["heads"] == {"tagging": "new"} for run in runs)


@pytest.fixture
def counted(opened, keep):
    """The study with counts behind every score: the second arm has more right."""
    found = opened()
    for number, cell in enumerate(found.plan.cells):
        right = [2, 3, 4, 3] * 5 if cell.arm == "none" else [5, 5 + number % 2, 6, 7] * 5
        keep(found.store, found.plan.steps[cell.step], right=right)
    return opened()


def test_effects_stand_in_a_table_with_their_intervals(isthmus, counted):
    text = isthmus("show", "study.yaml", "--effects").stdout
    assert "effects against none" in text
    assert "zero-shot (1)" in text
    assert "▲" in text
    assert "udpos: f1  de " not in text
    assert "udpos: f1  de " in isthmus("show", "study.yaml", "--effects", "--languages").stdout


def test_effects_are_in_csv_on_demand_and_in_json_always(isthmus, counted):
    lines = list(csv.DictReader(isthmus("show", "study.yaml", "--effects", "--csv").stdout.splitlines()))
    found = json.loads(isthmus("show", "study.yaml", "--json").stdout)["effects"]
    assert [float(line["delta"]) for line in lines] == [effect["delta"] for effect in found]
    assert {effect["language"] for effect in found} == {"all", "en", "zero-shot", "de"}


def test_claims_are_judged_below_the_effects_and_in_json(isthmus, study, counted):
    claim = "claims: [{text: Names help., arm: names, target: udpos, expect: higher}]\n"
    study.write_text(study.read_text("utf-8") + claim, "utf-8")
    text = isthmus("show", "study.yaml", "--effects").stdout
    assert re.search(r"\n1 +names on udpos, zero-shot: higher +\+.* supported +moderate", text)
    assert "supported: Names help – names differs from none by" in text
    assert json.loads(isthmus("show", "study.yaml", "--json").stdout)["claims"][0]["outcome"] == "supported"


def test_effects_are_checked_by_resampling_on_demand(isthmus, counted):
    text = isthmus("show", "study.yaml", "--effects", "--resample").stdout
    assert "effects against none, resampled" in text
    assert "no p of seeds is below 0.5" in text
    document = json.loads(isthmus("show", "study.yaml", "--effects", "--resample", "--json").stdout)
    assert [one["language"] for one in document["resampled"]] == [one["language"] for one in document["effects"]]
    for one, effect in zip(document["resampled"], document["effects"], strict=True):
        assert one["low"] <= effect["delta"] <= one["high"]
        assert one["p_examples"] < 0.01
        assert one["p_seeds"] == 0.5
    assert "resampled" not in json.loads(isthmus("show", "study.yaml", "--json").stdout)


def test_claims_of_a_file_stand_in_the_same_table(isthmus, study, counted):
    study.write_text(study.read_text("utf-8") + "claims: [model-scale]\n", "utf-8")
    text = isthmus("show", "study.yaml", "--effects").stdout
    assert re.search(r"\nenglish-alone +names against none; udpos: higher +\+", text)
    assert re.search(r"\ntranslation +– .*not asked here", text)
    found = json.loads(isthmus("show", "study.yaml", "--json").stdout)["claims"]
    assert [one["id"] for one in found] == [
        "target-languages",
        "translation",
        "english-alone",
        "larger-needs-less",
        "larger-needs-less-translation",
    ]
    assert all(one["hypothesis"] for one in found)


def test_a_study_without_scores_says_that_there_are_no_effects(isthmus, study):
    assert "no two arms have been scored" in isthmus("show", "study.yaml", "--effects").stdout


@pytest.mark.parametrize("options", ["--resample", "--resample --json", "--effects --resample --csv"])
def test_resampling_is_of_effects(isthmus, study, options):
    told = isthmus("show", "study.yaml", *options.split())
    assert told.exit_code == 2
    assert "give it beside --effects" in told.output


def test_a_study_without_scores_has_nothing_to_resample(isthmus, study):
    assert "no two arms have been scored" in isthmus("show", "study.yaml", "--effects", "--resample").stdout


@pytest.mark.parametrize("options", ["--effects --markdown", "--effects --training"])
def test_effects_go_with_nothing_that_shows_something_else(isthmus, study, options):
    told = isthmus("show", "study.yaml", *options.split())
    assert told.exit_code == 2
    assert "--effects goes with" in told.stderr
