"""What the command line says of designs, before anything is trained."""

from __future__ import annotations

import json

import pytest

from isthmus.cli.designed import facts_of
from isthmus.core.errors import SetupError
from isthmus.study.spec import Target
from isthmus.world.source import load_world

ORDER = "design: {order: {tasks: [panx, udpos], orders: all}}"


@pytest.fixture
def designed(study):
    """A function that gives the study a design in place of its arms."""

    def designed(text: str) -> None:
        whole = study.read_text("utf-8")
        start, end = whole.index("arms:"), whole.index("targets:")
        study.write_text(f"{whole[:start]}{text}\n{whole[end:]}", "utf-8")

    return designed


def test_the_plan_says_which_arms_a_design_made_and_what_sharing_spares(isthmus, designed):
    designed(ORDER)
    told = isthmus("plan", "study.yaml")
    assert told.exit_code == 0
    assert "design order: 5 arms: none, panx, panx.udpos, udpos, udpos.panx" in told.stdout
    assert "sharing spares " in told.stdout
    assert "warning: design.order: no target is trained on panx: " in told.stderr


def test_what_designs_made_is_there_as_json(isthmus, designed):
    designed(ORDER)
    [one] = json.loads(isthmus("plan", "study.yaml", "--json").stdout)["designs"]
    assert (one["design"], one["arms"]) == ("order", ["none", "panx", "panx.udpos", "udpos", "udpos.panx"])
    assert one["notes"]
    assert one["warnings"]


def test_an_unbalanced_design_is_warned_of_by_plan_and_by_run_before_it_trains(isthmus, designed, monkeypatch):
    designed("design: {order: {tasks: [panx, udpos], orders: [[panx, udpos]]}}")

    def stop(*_, **__):
        raise SetupError("this would have trained")

    monkeypatch.setattr("isthmus.cli.run.check_data", stop)
    warning = "warning: design.order: the orders are unbalanced: positions are uneven: "
    assert warning in isthmus("plan", "study.yaml").stderr
    told = isthmus("run", "study.yaml").stderr
    assert 0 <= told.index(warning) < told.index("this would have trained")


def test_a_fault_of_a_design_has_file_line_and_key(isthmus, designed):
    designed("design:\n  - single: {tasks: [panx]}\n  - single:\n      tasks: [panx, udpso]")
    told = isthmus("plan", "study.yaml")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "study.yaml:17: design[1].single.tasks[1].task: unknown task 'udpso'; did you mean 'udpos'?" in told.stderr


def test_faults_of_a_design_are_listed_each_with_its_line(isthmus, designed):
    designed("design:\n  order:\n    tasks: [panx, udpos]\n    ordres: all")
    lines = isthmus("plan", "study.yaml").stderr.splitlines()
    assert "study.yaml:15: design.order.orders: this key is missing, and there is no default" in lines[0]
    assert "study.yaml:17: design.order.ordres: unknown key; did you mean 'orders'?" in lines[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("arms: {}", "study.yaml:1: there are no arms; give arms ({name: [stages]}), or a design that makes them"),
        ("design: order", "study.yaml:14: design: found 'order', expected a mapping (key: value)"),
        ("design: {order: {}, single: {}}", "study.yaml:14: design: expected one design by name with its keys below it"),
        ("design: [{}]", "study.yaml:14: design[0]: expected one design by name with its keys below it, found none"),
    ],
)
def test_a_study_without_arms_or_with_designs_in_another_form_is_refused(isthmus, designed, text, said):
    designed(text)
    assert said in isthmus("plan", "study.yaml").stderr


def test_what_a_target_is_trained_on_is_known_to_designs_and_nothing_where_it_is_compared():
    facts = facts_of(load_world())
    targets = [{"task": "xnli"}, {"task": "xquad", "train": "tydiqa"}, {"task": "tatoeba"}, {"task": "nonsense"}]
    trained = [facts.trained_on(Target.model_validate(target)) for target in targets]
    assert trained == ["mnli", "tydiqa", None, None]


def test_designs_know_the_languages_of_a_task_and_in_a_world_their_traits():
    facts = facts_of(load_world())
    assert facts.languages("mnli", "train") == ("en",)
    assert {"en", "far"} <= set(facts.languages("udpos", "train"))
    assert facts.traits["near"] != facts.traits["far"]
