"""Learning curves: every run once, thinned without losing its end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from isthmus.report.learning import POINTS, lessons, thinned


@given(some.lists(some.floats(0, 10), min_size=1, max_size=400))
def test_a_thinned_curve_is_short_keeps_its_last_step_and_stays_within_its_losses(losses):
    points = thinned([[step, loss] for step, loss in enumerate(losses, 1)])
    assert len(points) <= POINTS
    assert points[-1][0] == len(losses)
    assert [step for step, _ in points] == sorted({step for step, _ in points})
    assert min(losses) - 1e-9 <= min(loss for _, loss in points) <= max(loss for _, loss in points) <= max(losses) + 1e-9


def test_a_point_is_the_mean_of_its_share():
    points = thinned([[step, float(step % 2)] for step in range(1, 2 * POINTS + 1)])
    assert points[0] == (2, 0.5)
    assert len(points) == POINTS


def test_runs_that_learnt_the_same_stand_together_pretraining_and_stages_first(finished):
    found = {lesson.name: lesson for lesson in lessons(finished.plan, finished.store)}
    assert list(found) == ["pretrain", "stage 1 mnli", "stage 1 squad", "xnli", "xquad", "udpos"]
    assert [curve.arm for curve in found["pretrain"].curves] == [""]
    assert [(curve.arm, curve.seed) for curve in found["stage 1 mnli"].curves] == [("nli", 1), ("nli", 2), ("nli", 3)]
    assert {curve.arm for curve in found["udpos"].curves} == {"none", "nli", "qa", "baseline:untrained"}


@pytest.mark.parametrize("number", [1, POINTS, POINTS + 1])
def test_short_curves_are_kept_whole(number):
    assert len(thinned([[step, 1.0] for step in range(1, number + 1)])) == (number if number <= POINTS else 31)
