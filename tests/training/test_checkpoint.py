"""Checkpoints: whole or passed over, one kept, and the best weights apart."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict

import pytest
import torch
from tiny_networks import settings_of, write_encoder
from toy_task import StopAt, model_of, run, weights

from isthmus.core.errors import Stopped
from isthmus.models.task_model import new_language_model
from isthmus.training import checkpoint
from isthmus.training.checkpoint import BEST, PLACE, STATE, Checkpoints, Place
from isthmus.training.optim import adamw

PLACE_SEEN = Place(
    7, {"a": (1, 2)}, 900, 3.5, [("a", 0.1), ("b", 1 / 3)], [(3, 0.7)], {"a": [(3, 0.5)]}, {"a": [0, 2]}, [(5, 0.25)]
)  # fmt: skip


def network(seed=0):
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))


def trained(seed=0, steps=2):
    """A network and its optimiser after some steps, one layer of which got no gradient."""
    model = network(seed)
    optimizer = adamw(model, 0.1, 0.01)
    for _ in range(steps):
        model[:2](torch.randn(5, 3)).pow(2).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    return model, optimizer


def moments(optimizer):
    return [(i, k, v) for i, state in optimizer.state_dict()["state"].items() for k, v in sorted(state.items())]


def alike(one, other):
    return [(i, k) for i, k, _ in moments(one)] == [(i, k) for i, k, _ in moments(other)] and all(
        torch.equal(a, b) for (*_, a), (*_, b) in zip(moments(one), moments(other), strict=True)
    )


def folders(root):
    return sorted(root.glob("step-*"))


def test_a_checkpoint_brings_back_weights_moments_and_place(tmp_path):
    model, optimizer = trained()
    Checkpoints(tmp_path).save(model, optimizer, PLACE_SEEN)
    other, empty = network(9), None
    empty = adamw(other, 0.1, 0.01)
    found = Checkpoints(tmp_path).restore(other, empty)
    assert asdict(found) == json.loads(json.dumps(asdict(PLACE_SEEN)))
    assert all(torch.equal(w, other.state_dict()[n]) for n, w in model.state_dict().items())
    assert moments(optimizer)
    assert alike(optimizer, empty)


def test_an_empty_folder_holds_no_checkpoint(tmp_path):
    model, optimizer = trained()
    assert Checkpoints(tmp_path).restore(model, optimizer) is None
    assert Checkpoints(tmp_path / "absent").restore(model, optimizer) is None


def test_only_the_newest_is_kept(tmp_path):
    model, optimizer = trained()
    checkpoints = Checkpoints(tmp_path)
    for step in (3, 4, 4, 10):
        checkpoints.save(model, optimizer, Place(step))
        assert len(folders(tmp_path)) == 1
    assert checkpoints.restore(model, optimizer).step == 10


def damage_nothing(folder):
    """Leave a checkpoint as it is."""


def cut(folder):
    (folder / STATE).write_bytes((folder / STATE).read_bytes()[:-9])


def flip(folder):
    content = bytearray((folder / STATE).read_bytes())
    content[-1] ^= 1
    (folder / STATE).write_bytes(content)


def no_place(folder):
    (folder / PLACE).unlink()


def half_a_place(folder):
    (folder / PLACE).write_bytes((folder / PLACE).read_bytes()[:40])


def no_state(folder):
    (folder / STATE).unlink()


def another_place(folder):
    (folder / PLACE).write_text('{"place": {"stride": 4}, "digest": ""}')


def no_record(folder):
    (folder / PLACE).write_text("[]")


@pytest.mark.parametrize("damage", [cut, flip, no_place, half_a_place, no_state, another_place, no_record])
def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(damage, tmp_path):
    model, optimizer = trained()
    Checkpoints(tmp_path).save(model, optimizer, Place(3))
    (old,) = folders(tmp_path)
    shutil.copytree(old, tmp_path / "kept")
    Checkpoints(tmp_path).save(model, optimizer, Place(8))
    (new,) = folders(tmp_path)
    damage(new)
    before = weights(model)
    assert Checkpoints(tmp_path).restore(model, optimizer) is None
    assert all(torch.equal(w, before[n]) for n, w in model.state_dict().items())
    (tmp_path / "kept").rename(old)
    assert Checkpoints(tmp_path).restore(model, optimizer).step == 3


def test_a_crash_while_writing_leaves_the_last_one(tmp_path, monkeypatch):
    model, optimizer = trained()
    Checkpoints(tmp_path).save(model, optimizer, Place(5))
    for broken in ("save_file", "write_atomic"):
        monkeypatch.setattr(checkpoint, broken, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Checkpoints(tmp_path).save(model, optimizer, Place(5))
        monkeypatch.undo()
        assert Checkpoints(tmp_path).restore(model, optimizer).step == 5


def test_a_run_with_a_damaged_checkpoint_begins_again_and_ends_the_same(encoders, tmp_path):
    whole, _ = run(encoders["xlm-roberta"], tmp_path / "whole")
    with pytest.raises(Stopped):
        run(encoders["xlm-roberta"], tmp_path / "cut", stopping=StopAt(6))
    cut(folders(tmp_path / "cut")[0])
    model, place = run(encoders["xlm-roberta"], tmp_path / "cut")
    assert place.step == 12
    assert all(torch.equal(w, whole.state_dict()[n]) for n, w in model.state_dict().items())


def test_a_checkpoint_is_due_after_its_seconds():
    assert Checkpoints(None, seconds=0).due()
    assert not Checkpoints(None, seconds=60).due()


def test_the_best_weights_come_back_and_the_last_best_counts(tmp_path):
    model, _ = trained(1)
    checkpoints = Checkpoints(tmp_path / "new")
    checkpoints.keep_best(network(5))
    checkpoints.keep_best(model)
    other = network(9)
    checkpoints.load_best(other)
    assert all(torch.equal(w, other.state_dict()[n]) for n, w in model.state_dict().items())
    assert [p.name for p in (tmp_path / "new").iterdir()] == [BEST]


@pytest.mark.parametrize("model_type", ["xlm-roberta", "modernbert"])
def test_tied_weights_stay_tied(model_type, pieces_folder, tmp_path):
    model, other = (new_language_model(settings_of(model_type), pieces_folder, seed) for seed in (0, 1))
    Checkpoints(tmp_path).save(model, adamw(model, 0.1, 0), Place(1))
    assert Checkpoints(tmp_path).restore(other, adamw(other, 0.1, 0)) == Place(1)
    assert all(torch.equal(w, other.state_dict()[n]) for n, w in model.state_dict().items())
    embedded = other.model.get_input_embeddings().weight
    assert embedded is other.model.get_output_embeddings().weight


def test_nothing_but_safetensors_and_json_is_written(pieces_folder, tmp_path):
    model = model_of(write_encoder(settings_of("bert"), pieces_folder, tmp_path / "encoder"))
    Checkpoints(tmp_path / "work").save(model, adamw(model, 0.1, 0), Place())
    assert {p.name for p in (tmp_path / "work").rglob("*") if p.is_file()} == {STATE, PLACE}
