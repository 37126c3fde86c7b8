"""Parquet files of the hub as records: the columns asked for, under the names asked for, and classes by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.core.errors import DataError
from isthmus.sources.parquet import _names_of, read_rows

SHOWN = Path("some/set@abc/test.parquet")


def test_only_the_columns_asked_for_are_read_and_one_name_may_gather_several(hub_cache):
    path = hub_cache("some/set", "abc", "test.parquet", {"a": ["x", "y"], "b": ["u", "v"], "c": [1, 2]})
    rows = list(read_rows(path, SHOWN, {"text": ("b",), "both": ("a", "b")}))
    assert [row.content for row in rows] == [{"text": "u", "both": ["x", "u"]}, {"text": "v", "both": ["y", "v"]}]
    assert [(row.path, row.line) for row in rows] == [(SHOWN, 1), (SHOWN, 2)]


def test_rows_are_numbered_through_all_groups_of_rows(hub_cache):
    path = hub_cache("some/set", "abc", "test.parquet", {"a": list("uvwxyz")})
    assert [(row.line, row.content["a"]) for row in read_rows(path, SHOWN, {"a": ("a",)})] == list(enumerate("uvwxyz", 1))


def test_lists_of_classes_are_lists_of_names(hub_cache):
    path = hub_cache("some/set", "abc", "test.parquet", {"tags": [[1, 0], [], [-1]]}, {"tags": ("O", "B")})
    assert [row.content["tags"] for row in read_rows(path, SHOWN, {"tags": ("tags",)})] == [["B", "O"], [], [None]]


def test_what_is_no_parquet_is_a_fault(written):
    with pytest.raises(DataError, match="parquet: cannot be read as parquet"):
        list(read_rows(written("label\ttext\n"), SHOWN, {"a": ("a",)}))


@given(st.lists(st.text(min_size=1), min_size=1, unique=True), st.sampled_from(("Sequence", "List", "LargeList")))
def test_names_of_classes_are_found_however_lists_are_written(names, kind):
    label = {"names": names, "_type": "ClassLabel"}
    assert _names_of(label) == _names_of({"feature": label, "_type": kind}) == _names_of([label]) == names


@pytest.mark.parametrize("feature", [None, [], {"dtype": "string", "_type": "Value"}, {"feature": {"_type": "Value"}}])
def test_what_is_no_class_has_no_names(feature):
    assert not _names_of(feature)
