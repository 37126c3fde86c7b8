"""Where English sentences end: at marks that end one, not at abbreviations; and nothing but white space is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.sources.sentences import sentence_spans

PIECES = ["Dr.", "A.", "He", "ran.", "ran", "?", "!", '"Oh!"', "3.", "[4]", "  ", "\n", "(The", "end.)", "é", "北"]


def cut(text):
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The ship left.", "It came back!", "Why?", "Nobody knows."],
        ['She said: "Go away!"', "He stayed."],
        ["It sank in 1912.[3]", "Two were saved.[note 1]", "12 were not."],
        ["Dr. Jones met Mr. J. R. Hill of St. Ives.", "Then they ate."],
        ["It belongs to H.", "The owner is unknown."],  # a word that opens sentences is no surname
        ["The plant grew (e.g. Ivy and al. Smith do).", "The other died."],
        ["He lived at No. 5.", "It burnt."],
        ["Was it 3.5 or 4?", "(Some say 5.)", "“Neither.”"],
        ["no capital. nor here"],
        ["Wait...", "Now!?", "Yes."],
    ],
)
def test_a_text_is_cut_where_its_sentences_end(sentences):
    assert cut(" ".join(sentences)) == sentences


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map(" ".join))
def test_sentences_are_in_order_begin_and_end_with_no_white_space_and_leave_nothing_else_out(text):
    spans = list(sentence_spans(text))
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@pytest.mark.parametrize("text", ["", " \n "])
def test_a_text_without_letters_has_no_sentence(text):
    assert cut(text) == []
