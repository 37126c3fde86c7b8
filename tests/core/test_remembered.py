"""What is remembered of a file is true as long as the file is the one it was found out about."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from isthmus.core.remembered import cache_folder, remembered, remembering


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.txt"
    path.write_text("one", "utf-8")
    return path


@pytest.fixture
def ask(tmp_path: Path, monkeypatch):
    """A function that asks for the text of a file, as a command of its own would, and says whether the file was read.

    The clock is a minute fast, so that files written by the tests are not too young to be remembered.
    """
    now = __import__("time").time
    monkeypatch.setattr("isthmus.core.remembered.time.time", lambda: now() + 60)

    def ask(path: Path, what: str = "text") -> tuple[str, bool]:
        read = []

        def find_out(path: Path) -> str:
            read.append(path)
            return path.read_text("utf-8")

        with remembering(tmp_path / "cache/files.json"):
            return remembered(what, path, find_out), bool(read)

    return ask


def test_an_unchanged_file_is_read_once(ask, file):
    assert [ask(file), ask(file), ask(file)] == [("one", True), ("one", False), ("one", False)]


def test_a_file_of_another_size_is_read_again(ask, file):
    ask(file)
    file.write_text("three", "utf-8")
    assert ask(file) == ("three", True)


def test_a_file_of_the_same_size_and_another_time_is_read_again(ask, file):
    ask(file)
    file.write_text("two", "utf-8")
    assert ask(file) == ("two", True)


def test_a_file_whose_old_time_was_put_back_is_read_again(ask, file):
    before = file.stat()
    ask(file)
    file.write_text("two", "utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ask(file) == ("two", True)


def test_different_questions_about_a_file_have_their_own_answers(ask, file):
    ask(file)
    assert ask(file, "another question") == ("one", True)


def test_a_file_that_was_just_written_is_not_remembered(tmp_path, file):
    for _ in range(2):
        with remembering(tmp_path / "files.json"):
            assert remembered("text", file, lambda path: [path.name]) == ["data.txt"]
    assert not (tmp_path / "files.json").exists()


def test_without_a_memory_every_file_is_read(file):
    assert remembered("text", file, Path.read_text) == "one"
    file.write_text("two", "utf-8")
    assert remembered("text", file, Path.read_text) == "two"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 0, "facts": {}}', '{"format": 1, "facts": [1]}', "null"])
def test_a_damaged_memory_is_an_empty_one(ask, file, tmp_path, content):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/files.json").write_text(content, "utf-8")
    assert [ask(file), ask(file)] == [("one", True), ("one", False)]
    assert json.loads((tmp_path / "cache/files.json").read_bytes())["format"] == 1


def test_a_memory_that_cannot_be_written_is_none(ask, file, tmp_path):
    (tmp_path / "cache").write_text("a file is in the way", "utf-8")
    assert [ask(file), ask(file)] == [("one", True), ("one", True)]


def test_what_finding_out_raises_is_raised_and_not_remembered(ask, file):
    def fail(_: Path) -> str:
        raise ValueError("no text")

    with pytest.raises(ValueError, match="no text"):
        remembered("text", file, fail)
    assert ask(file) == ("one", True)
    file.unlink()
    with pytest.raises(FileNotFoundError):
        ask(file)


def test_the_cache_is_where_the_system_wants_it(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "isthmus"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache/isthmus"
