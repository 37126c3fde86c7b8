"""F1 over mined pairs, by hand and by its definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.metrics.pairs_f1 import score

GOLD = ["t1", "", "t3", "", "t5", ""]


def test_figures_by_hand():
    found = score(GOLD, ["t1", "t9", "t4", "", "", ""])  # right, from nothing, to the wrong one, rightly none, missed
    assert found == pytest.approx({"precision": 100 / 3, "recall": 100 / 3, "f1": 100 / 3})


def test_a_miner_that_keeps_little_is_precise_and_recalls_little():
    assert score(GOLD, ["t1", "", "", "", "", ""]) == pytest.approx({"precision": 100.0, "recall": 100 / 3, "f1": 50.0})


def test_nothing_mined_scores_zero_and_so_does_text_without_pairs():
    assert set(score(GOLD, [""] * 6).values()) == {0.0}
    assert set(score(["", ""], ["", ""]).values()) == {0.0}


@given(st.lists(st.tuples(*[st.sampled_from(["", "a", "b"])] * 2), min_size=1))
def test_it_is_the_f1_of_two_sets_of_pairs(rows):
    gold, predicted = ({(i, row[side]) for i, row in enumerate(rows) if row[side]} for side in (0, 1))
    found = score(*zip(*rows, strict=True))
    hits = len(gold & predicted)
    assert found["f1"] == pytest.approx(200 * hits / (len(gold) + len(predicted)) if hits else 0)
    assert found["recall"] == pytest.approx(100 * hits / len(gold) if gold else 0)


def test_predictions_that_do_not_line_up_are_refused():
    with pytest.raises(ValueError, match="sentence 1: not in predicted"):
        score(["a", ""], ["a"])
