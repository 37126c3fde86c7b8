"""Errors: one tree, and messages that say where, what, and which name was meant."""

from __future__ import annotations

import pytest

from isthmus.core import errors
from isthmus.core.errors import DataError, IsthmusError, StudyError, UnknownName, UserError, nearest


def test_every_error_hangs_in_the_tree_as_it_is_drawn():
    classes = {c.__name__: c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, Exception)}
    drawn: dict[str, str] = {}
    stack: list[tuple[int, str]] = []
    for line in errors.__doc__.splitlines():
        name = line.lstrip("│├└─ ").partition(" ")[0]
        if name in classes:
            depth = len(line) - len(line.lstrip("│├└─ "))
            stack = [(d, n) for d, n in stack if d < depth]
            drawn[name] = stack[-1][1] if stack else "Exception"
            stack.append((depth, name))
    assert drawn == {name: c.__base__.__name__ for name, c in classes.items()}
    assert all(issubclass(c, IsthmusError) for c in classes.values())


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"file": "s.yaml", "line": 3, "key": "recipe"}, "s.yaml:3: recipe: wrong"),
        ({"file": "s.yaml", "key": "recipe"}, "s.yaml: recipe: wrong"),
        ({"key": "recipe"}, "recipe: wrong"),
        ({"file": "s.yaml"}, "s.yaml: wrong"),
        ({}, "wrong"),
    ],
)
def test_a_study_error_says_as_much_of_the_place_as_is_known(where, message):
    assert str(StudyError("wrong", **where)) == message


def test_what_a_data_error_cites_is_cut_in_the_middle_where_it_is_as_long_as_a_file():
    told = str(DataError("f.tsv", f"found {'x' * 100_000}; expected two columns", 3))
    assert len(told) < 700
    assert told.startswith("f.tsv:3: found xxx")
    assert " [...] " in told
    assert told.endswith("xxx; expected two columns")


def test_a_data_error_says_file_and_line():
    assert str(DataError("a.tsv", "wrong", 7)) == "a.tsv:7: wrong"
    assert str(DataError("a.tsv", "wrong")) == "a.tsv: wrong"


def test_an_unknown_name_is_the_users_to_mend():
    error = UnknownName("task", "udpso", ["xnli", "udpos"])
    assert isinstance(error, UserError)
    assert str(error) == "unknown task 'udpso'; did you mean 'udpos'?"
    assert error.known == ("udpos", "xnli")


def test_without_a_near_name_all_are_listed():
    assert nearest("zzz", ["b", "a"]) == "known: a, b"
    assert nearest("zzz", []) == "known: none"


def test_a_key_with_a_line_end_in_it_keeps_the_message_on_one_line():
    assert (
        str(StudyError("unknown key", file="s.yaml", line=3, key="model.n\nsome")) == r"s.yaml:3: model.n\nsome: unknown key"
    )
