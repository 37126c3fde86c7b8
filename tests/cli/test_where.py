"""Where a task looks for its files, as a user asks for it."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from isthmus.cli.entry import app
from isthmus.tasks.task import load_task


def ask(*arguments):
    return CliRunner().invoke(app, ["data", "where", *arguments], env={"COLUMNS": "200"})


def test_every_layout_is_told_in_the_order_in_which_it_is_looked_at():
    said = ask("mnli").output
    files = load_task("mnli").files
    patterns = [files.train, *(layout.train for layout in files.others if layout.train)]
    places = [said.index(pattern) for pattern in patterns]
    assert places == sorted(places)
    assert "OANC" in said


def test_what_cannot_be_downloaded_freely_comes_with_what_to_do():
    assert "LDC2005T13" in ask("ccg").output


def test_a_joined_set_tells_the_layouts_of_its_parts():
    said = ask("anli_plus").output
    assert all(name in said for name in ("anli_v1.0/R3/train.jsonl", "snli_1.0", "xnli/train-en.tsv"))


def test_as_json_it_is_the_whole_declaration():
    told = json.loads(ask("xnli", "--json").output)
    assert told["labels"] == list(load_task("xnli").labels)
    assert told["files"]["dev"] == "xnli/dev-{language}.tsv"


def test_an_unknown_task_has_a_nearest_one():
    found = ask("xnIi")
    assert found.exit_code != 0
    assert "did you mean 'xnli'?" in str(found.exception) + found.output
