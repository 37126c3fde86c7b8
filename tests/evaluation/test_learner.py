"""What learnt baselines share: how much they learn from, their folds, their choice of a model, their memory."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from isthmus.evaluation.learner import FOLDS, Columns, chosen, drawn, fitted, fitted_once, folds_of

DRAW = np.random.default_rng(0)


def test_a_small_set_is_learnt_from_whole_and_a_large_one_by_the_same_sample_each_time():
    assert drawn([3, 1, 2], 3) == [3, 1, 2]
    sample = drawn(range(1000), 100)
    assert sample == drawn(range(1000), 100) == sorted(set(sample))
    assert len(sample) == 100
    assert 300 < np.mean(sample) < 700


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=60))
def test_every_label_is_spread_evenly_over_the_folds(golds):
    folds = folds_of(golds).tolist()
    assert folds == folds_of(golds).tolist()
    assert set(folds) <= set(range(FOLDS))
    for label in set(golds):
        counts = Counter(fold for fold, gold in zip(folds, golds, strict=True) if gold == label)
        assert max(counts.values()) - min(counts.get(fold, 0) for fold in range(FOLDS)) <= 1


def test_labels_that_stand_once_each_do_not_share_a_fold():
    assert Counter(folds_of(range(30)).tolist()) == {0: 10, 1: 10, 2: 10}


def test_a_model_is_chosen_that_predicts_and_the_majority_where_none_does():
    noise = DRAW.normal(size=(300, 20))
    told = (noise[:, 3] > 0).astype(np.int64)
    guessed = (DRAW.random(300) < 0.4).astype(np.int64)
    assert isinstance(chosen([LogisticRegression], noise, told, folds_of(told.tolist())), LogisticRegression)
    found = chosen([lambda: LogisticRegression(C=100)], noise, guessed, folds_of(guessed.tolist()))
    assert isinstance(found, DummyClassifier)
    assert set(found.predict(noise).tolist()) == {0}


@pytest.mark.parametrize("labels", [[2, 2, 2], [2], [0, 0, 0, 0, 1]])
def test_a_label_that_stands_alone_or_once_is_no_obstacle(labels):
    x, y = np.ones((len(labels), 1)), np.array(labels)
    model = chosen([LogisticRegression], x, y, folds_of(labels))
    assert model.predict(x).tolist() == [labels[0]] * len(labels)


def test_a_single_class_is_said_always():
    assert fitted(LogisticRegression, np.ones((2, 1)), np.array([5, 5])).predict(np.zeros((3, 1))).tolist() == [5, 5, 5]


def test_what_is_asked_again_is_not_learnt_again_but_other_data_are():
    calls = []

    @fitted_once
    def fit(train, labels):
        calls.append(train)
        return len(calls)

    assert [fit([1, 2], ("a",)), fit([1, 2], ("a",)), fit([1, 3], ("a",)), fit([1, 3], ("b",))] == [1, 1, 2, 3]


def test_a_feature_has_a_column_where_it_stands_in_two_rows_and_new_ones_have_none():
    columns = Columns([["a", "b", "b"], ["a", "c"], ["c", "a"]])
    assert set(columns.of) == {"a", "c"}
    found = columns.matrix([["c", "c", "z"], [], ["a", "c"]]).toarray()
    assert found[:, columns.of["c"]].tolist() == [1, 0, 1]
    assert found[:, columns.of["a"]].tolist() == [0, 0, 1]
    assert Columns([]).matrix([["a"]]).toarray().tolist() == [[0]]
