"""Accuracy over all words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.metrics.token_accuracy import score

SENTENCES = st.lists(
    st.lists(st.tuples(st.sampled_from(["NOUN", "VERB", "X"]), st.sampled_from(["NOUN", "VERB", "X"])), min_size=1),
    min_size=1,
)


def test_words_count_alike_whatever_the_length_of_their_sentence():
    assert score([["NOUN"], ["VERB", "NOUN", "X"]], [["VERB"], ["VERB", "NOUN", "X"]]) == {"accuracy": 75.0}


@given(SENTENCES)
def test_it_is_the_share_of_equal_tags_in_the_running_text(sentences):
    words = [pair for sentence in sentences for pair in sentence]
    gold = [[right for right, _ in sentence] for sentence in sentences]
    predicted = [[guess for _, guess in sentence] for sentence in sentences]
    assert score(gold, predicted)["accuracy"] == pytest.approx(100 * sum(a == b for a, b in words) / len(words))
    assert score(gold, gold)["accuracy"] == 100.0


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        ([], [], "no gold sentence"),
        ([[], []], [[], []], "no gold tag"),
        ([["X"], ["X", "X"]], [["X"], ["X"]], "sentence 1: 2 gold tags, 1 predicted"),
        ([["X"], ["X"]], [["X"]], "sentence 1: not in predicted"),
        # the totals agree, the sentences do not: a flat comparison would score shifted tags
        ([["X", "X"], ["X"]], [["X"], ["X", "X"]], "sentence 0: 2 gold tags, 1 predicted"),
    ],
)
def test_tags_that_do_not_line_up_with_gold_are_refused(gold, predicted, message):
    with pytest.raises(ValueError, match=message):
        score(gold, predicted)
