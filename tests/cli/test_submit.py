"""`isthmus submit`: the predictions of a study as a folder to hand in; what is missing is said before it is written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from isthmus.world.source import source_of


def ask(study, *more):
    return ("submit", str(study), "--arm", "none", "--seed", "2", "--out", "mine", *more)


def test_a_study_that_has_not_begun_has_nothing_to_hand_in(isthmus, study):
    result = isthmus(*ask(study, "--partial"))
    assert result.exit_code == 2
    assert "the store .isthmus has nothing of" in result.stderr
    assert "udpos: de, en (not computed yet)" in result.stderr
    assert not (study.parent / "mine").exists()


def test_what_is_no_whole_submission_is_written_only_when_asked_for(isthmus, study, finished):
    result = isthmus(*ask(study))
    assert result.exit_code == 2
    assert "xnli: ar, bg, de" in result.stderr
    assert "--partial writes what there is" in result.stderr
    assert not (study.parent / "mine").exists()


def test_a_partial_submission_says_what_is_missing_and_where_it_is(isthmus, study, finished):
    result = isthmus(*ask(study, "--partial", "--labels", "gold"))
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip() == str(study.parent / "mine")
    assert "missing: udpos: af, ar" in result.stderr
    assert "1 task in 2 files" in result.stderr
    assert (study.parent / "mine/udpos/test-de.tsv").read_text("utf-8") == "NOUN\nNOUN\n\n"
    assert (study.parent / "gold/udpos/test-de.tsv").read_text("utf-8") == "NOUN\nVERB\n\n"


def test_what_is_submitted_passes_the_scorer(isthmus, study, finished):
    isthmus(*ask(study, "--partial", "--labels", "gold"))
    scores = json.loads(isthmus("score", "--predictions", "mine", "--labels", "gold", "--partial", "--json").stdout)
    assert scores["isthmus"]["beside"]["udpos"]["accuracy"] == {"de": 50, "en": 50}


def test_as_json_it_lists_files_and_what_is_missing(isthmus, study, finished):
    told = json.loads(isthmus(*ask(study, "--partial", "--json")).stdout)
    assert told["files"] == ["mine/udpos/test-de.tsv", "mine/udpos/test-en.tsv"]
    assert "de" not in told["missing"]["udpos"]["not in the study"]
    assert told["missing"]["tatoeba"]["not in the study"][0] == "af"


def test_a_baseline_is_handed_in_like_an_arm(isthmus, study, finished):
    result = isthmus("submit", str(study), "--arm", "baseline:majority", "--out", "rule", "--partial")
    assert result.exit_code == 0, result.stderr
    assert (study.parent / "rule/udpos/test-en.tsv").exists()


def test_predictions_that_do_not_fit_the_data_end_in_1_and_are_named(isthmus, study, opened, keep, finished):
    step = next(s for s in finished.plan if s.name == "none/seed 2/udpos/de/predict")
    predictions = finished.store.path(step.id) / "predictions.jsonl"
    finished.store.discard(step.id)
    scratch = finished.store.begin(step.id)
    (scratch.output / predictions.name).write_text('{"id": "0", "prediction": ["NOUN"]}\n', "utf-8")
    finished.store.commit(step.id, scratch, step.payload, step.name, {})
    result = isthmus(*ask(study, "--partial"))
    assert result.exit_code == 1
    assert "mine/udpos/test-de.tsv:1: sentence 1 has 1 tags, expected 2 as in" in result.stderr


def test_the_test_sets_are_read_at_the_commits_that_the_study_names(isthmus, study, finished, monkeypatch):
    named = finished.study.model_copy(update={"revisions": {"some/data": "a" * 40}})
    read = []
    monkeypatch.setattr("isthmus.cli.submit.open_study", lambda *_: replace(finished, study=named))
    monkeypatch.setattr("isthmus.cli.submit.source_of", lambda *asked: read.append(asked) or source_of(*asked))
    assert isthmus(*ask(study, "--partial")).exit_code == 0
    assert read == [(named.data, named.revisions, named.local)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("--arm", "non"), "the study has no arm 'non'; did you mean 'none'"),
        (("--seed", "3"), "expected --seed to be one of those of 'none': 1, 2; found 3"),
        (("--version", "xtrem"), "did you mean 'xtreme'"),
    ],
)
def test_what_the_study_does_not_have_is_an_error_with_the_nearest(changed, said, isthmus, study, finished):
    result = isthmus(*ask(study, "--partial", *changed))
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_second_submission_is_not_written_over_the_first(isthmus, study, finished):
    isthmus(*ask(study, "--partial"))
    result = isthmus(*ask(study, "--partial"))
    assert result.exit_code == 2
    assert "is not empty" in result.stderr
