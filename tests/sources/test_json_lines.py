"""One JSON object a line: what is missing or of another type is named by line and by the way that leads to it."""

from __future__ import annotations

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.json_lines import alike, read_records


def first(written, content):
    return next(read_records(written(content)))


def test_objects_are_read_with_their_lines(written):
    found = [(record.line, record.content) for record in read_records(written('{"a": 1}\r\n{"a": [2]}\n'))]
    assert found == [(1, {"a": 1}), (2, {"a": [2]})]


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ('{"a": 1}\n{"a": }\n', 2, "not JSON (Expecting value, column 7)"),
        ('{"a": 1}\n\n{"a": 1}\n', 2, "a blank line"),
        ('{"a": 1}\n[1, 2]\n', 2, "expected a JSON object, found [1, 2]"),
    ],
)
def test_a_line_that_is_no_object_is_refused_by_number(written, refused, content, line, what):
    error = refused(lambda path, _: list(read_records(path)), written(content))
    assert (error.line, error.what) == (line, what)


@pytest.mark.parametrize(
    ("content", "ask", "what"),
    [
        ("{}", lambda r: r.item("a", int), "the key 'a' is missing"),
        ('{"a": "1"}', lambda r: r.item("a", int), "'a' must be int, found '1'"),
        ('{"a": true}', lambda r: r.item("a", int), "'a' must be int, found True"),
        ('{"a": null}', lambda r: r.text("a"), "'a' must be str, found None"),
        ('{"a": " "}', lambda r: r.text("a"), "'a' is empty"),
        ('{"a": "\\ud83d"}', lambda r: r.text("a"), "'a' holds half of a surrogate pair: no character"),
        ('{"a": "x"}', lambda r: r.texts("a"), "'a' must be list, found 'x'"),
        ('{"a": ["x", 2]}', lambda r: r.texts("a"), "'a[1]' must be str, found 2"),
        ('{"a": ["x", ""]}', lambda r: r.texts("a"), "'a[1]' is empty"),
        ('{"a": {}}', lambda r: r.record("a").text("b"), "the key 'a.b' is missing"),
        ('{"a": [{"b": "x"}, {"b": 3}]}', lambda r: [o.text("b") for o in r.records("a")], "'a[1].b' must be str, found 3"),
        ('{"a": [{"b": "x"}, 7]}', lambda r: r.records("a"), "'a[1]' must be dict, found 7"),
    ],
)
def test_a_value_that_is_not_what_it_must_be_is_refused_by_its_way(written, content, ask, what):
    with pytest.raises(DataError) as caught:
        ask(first(written, content))
    assert (caught.value.line, caught.value.what) == (1, what)


def test_a_whole_surrogate_pair_is_a_character(written):
    assert first(written, '{"a": "\\ud83d\\ude00"}').text("a") == "\U0001f600"


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ('{"a": 1}\n{"a": 1}\n{}\n', 3, "it has no 'a', in a file that begins with such keys"),
        ('{}\n{"a": 1}\n', 2, "it has a 'a', in a file that begins with no such keys"),
    ],
)
def test_a_file_of_which_a_part_has_a_key_is_refused_where_it_changes(written, content, line, what):
    with pytest.raises(DataError) as caught:
        list(alike(read_records(written(content)), "a"))
    assert (caught.value.line, caught.value.what) == (line, what)
