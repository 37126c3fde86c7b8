"""A small study with each design is planned: stages that arms share are trained once, and faults are told at the design."""

from __future__ import annotations

import pytest
from sketches import FakeSource, ids, study

from isthmus.core.errors import StudyError
from isthmus.designs.design import DESIGNS, Facts
from isthmus.designs.expand import expand, told_at_home
from isthmus.plan.planner import make_plan
from isthmus.tasks.task import load_task

MIX = {
    "tasks": ["mnli", "panx", "squad"],
    "rates": {"mnli": 1, "panx": 1, "squad": 2},
    "recipe": {"steps": 9, "epochs": None},
}
DRAWN = {"task": "panx", "sizes": [4], "spreads": [1], "pool": "all", "by": "random", "seed": 1}
NEWS = {"task": "mnli", "domain": "mlm/news", "general": "mlm", "shares": [0, 0.5, 1], "recipe": {"steps": 9}}
ASKED = {
    "single": {"single": {"tasks": ["mnli", "panx"]}},
    "multi_task": {"multi_task": MIX},
    "leave_one_out": {"leave_one_out": MIX},
    "with_mlm": [{"single": {"tasks": ["panx"]}}, {"with_mlm": {"rate": 0.2, "recipe": {"steps": 9}}}],
    "order": {"order": {"tasks": ["mnli", "panx", "squad"], "orders": "williams"}},
    "size_diversity": {"size_diversity": DRAWN},
    "domain_mix": {"domain_mix": NEWS},
    "scale": {"scale": {"task": "panx", "languages": ["de"]}},
}


def planned(design):
    source = FakeSource()
    facts = Facts(languages=lambda task, split: source.languages(load_task(task).files, split))
    asked, designed = expand(study(arms={}, design=design), facts)
    with told_at_home(designed):
        return asked, make_plan(asked, source, {"data": "data"})


def stages(plan):
    return [step.name for step in plan if step.kind == "train" and "/stage " in step.name]


def test_every_design_is_tried_here():
    assert set(ASKED) == set(DESIGNS.names())


@pytest.mark.parametrize("name", ASKED)
def test_a_study_with_a_design_has_a_cell_for_every_arm_seed_target_and_language(name):
    asked, plan = planned(ASKED[name])
    cells = {(cell.arm, cell.seed, cell.task, cell.language) for cell in plan.cells}
    assert len(cells) == len(plan.cells)
    assert {arm for arm, *_ in cells} == set(asked.arms)
    assert len(cells) == len(asked.arms) * 2 * (3 + 2 + 2)  # udpos in three languages, panx and tatoeba in two


def test_beginnings_of_orders_train_no_stage_again():
    with_, without = (planned({"order": ASKED["order"]["order"] | {"prefixes": on}})[1] for on in (True, False))
    assert len(stages(without)) == 2 * (3 + 6 + 6 - 1)  # panx alone is what the target panx trains after none
    new = {with_.steps[id_].name for id_ in ids(with_, "train") - ids(without)}
    assert new
    assert [name for name in new if "/stage " in name] == []


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ({"single": {"tasks": ["panx", "pankx"]}}, "design.single.tasks[1].task: unknown task 'pankx'"),
        (
            [{"single": {"tasks": ["panx"]}}, {"multi_task": MIX | {"tasks": ["mnli", "panx", "ccg"]}}],
            "design[1].multi_task: rates: 'squad' is not in the mix",
        ),
        (
            {"multi_task": MIX | {"tasks": ["mnli", "panx", {"task": "squad", "languages": ["fr"]}]}},
            "design.multi_task: no train data of squad in 'fr'",
        ),
        (
            {"order": {"tasks": ["panx", {"task": "squad", "languages": ["fr"]}], "orders": "all"}},
            "design.order.tasks[1]: no train data of squad in 'fr'",
        ),
    ],
)
def test_what_cannot_be_planned_is_told_at_the_task_of_the_design(design, said):
    with pytest.raises(StudyError) as caught:
        planned(design)
    assert str(caught.value).startswith(said)
