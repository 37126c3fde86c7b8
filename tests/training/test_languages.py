"""Training examples by language: which feature is in which, and that rates count examples with a label."""

from __future__ import annotations

from collections import Counter

import pytest

from isthmus.models.feature import Feature
from isthmus.study.rates import Smoothing
from isthmus.study.spec import Recipe
from isthmus.training.batches import labelled_rounds
from isthmus.training.languages import Spoken

COUNTS = {"en": 6, "de": 3, "sw": 1}
# The fifth and sixth examples have no label and the first has two windows.
FEATURES = [Feature([0], [0], example, "X") for example in (0, 0, 1, 2, 3, 6, 7, 8, 9)]
RECIPE = Recipe(learning_rate=1.0, epochs=1, batch_examples=4)


def test_features_are_put_to_the_language_of_their_example():
    found = Spoken(COUNTS, Smoothing()).arranged(FEATURES, 0)
    assert {name: [feature.example for feature in own] for name, own in found.items.items()} == {
        "en": [0, 0, 1, 2, 3],
        "de": [6, 7, 8],
        "sw": [9],
    }
    assert found.shares == pytest.approx({"en": 4 / 8, "de": 3 / 8, "sw": 1 / 8})


def test_epochs_hold_each_language_as_often_as_its_rate_says():
    spoken = Spoken(COUNTS, {"en": 1, "de": 1, "sw": 2}).arranged(FEATURES, 0)
    rounds = labelled_rounds(spoken, RECIPE, 0)
    counts = Counter(f.example for number in range(40) for batch in rounds(number) for f in batch)
    total = 40 * len(FEATURES)
    assert counts.total() == pytest.approx(total, abs=2)
    assert counts[9] == total / 2
    assert sum(counts[example] for example in (6, 7, 8)) == total / 4


def test_a_language_without_a_labelled_example_is_left_out():
    found = Spoken({"en": 10, "fr": 5}, {"en": 1, "fr": 9}).arranged(FEATURES, 0)
    assert found.shares == {"en": 1.0}
    assert len(found.round(0)) == len(FEATURES)
