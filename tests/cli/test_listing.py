"""The names a study may use."""

from __future__ import annotations

import json

import pytest

from isthmus.cli.listing import CATEGORIES, MEANINGS
from isthmus.evaluation.baseline import BASELINES
from isthmus.models.family import FAMILIES
from isthmus.tasks.task import TASKS


def listed(isthmus, *category: str) -> list[dict]:
    return json.loads(isthmus("list", *category, "--json").stdout)


def test_without_a_category_the_categories_are_listed(isthmus):
    assert [entry["category"] for entry in listed(isthmus)] == list(CATEGORIES) == list(MEANINGS)


@pytest.mark.parametrize("category", CATEGORIES)
def test_everything_has_a_name_and_says_what_it_is(isthmus, category):
    entries = listed(isthmus, category)
    assert entries
    assert [entry for entry in entries if not entry["name"] or not entry["description"]] == []
    text = isthmus("list", category).stdout
    assert [entry["name"] for entry in entries if entry["name"] not in text] == []


def test_tasks_come_with_kind_official_metric_languages_and_training_data(isthmus):
    tasks = {entry["name"]: entry for entry in listed(isthmus, "tasks")}
    assert set(tasks) == set(TASKS.names())
    assert {key: tasks["xnli"][key] for key in ("kind", "metric", "languages", "trained_on")} == {
        "kind": "classification",
        "metric": "accuracy",
        "languages": 15,
        "trained_on": "mnli",
    }
    assert tasks["tatoeba"]["trained_on"] is None


def test_what_is_listed_without_loading_it_is_what_its_room_has(isthmus):
    assert {entry["name"] for entry in listed(isthmus, "baselines")} == {*BASELINES.names(), "untrained"}
    assert [entry["name"] for entry in listed(isthmus, "families")] == list(FAMILIES.names())


def test_an_unknown_category_is_answered_with_the_nearest(isthmus):
    told = isthmus("list", "task")
    assert told.exit_code == 2
    assert told.stderr == "error: unknown category 'task'; did you mean 'tasks'?\n"
