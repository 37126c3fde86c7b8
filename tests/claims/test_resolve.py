"""A statement put to a study: its own arms and targets, or why it is not asked there."""

from __future__ import annotations

import pytest

from isthmus.claims.load import load_claims
from isthmus.claims.resolve import Question, Unasked, procedures, question, resolve
from isthmus.claims.spec import ClaimFile, Scale
from isthmus.core.errors import StudyError

ARMS = {"nli": [{"task": "mnli"}], "qa": [{"task": "squad"}]}
NINE = ["xnli", "pawsx", "udpos", "panx", "xquad", "mlqa", "tydiqa"]
TARGETS = [{"task": task} for task in NINE] + [{"task": task, "layer": 14} for task in ("bucc2018", "tatoeba")]


def paper(*claims, **changes):
    scale = Scale(words="a model", models=("FacebookAI/xlm-roberta-large",), targets=tuple(NINE[:1]))
    return ClaimFile(title="A paper", source="arXiv:0", claims=claims, **{"scale": scale, **changes})


def test_a_question_names_the_arms_and_targets_of_the_study(study, statement):
    asked = question(study(ARMS), statement(), paper(statement()))
    assert asked.pairs == (("nli", "none"), ("qa", "none"))
    assert (asked.targets, asked.rest, asked.on) == (("pawsx", "tatoeba"), (), "")
    assert asked.source == "arXiv:0"


def test_some_of_its_targets_are_enough_and_the_others_are_told(study, statement):
    one = statement(targets=["tatoeba", "bucc2018"], rest=True)
    asked = question(study(ARMS), one, paper(one))
    assert (asked.targets, asked.rest, asked.lacking) == (("tatoeba",), ("pawsx",), ("bucc2018",))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tasks": ["hellaswag"]}, "No arm has one stage on hellaswag in en alone."),
        ({"targets": ["xnli"]}, "The study does not judge xnli."),
        ({"targets": ["pawsx", "tatoeba"], "rest": True}, "There is no other target to compare with."),
        ({"on": ["low-resource", "low"]}, "The study declares no group of languages named low-resource or low."),
        ({"quantity": "latency"}, "Latency is not among the measurements of a study."),
        ({"compare": "models"}, "The study has one model; models: {small: ..., large: ...} compares several."),
    ],
)
def test_what_the_study_lacks_is_the_reason_and_no_error(study, statement, changes, reason):
    one = statement(**changes)
    found = question(study(ARMS), one, paper(one))
    assert isinstance(found, Unasked)
    assert found.reason == reason


def test_the_first_group_that_the_study_declares_is_meant(study, statement):
    one = statement(on=["low-resource", "low"])
    assert question(study(ARMS, groups={"low": ["sw"]}), one, paper(one)).on == "low"


def differs(study, name="squad", **changes):
    found = {one.statement.id: one for one in resolve(study, **changes)}[name]
    assert isinstance(found, Question)
    return found.differs


def test_the_scale_is_that_of_the_paper_with_its_model_and_its_nine_targets(study):
    assert differs(study(ARMS, targets=TARGETS, claims="phang2020")) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": {"name": "a/small", "revision": "c"}}, "a/small"),
        ({"model": {"path": "encoder"}}, "another encoder"),
        ({"targets": TARGETS[:-1]}, "without tatoeba"),
        ({"targets": [*TARGETS, {"task": "xcopa"}]}, "with xcopa"),
        ({"targets": [{"task": "xnli", "max_examples": 10}, *TARGETS[1:]]}, "the data of xnli cut"),
    ],
)
def test_another_scale_is_told(study, changes, said):
    assert said in differs(study(ARMS, **{"targets": TARGETS, "claims": "phang2020"} | changes))


def test_artificial_languages_and_a_smaller_mix_are_another_scale(study):
    mix = {"mix": ["mnli", "squad"], "rates": {"scheme": "uniform"}, "recipe": {"steps": 9}}
    asked = study({**ARMS, "multi": [mix]}, targets=TARGETS, claims="phang2020")
    assert differs(asked, artificial=True) == "artificial languages"
    assert differs(asked, "multi-task") == "a mix of 2 tasks"


def test_names_and_claims_of_its_own_may_stand_side_by_side(study):
    own = {"text": "It helps.", "arm": "nli", "target": "pawsx", "expect": "higher"}
    asked = study(ARMS, claims=[own, "task-order", "domain-mix"])
    assert [one.text for one in asked.own_claims] == ["It helps."]
    ids = [one.statement.id for one in resolve(asked)]
    assert ids == [claim.id for name in ("task-order", "domain-mix") for claim in load_claims(name).claims]


def test_an_unknown_name_is_told_at_its_key(study):
    with pytest.raises(StudyError, match=r"claims\[1\]: unknown file of claims 'phang'; did you mean 'phang2020'"):
        resolve(study(ARMS, claims=["task-order", "phang"]))


def test_how_a_paper_went_about_it_is_told_with_its_source(study):
    told = procedures(study(ARMS, claims="phang2020"))
    assert len(told) == 2
    assert {source for source, _ in told} == {"Phang et al. 2020, arXiv:2005.13013"}
