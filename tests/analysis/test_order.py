"""What order does: which arms are orders, and that places, carry-over and forgetting are what was put into the scores."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from isthmus.analysis.averages_over_targets import averages_by_target
from isthmus.analysis.order import along, find_orders, forgetting, place_effects
from isthmus.analysis.paired import Scored

THREE = {".".join(order[:n]): order[:n] for order in permutations("abc") for n in range(4)}
HALF = 500  # examples of 1000 that are right where nothing helps


def scored(gain, arms=THREE, seeds=(1, 2, 3), task="xnli", noise=0):
    """Return counts of arms of which ``gain(stages)`` points more than half of the examples are right, and seeds waver."""
    lot = np.random.default_rng(7)
    found = []
    for arm, stages in arms.items():
        for seed in seeds:
            right = HALF + round(10 * gain(stages)) + int(lot.integers(-noise, noise + 1))
            row = np.arange(1000) < right
            found.append(
                Scored(arm, seed, task, "de", "accuracy", "accuracy", np.stack([row, row >= 0], 1).astype(np.float32))
            )
    return found


def averages(records):
    return averages_by_target(records, {one.task: ("de",) for one in records})


def only(found, **wanted):
    return next(one for one in found if all(getattr(one, key) == value for key, value in wanted.items()))


def test_orders_are_found_with_the_arms_that_begin_them():
    (orders,) = find_orders({"none": (), "x": ("d",), **THREE})
    assert set(orders.whole) == {"".join(order[0]) + "." + ".".join(order[1:]) for order in permutations("abc")}
    assert orders.stages == ("a", "b", "c")
    assert orders.begun[()] == "none"
    assert orders.begun["b", "a"] == "b.a"
    assert ("d",) not in orders.begun


@pytest.mark.parametrize(
    "arms",
    [
        {"none": (), "a": ("a",), "b": ("b",)},
        {"a.b": ("a", "b"), "a.b.c": ("a", "b", "c")},
        {"a.a": ("a", "a"), "again": ("a", "a")},
        {"a.b": ("a", "b"), "the same": ("a", "b")},
    ],
)
def test_arms_that_differ_in_more_than_order_are_no_orders(arms):
    assert find_orders(arms) == []


def test_two_orders_beside_longer_ones_that_they_do_not_begin_are_a_set_of_their_own():
    found = find_orders({"a.b": ("a", "b"), "b.a": ("b", "a"), "c.d.a": ("c", "d", "a"), "d.c.a": ("d", "c", "a")})
    assert [one.stages for one in found] == [("c", "d", "a"), ("a", "b")]


def test_a_place_is_compared_with_the_mean_of_the_orders_that_have_the_stage_elsewhere():
    def gain(stages):
        return 6.0 * (stages[-1:] == ("a",)) + 2.0 * (stages[:1] == ("b",))

    (orders,) = find_orders(THREE)
    found = place_effects(orders, averages(scored(gain)))
    last = only(found, stage="a", place=3)
    # With a last, b is first in half of the orders, else in a quarter.
    assert last.found.delta == pytest.approx(6.0 + 2.0 / 2 - 2.0 / 4)
    assert (last.there, last.elsewhere) == (2, 4)
    assert only(found, stage="b", place=1).found.delta == pytest.approx(2.0 + 6.0 / 2 - 6.0 / 4)
    assert only(found, stage="a", place=1).found.delta == pytest.approx(-6.0 / 2 - 2.0 / 2)


def test_carry_over_compares_orders_of_the_same_last_stage():
    (orders,) = find_orders(THREE)
    found = place_effects(orders, averages(scored(lambda s: 10.0 * (s[-1:] == ("a",)) - 3.0 * (s[-2:-1] == ("b",)))))
    before = only(found, stage="b", place=None)
    assert before.found.delta == pytest.approx(-3.0)
    assert (before.there, before.elsewhere) == (2, 2)
    assert only(found, stage="a", place=None).found.delta == pytest.approx(1.5)


def test_two_stages_tell_nothing_of_what_came_before_the_last():
    (orders,) = find_orders({"a.b": ("a", "b"), "b.a": ("b", "a")})
    found = place_effects(orders, averages(scored(lambda s: 4.0 * (s[-1] == "a"), arms=orders.whole)))
    assert {one.place for one in found} == {1, 2}
    assert only(found, stage="a", place=2).found.delta == pytest.approx(4.0)


def test_forgetting_is_what_later_stages_take_away_from_the_stage_that_trained_for_the_target():
    def gain(stages):
        after = len(stages) - 1 - stages.index("a") if "a" in stages else 0
        return 20.0 * ("a" in stages) - 5.0 * after - 3.0 * (stages[-2:] == ("a", "c"))

    (orders,) = find_orders(THREE)
    found = forgetting(orders, averages(scored(gain)), {"xnli": ["a"], "tatoeba": ["a"]})
    assert {(one.task, one.stage) for one in found} == {("xnli", "a")}
    assert only(found, after="b").found.delta == pytest.approx(-5.0)
    assert only(found, after="c").found.delta == pytest.approx(-8.0)
    # To the end: two stages later from a alone (twice), and one later from b.a and c.a, of which that to c costs three more.
    assert only(found, after=None).found.delta == pytest.approx((-10 - 10 - 8 - 5) / 4)
    assert [only(found, after=after).pairs for after in ("b", "c", None)] == [2, 2, 4]


def test_arms_without_a_score_are_left_out_and_their_comparisons_with_them():
    (orders,) = find_orders(THREE)
    with_a = {arm: stages for arm, stages in THREE.items() if "a" in stages}  # as with a kept head
    found = forgetting(orders, averages(scored(lambda s: 10.0 - len(s), arms=with_a)), {"xnli": ["a"]})
    assert only(found, after="b").found.delta == pytest.approx(-1.0)
    lacking = {arm: stages for arm, stages in with_a.items() if arm != "c.a.b"}
    found = forgetting(orders, averages(scored(lambda s: 10.0 - len(s), arms=lacking)), {"xnli": ["a"]})
    assert {one.after for one in found} == {"c"}


def test_what_is_left_of_a_stage_has_an_interval_over_seeds_and_examples():
    (orders,) = find_orders(THREE)
    records = scored(lambda s: 20.0 * ("a" in s) - 8.0 * (s[-1:] != ("a",)), noise=10)
    ends = only(forgetting(orders, averages(records), {"xnli": ["a"]}), after=None).found.ends()
    assert ends is not None
    assert ends[0] < -8.0 < ends[1] < 0


def test_scores_are_told_along_the_orders():
    (orders,) = find_orders(THREE)
    assert along(orders, {"a": 1.0, "a.b": 2.0, "other": 3.0}) == {("a",): 1.0, ("a", "b"): 2.0}
