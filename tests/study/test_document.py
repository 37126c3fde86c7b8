"""YAML is read without its surprises, and refused with the line where it is wrong."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError
from isthmus.study.document import read_mapping
from isthmus.study.load import load_pretraining, load_study


def read(write, text):
    return read_mapping(write(text=text))[0]


def test_norwegian_is_a_language_and_not_false(write):
    assert read(write, "a: [no, on, yes, off, y, n, nan]\n") == {"a": ["no", "on", "yes", "off", "y", "n", "nan"]}
    assert read(write, "{no: 1, on: 2, yes: 3, 5: 4, true: 5}") == {"no": 1, "on": 2, "yes": 3, "5": 4, "true": 5}


def test_numbers_are_what_they_look_like(write):
    text = "a: [1e-5, 5E+4, 1.5, .5, -2, 20_000_000, 007, 1:30, 2020-01-01, 0x10, 1.2.3]"
    assert read(write, text)["a"] == [1e-5, 5e4, 1.5, 0.5, -2, 20_000_000, 7, "1:30", "2020-01-01", "0x10", "1.2.3"]


def test_quoted_words_are_text_and_only_true_false_and_null_are_special(write):
    assert read(write, "a: ['1', \"true\", 'null', true, False, null, ~, ]\nb:\n") == {
        "a": ["1", "true", "null", True, False, None, None],
        "b": None,
    }


def test_lines_are_those_of_the_keys_and_of_the_items_of_lists(write):
    _, origin = read_mapping(write(text="# one\na:\n  b:\n    - x\n    - {c: 1,\n       d: 2}\n"))
    assert origin.lines == {"": 2, "a": 2, "a.b": 3, "a.b[0]": 4, "a.b[1]": 5, "a.b[1].c": 5, "a.b[1].d": 6}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", ":3: a: this key stands twice, on lines 1 and 3"),
        ("a:\n  no: 1\n  b: 2\n  'no': 3\n", ":4: a.no: this key stands twice, on lines 2 and 4"),
        ("a: 1\n\tb: 2\n", ":2: not valid YAML: a tab begins a word; indent and align with spaces"),
        ("a: 1\nb: [1, 2\nc: 3\n", ":3: not valid YAML: while parsing a flow sequence (line 2), "),
        ("a: 1\nb: c: d\n", ":2: not valid YAML: mapping values are not allowed here"),
        ("a: 'x\n", ":2: not valid YAML: while scanning a quoted scalar (line 1), found unexpected end of stream"),
        ("a: *b\n", ":1: not valid YAML: found undefined alias 'b'"),
        (
            "a: 1\n---\nb: 1\n",
            ":2: not valid YAML: expected a single document in the stream (line 1), but found another document",
        ),
        ("a: 1\nb: \x07\n", ":2: the character '\\x07' is not allowed in YAML"),
        ("a: 1\nb: !!python/object:os.system x\n", ":2: b: the YAML tag !!python/object:os.system is not allowed"),
        ("a: !!set {x, y}\n", ":1: a: the YAML tag !!set is not allowed"),
        ("a: !!int many\n", ":1: a: found 'many', which is no !!int"),
        ("a: !!bool no\n", ":1: a: found 'no', which is no !!bool"),
        ("a: 1\n? [x]\n: 2\n", ":2: a key must be text, found a list or a mapping"),
        ("a: &a\n  - *a\n", ":1: a[0]: an alias stands inside of what it refers to"),
        ("a: " + "[" * 3000, ": lists or mappings are nested too deeply"),
        ("- a\n- b\n", ":1: found a list, expected a mapping (key: value)"),
        ("hello\n", ":1: found only 'hello', expected a mapping (key: value)"),
        ("# hello\n\n", ":1: found nothing but comments, expected a mapping (key: value)"),
        ("", ": the file is empty"),
        (b"a: 1\nb: \xff\n", ":2: not UTF-8 (byte 0xff)"),
        (b"a: 1\nb: \x00\n", ":2: NUL byte"),
    ],
)
def test_what_is_not_one_plain_mapping_is_refused_with_its_line(write, text, said):
    path = write(text=text)
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert str(caught.value).startswith(f"{path}{said}")


@pytest.mark.parametrize("load", [load_study, load_pretraining])
def test_a_missing_file_a_directory_and_a_foreign_file_are_refused(load, tmp_path, write):
    with pytest.raises(StudyError, match=r"nothing.yaml: no such file"):
        load(tmp_path / "nothing.yaml")
    with pytest.raises(StudyError, match="data: this is a directory, expected a file"):
        load(tmp_path / "data")
    with pytest.raises(StudyError, match=r"study.json: found a file named \*.json, expected .yaml"):
        load(write(name="study.json"))
