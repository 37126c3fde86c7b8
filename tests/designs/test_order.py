"""Orders of stages: which there are, their prefixes, and what is said where they are uneven or a task is not judged."""

from __future__ import annotations

from itertools import permutations

import pytest

from isthmus.core.errors import StudyError

TASKS = ["mnli", "udpos", "panx"]
JUDGED = [{"task": "udpos"}, {"task": "panx"}, {"task": "xnli", "train": "mnli"}]


def order(**keys):
    return {"order": {"tasks": TASKS, "orders": "williams"} | keys}


def whole(found):
    return [name for name, stages in found.items() if len(stages) == len(TASKS)]


def test_every_order_and_every_beginning_of_one_is_an_arm(arms):
    found = arms(order(orders="all"))
    assert set(found) == {"none"} | {".".join(o) for k in (1, 2, 3) for o in permutations(TASKS, k)}
    assert found["panx.mnli"] == ["panx", "mnli"]


def test_without_prefixes_there_are_whole_orders_only(arms):
    found = arms(order(prefixes=False))
    assert list(found) == ["none", *whole(found)]
    assert len(whole(found)) == 6


def test_a_williams_design_of_four_is_four_orders_and_no_warning(expanded):
    study, [one] = expanded(order(tasks=[*TASKS, "ccg"], prefixes=False))
    assert len(study.arms) == 1 + 4
    assert [warning for warning in one.made.warnings if "unbalanced" in warning] == []


def test_orders_drawn_are_the_same_by_seed_and_others_by_another(arms):
    drawn = [whole(arms(order(orders=3, seed=seed))) for seed in (1, 1, 2, 3, 4)]
    assert drawn[0] == drawn[1]
    assert len({frozenset(one) for one in drawn}) > 1


def test_listed_orders_that_are_uneven_are_warned_of_with_an_example_and_a_way_out(expanded):
    listed = [["mnli", "udpos", "panx"], ["mnli", "panx", "udpos"]]
    _, [one] = expanded(order(orders=listed), targets=JUDGED)
    [warning] = one.made.warnings
    assert warning.startswith("the orders are unbalanced: positions are uneven: 'mnli' stands at place 1 twice, ")
    assert warning.endswith("; williams has 6 even orders")
    assert expanded(order(orders="all"), targets=JUDGED)[1][0].made.warnings == ()


def test_a_task_that_no_target_is_trained_on_is_warned_of(expanded):
    _, [one] = expanded(order(tasks=["mnli", "panx", "mlm"]))
    assert one.made.warnings == (
        "no target is trained on mnli: what a later stage takes away from it will not be seen",
    )  # fmt: skip


def test_what_judging_after_every_stage_costs_is_said(expanded):
    _, [one] = expanded(order(), targets=JUDGED)
    # 3 single stages and 6 pairs, each judged by 3 targets with 2 seeds
    assert one.made.notes == (
        "6 of the 6 orders of 3 tasks",
        "9 arms of their first stages train no stage again, but targets: 54 training runs at most",
    )


FAULTS = [
    (order(orders="latin"), "design.order.orders: found 'latin', expected all, williams, how many to draw, or a list"),
    (order(orders=0), "design.order.orders: found 0, expected 1 or more"),
    (order(orders=7, seed=1), "design.order.orders: found 7, but 3 tasks have 6 orders"),
    (order(orders=2), "design.order.seed: seed goes with a number of orders to draw, and with it only"),
    (order(seed=2), "design.order.seed: seed goes with a number of orders to draw, and with it only"),
    (
        order(tasks=list("abcdefgh"), orders="all"),
        "design.order.orders: 40,320 orders are more than 720; orders: williams t",
    ),
    (order(tasks=["mnli"]), "design.order.tasks: found a list, expected at least 2"),
    (order(orders=[["mnli", "pank", "udpos"]]), "design.order.orders[0][1]: 'pank' is not among the tasks; did you mean"),
    (order(orders=[["mnli", "panx"]]), "design.order.orders[0]: expected each of mnli, udpos, panx once"),
    (order(orders=[TASKS, TASKS]), "design.order.orders[1]: this order stands twice"),
]


@pytest.mark.parametrize(("design", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_what_cannot_be_ordered_is_told_at_its_key(expanded, design, said):
    with pytest.raises(StudyError) as caught:
        expanded(design)
    assert str(caught.value).startswith(said)
