"""Every metric is a function of sums over examples, so that chance over examples can be computed."""

from __future__ import annotations

from functools import partial
from math import fsum

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from isthmus.core.lookup import Shelf
from isthmus.tasks.task import METRICS

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "NOUN", "SYM", "X", "N-O", ".", "E-PER", "S"]
ANSWERS = ["", "the", "Rome", "the city of Rome", "in 1900", "罗马"]
SPANS = st.fixed_dictionaries({"text": st.sampled_from(["", "Rome", "the city"]), "null": st.sampled_from([-2.5, 0.0, 1.5])})
labels, ids, answer = st.sampled_from("abc"), st.sampled_from(["", "1", "2"]), st.sampled_from(ANSWERS)


def sides(gold, predicted):
    return st.lists(st.tuples(gold, predicted), min_size=1, max_size=12).map(lambda rows: list(zip(*rows, strict=True)))


words = st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), min_size=1, max_size=6)
tagged = st.lists(words, min_size=1, max_size=6).map(
    lambda text: [[[word[side] for word in sentence] for sentence in text] for side in (0, 1)]
)
INPUTS = {
    "accuracy": sides(labels, labels),
    "token_accuracy": tagged,
    "span_f1": tagged,
    "squad": sides(st.lists(answer, min_size=1, max_size=3), answer),
    "squad_segmented": sides(st.lists(answer, min_size=1, max_size=3), answer),
    "mlqa": sides(st.lists(answer, min_size=1, max_size=3), answer),
    "squad_v2": sides(st.lists(answer, max_size=3), SPANS),
    "map_at_20": sides(st.lists(labels, min_size=1), st.lists(labels)),
    "pairs_f1": sides(ids, ids),
}


def part(metric, name):
    function = Shelf(METRICS.kind, METRICS.packages, name).load(metric)
    return partial(function, language="zh") if metric == "mlqa" and name != "value" else function


def test_no_metric_is_left_out_here():
    assert INPUTS.keys() == set(METRICS.names())


@pytest.mark.parametrize("metric", INPUTS)
@given(data=st.data())
def test_a_score_is_exactly_the_value_of_its_summed_counts(metric, data):
    gold, predicted = data.draw(INPUTS[metric])
    rows = part(metric, "counts")(gold, predicted)
    assert len(rows) == len(gold)
    sums = [fsum(column) for column in zip(*rows, strict=True)]
    scores = part(metric, "score")(gold, predicted)
    beyond = {key: figure for key, figure in scores.items() if key.startswith("best_")}  # over thresholds: not of sums
    assert part(metric, "value")(sums) | beyond == scores


@pytest.mark.parametrize("metric", sorted(INPUTS.keys() - {"span_f1"}))
@given(data=st.data())
def test_the_counts_of_an_example_do_not_depend_on_the_others(metric, data):
    gold, predicted = data.draw(INPUTS[metric])
    counts = part(metric, "counts")
    alone = [counts([right], [guess])[0] for right, guess in zip(gold, predicted, strict=True)]
    assert counts(gold, predicted) == alone


@pytest.mark.parametrize("metric", INPUTS)
@given(data=st.data())
def test_the_order_of_examples_moves_no_digit_of_a_score(metric, data):
    gold, predicted = data.draw(INPUTS[metric])
    # N-O alone runs over a sentence end, so that its neighbours matter.
    assume(metric != "span_f1" or not any("N-O" in sentence for side in (gold, predicted) for sentence in side))
    score = part(metric, "score")
    assert score(gold[::-1], predicted[::-1]) == score(gold, predicted)
