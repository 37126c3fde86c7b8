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


def test_claims_of_a_file_are_on_the_page_with_what_is_not_asked_here(isthmus, study):
    study.write_text(study.read_text("utf-8") + "claims: phang2020\n", "utf-8")
    result = isthmus("report", str(study))
    assert result.exit_code == 0, result.stderr
    page = (study.parent / "small-report.html").read_text("utf-8")
    assert "SQuAD as the intermediate task raises the average over targets." in page
    assert "No arm has one stage on squad in en alone." in page
    assert "How it was done there:" in page


def test_latex_and_the_long_table_are_written_beside_the_page(isthmus, study):
    result = isthmus("report", str(study), "--latex", "tables.tex", "--table", "rows.csv")
    assert result.exit_code == 0, result.stderr
    names = ["small-report.html", "tables.tex", "rows.csv"]
    assert result.stdout.split() == [str(study.parent / name) for name in names]
    assert (study.parent / "tables.tex").read_text("utf-8").startswith(r"\documentclass")
    assert (study.parent / "rows.csv").read_text("utf-8").startswith("study,arm,seed,")


def test_a_table_of_another_form_and_latex_that_cannot_be_written_are_errors_that_say_what_to_do(isthmus, study):
    told = isthmus("report", str(study), "--table", "rows.xlsx")
    assert (told.exit_code, "expected a file named *.csv or *.parquet" in told.stderr) == (2, True)
    told = isthmus("report", str(study), "--latex", "no/such/tables.tex")
    assert told.exit_code == 2
    assert "`isthmus report --latex` names another file" in told.stderr


@pytest.mark.parametrize("verb", ["plan", "show", "report"])
def test_an_unknown_file_of_claims_is_told_at_its_line_before_anything_runs(isthmus, study, verb):
    study.write_text(study.read_text("utf-8") + "claims: [phang]\n", "utf-8")
    told = isthmus(verb, str(study))
    assert told.exit_code == 2
    assert "claims[0]: unknown file of claims 'phang'; did you mean 'phang2020'" in told.stderr
    line = study.read_text("utf-8").count("\n")
    assert f"study.yaml:{line}:" in told.stderr


def test_a_faulty_file_of_claims_is_told_by_its_own_line(isthmus, study):
    study.write_text(study.read_text("utf-8") + "claims: own.yaml\n", "utf-8")
    (study.parent / "own.yaml").write_text("title: mine\nclaims:\n  - {id: c, text: t, expect: up}\n", "utf-8")
    told = isthmus("plan", str(study))
    assert told.exit_code == 2
    assert "own.yaml:3: claims[0].expect: found 'up'" in told.stderr
    assert "own.yaml:3: claims[0].compare: this key is missing" in told.stderr
