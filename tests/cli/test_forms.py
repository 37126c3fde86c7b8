"""Cheaper forms by name."""

from __future__ import annotations

import pytest

from isthmus.cli.forms import KEYS, WORDS, form_of
from isthmus.core.errors import SetupError


def changes(name):
    return [change for change, _ in form_of(name).changes]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("int8", ["int8"]),
        ("onnx-int8", ["onnx", "int8"]),
        ("onnx,int8", ["onnx", "int8"]),
        ("compile-bf16", ["compile", "bf16"]),
        ("int8,heads=0.5,onnx", ["heads", "onnx", "int8"]),
        ("bf16, layers=2", ["layers", "bf16"]),
        ("exit=0.9", ["exit"]),
    ],
)
def test_a_name_is_its_changes_in_the_order_in_which_they_can_be_made(name, expected):
    assert changes(name) == expected


def test_numbers_and_languages_reach_the_change():
    assert dict(form_of("layers=3").changes)["layers"] == {"layers": 3}
    assert dict(form_of("heads=0.25").changes)["heads"] == {"heads": 0.25}
    trimmed = form_of("vocabulary=en+de,int8")
    assert (trimmed.name, trimmed.languages) == ("vocabulary=en+de,int8", ("en", "de"))


@pytest.mark.parametrize("name", [*WORDS, *(f"{key}={value}" for key, value in KEYS.items())])
def test_everything_that_help_and_errors_name_is_a_form(name):
    assert changes(name)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("int9", "unknown form 'int9'; did you mean 'int8'"),
        ("", "unknown form ''"),
        ("heads", "unknown form 'heads'; did you mean 'heads=0.5'"),
        ("heads=half", "expected a number, as heads=0.5"),
        ("heads=1.5", "heads"),
        ("layers=0", "layers"),
        ("exit=0.9,int8", "early exit goes with full precision alone"),
        ("onnx,compile", "says its runtime twice"),
        ("onnx,bf16", "onnx goes with full precision or int8"),
        ("vocabulary=", "vocabulary"),
    ],
)
def test_what_is_no_form_is_told_in_one_sentence(name, told):
    with pytest.raises(SetupError) as caught:
        form_of(name)
    assert str(caught.value).startswith("--variant: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
