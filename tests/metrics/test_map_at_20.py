"""Mean average precision of the twenty best, against the definition spelt out rank by rank, and by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.metrics.map_at_20 import score

NAMES = st.sampled_from([f"Q{i}" for i in range(30)])
QUERIES = st.lists(
    st.tuples(st.lists(NAMES, min_size=1, max_size=28, unique=True), st.lists(NAMES, max_size=30, unique=True)),
    min_size=1,
    max_size=5,
)


def plain_average_precision(right, ranked):
    """The precision among the first k, for each k at which a right candidate stands, as often as that could be."""
    precisions = [
        sum(name in right for name in ranked[:k]) / k for k in range(1, 21) if ranked[k - 1 : k] and ranked[k - 1] in right
    ]
    return sum(precisions) / min(20, len(right))


def plain_reciprocal_rank(right, ranked):
    return next((1 / rank for rank, name in enumerate(ranked[:20], 1) if name in right), 0)


@given(QUERIES)
def test_it_agrees_with_the_definition(queries):
    expected = {
        "map": 100 * sum(plain_average_precision(*query) for query in queries) / len(queries),
        "mrr": 100 * sum(plain_reciprocal_rank(*query) for query in queries) / len(queries),
    }
    assert score(*zip(*queries, strict=True)) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.tuples(st.lists(NAMES, min_size=1, max_size=1), st.lists(NAMES, max_size=30)), min_size=1, max_size=5))
def test_with_one_right_candidate_both_figures_are_one(queries):
    found = score(*zip(*queries, strict=True))
    assert found["map"] == found["mrr"]


@pytest.mark.parametrize(
    ("right", "ranked", "expected"),
    [
        ("a", "abc", 100),
        ("a", "cba", 100 / 3),
        ("a", "", 0),
        ("a", "bcdefghijklmnopqrstua", 0),  # the twenty-first
        ("a", "bcdefghijklmnopqrsta", 5),  # the twentieth
        ("ab", "ab", 100),
        ("ab", "xaxb", 50),
        ("ab", "aab", 100 * (1 + 2 / 3) / 2),  # named twice, a counts where it stands first
        ("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrst", 100),  # no more than twenty can be found
    ],
)
def test_figures_by_hand(right, ranked, expected):
    assert score([tuple(right)], [list(ranked)])["map"] == pytest.approx(expected)


@given(QUERIES, st.randoms(use_true_random=False))
def test_the_order_in_which_right_candidates_are_listed_does_not_matter(queries, random):
    gold, predicted = zip(*queries, strict=True)
    assert score([random.sample(right, len(right)) for right in gold], predicted) == score(gold, predicted)


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        ([], [], "no gold query"),
        ([["a"], []], [["a"], ["b"]], "query 1: no right candidate"),
        ([["a"], ["b"]], [["a"]], "query 1: not in predicted"),
    ],
)
def test_queries_that_cannot_be_scored_are_refused(gold, predicted, message):
    with pytest.raises(ValueError, match=message):
        score(gold, predicted)
