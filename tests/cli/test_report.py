"""`isthmus report`: the page of a study, whenever it is asked for."""

from __future__ import annotations

import pytest


def test_a_study_that_has_not_begun_gets_a_page_in_this_directory(isthmus, study):
    result = isthmus("report", str(study))
    assert result.exit_code == 0
    page = study.parent / "small-report.html"
    assert result.stdout.strip() == str(page)
    assert "This study is not finished." in page.read_text("utf-8")


def test_out_names_the_page_and_the_study_file_is_on_it(isthmus, study):
    isthmus("report", str(study), "--out", "other.html")
    assert "recipe: {learning_rate: 0.001, steps: 2, batch_tokens: 100}" in (study.parent / "other.html").read_text("utf-8")
    assert not (study.parent / "small-report.html").exists()


def test_a_page_that_cannot_be_written_is_an_error_that_says_what_to_do(isthmus, study):
    result = isthmus("report", str(study), "--out", "no/such/folder/page.html")
    assert result.exit_code == 2
    assert "page.html cannot be written" in result.stderr
    assert "--out" in result.stderr


def test_open_shows_the_page_and_nothing_opens_unasked(isthmus, study, monkeypatch: pytest.MonkeyPatch):
    shown: list[str] = []
    monkeypatch.setattr("typer.launch", lambda url, **_: shown.append(url))
    isthmus("report", str(study))
    assert shown == []
    isthmus("report", str(study), "--open")
    assert shown == [(study.parent / "small-report.html").as_uri()]
