"""What counts as a collapse."""

from __future__ import annotations

import math

import pytest

from isthmus.core.errors import TrainingCollapse
from isthmus.training.collapse import SHORTEST, check_loss, check_round


@pytest.mark.parametrize("loss", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_not_finite_is_a_collapse_and_says_when(loss):
    with pytest.raises(TrainingCollapse, match="step 12"):
        check_loss(loss, 12)


@pytest.mark.parametrize("loss", [0.0, 1e30, -1.0])
def test_any_number_is_a_loss(loss):
    check_loss(loss, 1)


def test_one_class_in_a_long_round_is_a_collapse_and_says_which_round():
    with pytest.raises(TrainingCollapse, match="round 3"):
        check_round({1}, SHORTEST, 2)


@pytest.mark.parametrize(("classes", "batches"), [({0, 1}, SHORTEST), ({1}, SHORTEST - 1), (set(), SHORTEST)])
def test_two_classes_a_short_round_and_no_classes_are_none(classes, batches):
    check_round(classes, batches, 0)
