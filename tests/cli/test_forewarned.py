"""A test that needs more seeds than there are is said before anything is trained."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def warned(isthmus, study):
    """A function that plans the study with some of its text changed and returns what it is warned of."""

    def warned(*changes, added=""):
        text = study.read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        study.write_text(text + added, "utf-8")
        told = isthmus("plan", "study.yaml")
        assert told.exit_code == 0
        return " ".join(told.stderr.split())

    return warned


ONE = ("seeds: [1, 2]", "seeds: [1]")
CLAIM = "claims: [{text: It helps., arm: names, target: udpos, expect: higher}]\n"


def test_one_seed_is_too_few_for_any_comparison(warned):
    assert "warning: seeds: with one seed nothing tells how far another run would lie" in warned(ONE)


def test_claims_on_one_seed_are_said_to_be_of_low_confidence(warned):
    assert "1 claim will be judged with low confidence" in warned(ONE, added=CLAIM)


def test_no_claim_is_judged_firmly_on_two_seeds(warned):
    assert "none of 1 claim can be judged firmly; that takes 3" in warned(added=CLAIM)


def test_enough_seeds_and_a_single_arm_need_no_warning(warned):
    assert warned(("[1, 2]", "[1, 2, 3]"), added=CLAIM) == ""


def test_a_study_without_comparison_needs_no_second_seed(warned):
    assert warned(ONE, ("  names: [panx]\n", "")) == ""


def test_a_target_without_the_choice_that_was_asked_for_is_named(warned):
    assert "selection: udpos: no arm is chosen on en dev (it has none)" in warned(added="selection: dev\n")


def test_the_warning_leaves_json_whole_and_comes_before_a_run(isthmus, study, finished):
    study.write_text(study.read_text("utf-8").replace(*ONE), "utf-8")
    told = isthmus("run", "study.yaml", "--json")
    assert json.loads(told.stdout)["study"] == "small"
    assert "warning: seeds" in told.stderr
