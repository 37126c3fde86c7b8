"""Looking after what is kept."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def damaged(finished):
    """The finished study with one byte of one score flipped, and that step."""
    step = finished.plan.steps[finished.plan.cells[0].step]
    file = finished.store.path(step.id) / "scores.json"
    content = bytearray(file.read_bytes())
    content[10] ^= 1
    file.write_bytes(content)
    return step


def test_a_sound_store_has_nothing_to_tell(isthmus, finished):
    told = isthmus("store", "verify")
    assert (told.exit_code, told.stdout) == (0, "28 artifacts, none damaged\n")
    assert isthmus("store", "repair").stdout == "0 damaged artifacts removed\n"


def test_a_flipped_byte_is_found_and_named_and_the_exit_code_is_1(isthmus, damaged):
    told = isthmus("store", "verify")
    assert told.exit_code == 1
    assert f"artifact {damaged.id[:12]} ({damaged.name}): scores.json: changed" in told.stdout
    assert "28 artifacts, 1 damaged" in told.stdout
    told = isthmus("store", "verify", "--json")
    assert told.exit_code == 1
    assert [(one["id"], one["file"]) for one in json.loads(told.stdout)["problems"]] == [(damaged.id, "scores.json")]


def test_repair_removes_what_is_damaged_so_that_it_is_planned_again(isthmus, damaged, opened):
    assert isthmus("store", "repair").stdout.splitlines()[-1] == "1 damaged artifact removed"
    assert opened().todo == {damaged.id}
    assert isthmus("store", "verify").exit_code == 0


def test_gc_needs_to_know_what_is_kept(isthmus, finished, study):
    for arguments in ([], ["study.yaml", "--all"]):
        told = isthmus("store", "gc", *arguments)
        assert told.exit_code == 2
        assert "name the studies whose results are kept" in told.stderr


def test_gc_only_tells_unless_it_is_told_to_remove(isthmus, finished, study):
    study.write_text(study.read_text("utf-8").replace("seeds: [1, 2]", "seeds: [1]"), "utf-8")
    told = isthmus("store", "gc", "study.yaml")
    assert "names/seed 2/stage 1 panx" in told.stdout
    assert "would be removed: 11 steps, " in told.stdout
    assert len(list(finished.store.ids())) == 28
    told = isthmus("store", "gc", "study.yaml", "--yes", "--json")
    document = json.loads(told.stdout)
    assert (len(document["removed"]), document["dry_run"]) == (11, False)
    assert document["bytes"] == sum(one["size"] for one in document["removed"]) > 0
    assert len(list(finished.store.ids())) == 17


def test_gc_spares_what_is_young_when_asked(isthmus, finished):
    assert json.loads(isthmus("store", "gc", "--all", "--older-than", "1", "--json").stdout)["removed"] == []


def test_gc_removes_nothing_when_a_study_cannot_be_read(isthmus, finished):
    assert isthmus("store", "gc", "study.yaml", "nowhere.yaml", "--yes").exit_code == 2
    assert len(list(finished.store.ids())) == 28


@pytest.mark.parametrize("command", ["verify", "repair", "gc --all"])
def test_a_store_that_is_not_there_is_no_empty_store(isthmus, study, command):
    told = isthmus("store", *command.split(), "--store", "elswhere")
    assert told.exit_code == 2
    assert "there is no store elswhere" in told.stderr
