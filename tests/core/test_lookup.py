"""Names to objects: adding a file adds a name, and listing names imports nothing."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint

import pytest

from isthmus.core.errors import UnknownName
from isthmus.core.lookup import Shelf


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A shelf of two folders in a package of its own, one file of which cannot be imported."""
    for folder, files in {"near": {"ant": "'ant'", "broken": "1 / 0"}, "far": {"bee": "'bee'"}}.items():
        (tmp_path / "insects_for_test" / folder).mkdir(parents=True)
        for name, value in {"__init__": "0", "_private": "0", **files}.items():
            (tmp_path / "insects_for_test" / folder / f"{name}.py").write_text(f"INSECT = {value}\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield Shelf("insect", ("insects_for_test.near", "insects_for_test.far"), "INSECT")
    for name in [name for name in sys.modules if name.startswith("insects_for_test")]:
        del sys.modules[name]


def test_every_public_file_of_every_folder_is_a_name(shelf):
    assert shelf.names() == ("ant", "bee", "broken")


def test_listing_names_imports_none_of_them(shelf):
    shelf.names()
    assert not {f"insects_for_test.near.{name}" for name in ("ant", "broken")} & set(sys.modules)


def test_a_name_gives_what_its_file_exports(shelf):
    assert (shelf.load("ant"), shelf.load("bee")) == ("ant", "bee")


def test_an_unknown_name_is_answered_with_the_nearest(shelf):
    with pytest.raises(UnknownName, match="unknown insect 'bees'; did you mean 'bee'"):
        shelf.load("bees")


def test_a_fault_inside_a_file_is_not_hidden(shelf):
    with pytest.raises(ZeroDivisionError):
        shelf.load("broken")


def test_a_folder_that_does_not_exist_holds_no_name():
    assert Shelf("insect", ("isthmus.insects",), "INSECT").names() == ()


def test_third_parties_add_names_but_replace_none(shelf, monkeypatch):
    entries = [EntryPoint(name, "insects_for_test.far.bee", "isthmus.insect") for name in ("wasp", "ant")]
    monkeypatch.setattr("isthmus.core.lookup.entry_points", lambda group: entries if group == "isthmus.insect" else [])
    assert shelf.names() == ("ant", "bee", "broken", "wasp")
    assert (shelf.load("wasp"), shelf.load("ant")) == ("bee", "ant")
