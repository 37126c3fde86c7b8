"""The command itself: help, version, and how an error is told."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import isthmus as package
from isthmus.core.errors import StudyError

COMMANDS = ["plan", "run", "status", "show", "list", "pretrain", "measure", "store verify", "store repair", "store gc"]


def test_the_version_is_that_of_the_package(isthmus):
    assert isthmus("--version").stdout == f"isthmus {package.__version__}\n"


def test_the_verbs_are_these(isthmus):
    text = isthmus("--help").stdout
    assert [name for name in COMMANDS if f" {name.split()[0]} " not in text] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_is_for_gives_an_example_and_has_json(isthmus, command):
    text = isthmus(*command.split(), "--help").stdout
    assert f"isthmus {command}" in text.split("Usage:")[1].split("\n", 1)[1]
    assert "--json" in text


def test_a_misspelt_command_is_answered_with_the_nearest(isthmus):
    told = isthmus("plna")
    assert told.exit_code == 2
    assert "Did you mean 'plan'" in told.stderr


def test_a_mistake_in_a_study_is_one_line_on_stderr_with_its_place_and_exit_code_2(isthmus, study):
    study.write_text(study.read_text("utf-8").replace("[udpos]", "[udpso]"), "utf-8")
    told = isthmus("plan", "study.yaml")
    assert told.exit_code == 2
    assert told.stdout == ""
    assert told.stderr == "error: study.yaml:17: targets[0].task: unknown task 'udpso'; did you mean 'udpos'?\n"


def test_with_json_an_error_is_a_json_object_on_stdout(isthmus, study):
    told = isthmus("plan", "nowhere.yaml", "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout)["error"] == {
        "kind": "StudyError",
        "message": "nowhere.yaml: no such file",
        "file": "nowhere.yaml",
        "line": None,
        "key": "",
    }
    assert json.loads(isthmus("plan", "--json").stdout)["error"]["kind"] == "UsageError"
    assert isthmus("plan", "--json").exit_code == 2


def test_debug_shows_the_traceback(isthmus, study):
    with pytest.raises(StudyError):
        isthmus("--debug", "plan", "nowhere.yaml")


def test_a_fault_that_the_user_cannot_mend_by_the_command_has_exit_code_1(isthmus, finished):
    (finished.store.path(finished.plan.cells[0].step) / "scores.json").write_text("{}", "utf-8")
    told = isthmus("show", "study.yaml")
    assert told.exit_code == 1
    assert "scores.json: truncated" in told.stderr
    assert "isthmus store repair" in told.stderr


def test_an_interruption_is_no_traceback(isthmus, study, monkeypatch):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("isthmus.cli.plan.open_study", interrupt)
    told = isthmus("plan", "study.yaml")
    assert (told.exit_code, told.stderr) == (130, "interrupted; nothing was lost\n")


def test_a_reader_that_goes_away_is_no_error():
    command = f"{sys.executable} -c 'from isthmus.cli import main; main()' list tasks --json | head -c 1"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("[", "")


@pytest.mark.parametrize("make", [lambda path: path.write_text("x"), lambda path: (path / "thesis").mkdir(parents=True)])
def test_a_store_that_is_none_is_refused(isthmus, study, tmp_path, make):
    make(tmp_path / "elsewhere")
    for command in ("plan", "run", "status", "show"):
        told = isthmus(command, "study.yaml", "--store", "elsewhere")
        assert told.exit_code == 2
        assert "elsewhere" in told.stderr
        assert "--store names another folder" in told.stderr
