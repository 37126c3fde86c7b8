"""Designs become arms beside those declared, and their faults are told where they stand."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from isthmus.core.errors import StudyError
from isthmus.designs.design import DESIGNS, load_design
from isthmus.study.faults import faults_of

MIX = {"tasks": ["mnli", "panx"], "rates": {"mnli": 1, "panx": 1}}


def test_every_design_is_called_as_its_file_and_its_keys_are_found_when_one_is_misspelt():
    for name in DESIGNS.names():
        design = load_design(name)
        assert (design.name, bool(design.description)) == (name, True)
        with pytest.raises(ValidationError) as caught:
            design.settings.model_validate({"nonsense": 1})
        told = [fault.what for fault in faults_of(caught.value, "design") if fault.key == "design.nonsense"]
        assert told[0].startswith("unknown key; ")
        assert told[0] != "unknown key; known: none"


def test_a_study_without_a_design_is_as_it_was(expanded):
    study, designed = expanded((), arms={"none": [], "one": [{"task": "panx"}]})
    assert (list(study.arms), designed) == (["none", "one"], ())


def test_declared_arms_come_first_and_designs_follow_in_their_order(arms):
    found = arms([{"single": {"tasks": ["panx"]}}, {"multi_task": MIX}], arms={"own": [{"task": "ccg"}]})
    assert found == {"own": ["ccg"], "none": [], "panx": ["panx"], "multi-task": ["mnli+panx"]}


def test_an_arm_that_is_there_already_is_not_made_again_whatever_its_name(expanded):
    study, [one] = expanded({"single": {"tasks": ["panx"]}}, arms={"nothing": [], "names": [{"task": "panx"}]})
    assert list(study.arms) == ["nothing", "names"]
    assert (dict(one.made.arms), one.there) == ({}, {"panx": "names"})


def test_another_arm_of_the_same_name_is_an_error(expanded):
    with pytest.raises(StudyError, match=r"^design.single: it makes an arm 'panx', and there is another one of that name"):
        expanded({"single": {"tasks": ["panx"]}}, arms={"panx": [{"task": "ccg"}]})


FAULTS = [
    ({"singel": {}}, "design.singel: unknown design 'singel'; did you mean 'single'?"),
    ([{"single": {"tasks": ["a"]}}, {"ordre": {}}], "design[1].ordre: unknown design 'ordre'; did you mean 'order'?"),
    ({"single": {}}, "design.single.tasks: this key is missing, and there is no default"),
    ({"single": {"task": ["a"]}}, "design.single.task: unknown key; did you mean 'tasks'?"),
    ({"single": {"tasks": []}}, "design.single.tasks: found an empty list, expected at least 1"),
    ({"single": {"tasks": ["a", "a"]}}, "design.single.tasks: 'a' stands twice"),
    ({"single": {"tasks": [{"task": "a", "languges": ["en"]}]}}, "did you mean 'languages' or 'language_rates'?"),
    ({"single": {"tasks": [{"task": "a", "split": "test"}]}}, "design.single.tasks[0].split: found 'test': an arm may not"),
]


@pytest.mark.parametrize(("design", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_fault_is_told_at_the_key_of_the_design(expanded, design, said):
    with pytest.raises(StudyError) as caught:
        expanded(design)
    assert said in str(caught.value)


def test_a_contradiction_in_many_arms_is_told_once(expanded):
    bad = {"task": "panx", "languages": ["de", "de"]}
    with pytest.raises(StudyError) as caught:
        expanded({"order": {"tasks": [bad, "mnli"], "orders": "all"}})
    assert str(caught.value) == "design.order.tasks[0].languages[1]: 'de' stands twice (the arm 'panx')"


def test_claims_may_be_of_arms_that_a_design_makes_and_of_no_others(expanded):
    claim = {"text": "it helps", "arm": "panx", "target": "udpos", "expect": "higher"}
    study, _ = expanded({"single": {"tasks": ["panx"]}}, claims=[claim])
    assert study.claims
    with pytest.raises(StudyError, match=r"claims\[0\].arm: 'panks' is not among the arms; did you mean 'panx'"):
        expanded({"single": {"tasks": ["panx"]}}, claims=[claim | {"arm": "panks"}])
