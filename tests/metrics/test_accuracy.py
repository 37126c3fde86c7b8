"""Accuracy over examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.metrics.accuracy import score

PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1)


def test_three_right_of_four_is_seventy_five():
    assert score(["entailment", "neutral", "neutral", "neutral"], ["entailment", "neutral", "neutral", "entailment"]) == {
        "accuracy": 75.0
    }


def test_rows_of_a_retrieval_pool_are_compared_as_numbers():
    assert score([2, 0, 1], [2, 1, 0])["accuracy"] == pytest.approx(100 / 3)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_examples_does_not_matter(pairs, random):
    shuffled = random.sample(pairs, len(pairs))
    assert score(*zip(*pairs, strict=True)) == score(*zip(*shuffled, strict=True))


@given(PAIRS)
def test_gold_scores_a_hundred_against_itself_and_mending_one_error_helps_by_one_example(pairs):
    gold, predicted = map(list, zip(*pairs, strict=True))
    assert score(gold, gold) == {"accuracy": 100.0}
    wrong = [i for i, (a, b) in enumerate(pairs) if a != b]
    if wrong:
        mended = [*predicted[: wrong[0]], gold[wrong[0]], *predicted[wrong[0] + 1 :]]
        gain = score(gold, mended)["accuracy"] - score(gold, predicted)["accuracy"]
        assert gain == pytest.approx(100 / len(gold))


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        ([], [], "no gold example"),
        (["a", "b", "c"], ["a", "b"], "example 2: not in predicted"),
        (["a"], ["a", "b"], "example 1: not in gold"),
    ],
)
def test_predictions_that_do_not_line_up_with_gold_are_refused(gold, predicted, message):
    with pytest.raises(ValueError, match=message):
        score(gold, predicted)
