"""A span comes through with its markers, or it is known that it did not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.sources.example import Answer
from isthmus.translation.markers import marked, unmarked

WORDS = st.lists(st.sampled_from(["a", "(b)", "c.", "é"]), min_size=1, max_size=6)


@given(before=WORDS, inside=WORDS, after=WORDS)
def test_what_is_not_changed_comes_back_as_it_was(before, inside, after):
    span = " ".join(inside)
    text = " ".join([*before, span, *after])
    made = marked(text, Answer(span, len(" ".join(before)) + 1))
    assert unmarked(made.text, made) == (text, Answer(span, len(" ".join(before)) + 1))


@pytest.mark.parametrize(
    ("translated", "text", "start"),
    [
        ("der [alte Hund] schlief", "der alte Hund schlief", 4),
        ("der [ alte Hund ] schlief", "der alte Hund schlief", 4),
        ("der[ alte Hund ]schlief", "der alte Hund schlief", 4),
        ("[alte Hund].", "alte Hund.", 0),
        ("schlief der [alte Hund ] .", "schlief der alte Hund .", 12),
    ],
)
def test_markers_that_stand_apart_leave_one_space_and_no_more(translated, text, start):
    made = marked("the old dog slept", Answer("old dog", 4))
    assert unmarked(translated, made) == (text, Answer("alte Hund", start))


@pytest.mark.parametrize("translated", ["der Hund", "der [Hund", "[der] [Hund]", "]der[", "der [ ] Hund", "der [[Hund]]"])
def test_a_marker_that_is_lost_doubled_or_empty_tells_nothing(translated):
    assert unmarked(translated, marked("the dog", Answer("dog", 4))) is None


def test_a_text_with_brackets_gets_other_markers_and_one_with_all_of_them_none():
    assert marked("the dog [1]", Answer("dog", 4)).text == "the {dog} [1]"
    assert marked("the dog [1] {2} <3> «4»", Answer("dog", 4)) is None


def test_a_span_that_does_not_stand_there_is_not_marked():
    assert marked("the dog", Answer("cat", 4)) is None
    assert marked("the dog", Answer(" ", 3)) is None
