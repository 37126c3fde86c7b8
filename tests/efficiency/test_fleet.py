"""Checkpoints in memory: all of them where they fit, else one at a time."""

from __future__ import annotations

import gc

import pytest
import torch

from isthmus.core.errors import UserError
from isthmus.efficiency import fleet as module
from isthmus.efficiency.fleet import Checkpoint, Fleet, Serving, fit_together

CPU = torch.device("cpu")


def checkpoint(folder, name="one"):
    return Checkpoint(name, "none", "", "", 1, folder, folder)


def test_servers_that_fit_are_loaded_once():
    loaded = []
    fleet = Fleet(2, lambda number: loaded.append(number) or object(), together=True)
    assert fleet.server(0) is fleet.server(0)
    assert fleet.server(1) is not fleet.server(0)
    assert loaded == [0, 1]
    fleet.close()


def test_servers_that_do_not_fit_are_held_one_at_a_time():
    loaded = []
    fleet = Fleet(2, lambda number: loaded.append(number) or object(), together=False)
    for number in (0, 0, 1, 1, 0):
        fleet.server(number)
    assert loaded == [0, 1, 0]
    fleet.close()


def test_what_is_loaded_is_kept_out_of_garbage_collection_until_it_is_let_go():
    before = gc.get_freeze_count()
    fleet = Fleet(1, lambda _: object(), together=True)
    fleet.server(0)
    assert gc.get_freeze_count() > before
    fleet.close()
    assert gc.get_freeze_count() == 0


def test_a_limit_decides_whether_checkpoints_are_held_together(trained, monkeypatch):
    both = [checkpoint(trained["span"], name) for name in ("one", "two")]
    size = sum(file.stat().st_size for file in trained["span"].rglob("*") if file.is_file())
    assert fit_together(both, CPU, 4 * size)
    assert not fit_together(both, CPU, 2 * size)
    assert fit_together(both[:1], CPU, 2 * size)
    monkeypatch.setattr(module, "memory", lambda: 2 * size)
    assert not fit_together(both, CPU)


def test_windows_longer_than_the_network_are_one_clear_error(trained):
    with pytest.raises(UserError, match="max_length 4096 is more than the 128 positions"):
        Serving(CPU, 1, 4096, 8, "fp32").server(checkpoint(trained["span"]))
