"""Features of two texts: what they measure, and that they know no language."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sub_words import characters

from isthmus.evaluation.pair_features import FEATURES, edit_distance, longest_common_run, pair_features

UNITS = st.lists(st.sampled_from("abcd"), max_size=12)


def of(first, second):
    """Return {feature: value} of one pair."""
    (row,) = pair_features([(first, second)], characters(first + second))
    return dict(zip(FEATURES, row.tolist(), strict=True))


def table_distance(one, two):
    """The edit distance by the table of Wagner and Fischer."""
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]


@given(UNITS, UNITS)
def test_the_edit_distance_is_that_of_the_whole_table(one, two):
    assert edit_distance(one, two) == table_distance(one, two)


def test_the_edit_distance_of_texts_longer_than_a_machine_word_is_exact():
    one, two = list("abcab" * 40), list("acb" * 50)
    assert edit_distance(one, two) == table_distance(one, two)


@given(UNITS, UNITS)
def test_the_longest_run_is_the_longest_that_stands_in_both(one, two):
    texts = "".join(one), "".join(two)
    runs = [len(texts[0][i:j]) for i in range(len(one)) for j in range(i, len(one) + 1) if texts[0][i:j] in texts[1]]
    assert longest_common_run(one, two) == max(runs, default=0)


def test_lengths_and_what_is_shared_are_counted():
    found = of("Anna saw 2 old cats", "anna met 3 cats and Bert")
    assert found["words: in the first"] == pytest.approx(math.log(6))
    assert found["characters: difference"] == 5
    assert found["words: shared"] == 2
    assert found["words: Jaccard"] == pytest.approx(2 / 9)
    assert found["words: of the first in the second"] == pytest.approx(2 / 5)
    assert (found["words: same first"], found["words: same last"]) == (1, 0)
    assert found["numbers: shared"] == 0
    assert found["numbers: only first"] == found["numbers: only second"] == 1
    assert (found["capitalised words: only first"], found["capitalised words: only second"]) == (1, 1)


def test_an_exchange_of_two_words_moves_the_order_and_nothing_else():
    same, other = (
        of("the dog saw the old cat", "the dog saw the old cat"),
        of("the dog saw the old cat", "the cat saw the old dog"),
    )
    changed = {name for name in FEATURES if same[name] != other[name]}
    in_order = ("edit distance", "longest", "same", "displacement", "other order")
    assert changed
    assert all(any(word in name for word in in_order) for name in changed), changed
    assert other["words: edit distance"] == 2
    assert same["shared words: share of pairs in the other order"] == 0


def test_another_language_with_the_same_overlap_has_the_same_features():
    swapped = str.maketrans("abcdefghij", "klmnopqrst")
    first, second = "abc de fg 3", "de abc hij 3"
    assert of(first, second) == of(first.translate(swapped), second.translate(swapped))


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=4))
def test_any_texts_have_a_row_of_finite_numbers_each(pairs):
    found = pair_features(pairs, characters())
    assert found.shape == (len(pairs), len(FEATURES))
    assert np.isfinite(found).all()
