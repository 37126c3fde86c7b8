"""Shares of the tasks of a mix, by hand."""

from __future__ import annotations

import pytest

from isthmus.plan.shares import shares_of
from isthmus.study.rates import Schedule, Scheme

EXAMPLES = {"a": 900.0, "b": 100.0}


def test_numbers_are_shares_of_their_sum():
    assert shares_of({"a": 1.0, "b": 3.0}, EXAMPLES) == {"a": 0.25, "b": 0.75}


@pytest.mark.parametrize(
    ("scheme", "share"),
    [
        ({"scheme": "proportional"}, 0.9),
        ({"scheme": "proportional", "cap": 300}, 0.75),
        ({"scheme": "uniform"}, 0.5),
        ({"scheme": "temperature", "temperature": 2.0}, 0.75),
    ],
)
def test_a_scheme_goes_by_examples(scheme, share):
    assert shares_of(Scheme.model_validate(scheme), EXAMPLES)["a"] == pytest.approx(share)


def test_raw_text_is_taken_off_before_the_tasks_share_the_rest():
    found = shares_of(Scheme.model_validate({"scheme": "proportional", "mlm": 0.2}), EXAMPLES | {"mlm": 1e9})
    assert found == {"a": pytest.approx(0.72), "b": pytest.approx(0.08), "mlm": 0.2}


def test_a_schedule_in_steps_is_weighted_by_how_long_each_holds():
    legs = [{"until": 0.25, "rates": {"a": 1.0}}, {"until": 1.0, "rates": {"b": 1.0}}]
    assert shares_of(Schedule.model_validate({"schedule": legs}), EXAMPLES) == {"a": 0.25, "b": 0.75}


def test_a_schedule_of_lines_has_the_mean_of_its_ends_and_stays_before_and_after_them():
    legs = [{"at": 0.5, "rates": {"a": 1.0}}, {"at": 1.0, "rates": {"b": 1.0}}]
    assert shares_of(Schedule.model_validate({"schedule": legs}), EXAMPLES) == {"a": 0.75, "b": 0.25}
