"""A byte that changes in any artifact is found and named, and mended by computing what it spoilt again."""

from __future__ import annotations

import random

import pytest
from runs import contents, end


def flip(path, chance):
    """Change one bit of one byte of a file and return what the file was."""
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    path.write_bytes(changed)
    return whole


@pytest.fixture
def store(bench, finished):
    return bench.store("finished")


def find(store, name):
    return next(id_ for id_ in store.ids() if store.manifest(id_).name == name)


def test_a_flipped_byte_in_any_file_of_any_artifact_is_found_and_named(store):
    chance = random.Random(3)
    assert store.verify() == []
    for id_ in list(store.ids()):
        for path in [path for path in store.path(id_).rglob("*") if path.is_file()]:
            whole = flip(path, chance)
            found = [(problem.id, problem.file) for problem in store.verify([id_])]
            path.write_bytes(whole)
            assert found == [(id_, str(path.relative_to(store.path(id_))))]
    assert store.verify() == []


def test_a_damaged_encoder_is_named_by_verify_and_computed_again_after_repair(bench, store, finished):
    before = contents(store)
    damaged = find(store, "none/seed 1/udpos")
    flip(store.path(damaged) / "encoder/model.safetensors", random.Random(4))
    status, told = bench.ask("store verify", store="finished")
    assert status == 1
    (problem,) = told["problems"]
    assert (problem["name"], problem["file"]) == ("none/seed 1/udpos", "encoder/model.safetensors")
    status, told = bench.ask("store repair", store="finished")
    assert [removed["name"] for removed in told["removed"]] == ["none/seed 1/udpos"]
    store.discard(find(store, "none/seed 1/udpos/sw/predict"))
    store.discard(find(store, "none/seed 1/udpos/sw/score"))
    assert end(bench.start("finished"))["results"] == finished["results"]
    assert contents(store) == before


def test_a_damaged_score_is_named_instead_of_shown(bench, store):
    damaged = find(store, "none/seed 1/udpos/sw/score")
    whole = flip(store.path(damaged) / "scores.json", random.Random(5))
    status, told = bench.ask("show", store="finished")
    (store.path(damaged) / "scores.json").write_bytes(whole)
    assert status == 1
    assert told["error"]["kind"] == "CorruptArtifact"
    assert "none/seed 1/udpos/sw/score" in told["error"]["message"]
    assert "scores.json" in told["error"]["message"]
