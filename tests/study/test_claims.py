"""The claims of a study: what they must say, and names that must be those of the study."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError
from isthmus.study.load import load_study

CLAIM = "{text: NLI helps., arm: mnli, target: udpos, expect: higher}"


def with_claims(write, *claims, changes=()):
    return write(("groups:", "claims:\n" + "".join(f"  - {claim}\n" for claim in claims) + "groups:"), *changes)


def test_a_claim_is_of_zero_shot_languages_against_the_arm_without_stages_unless_it_says_more(write):
    [claim] = load_study(with_claims(write, CLAIM)).study.claims
    assert (claim.against, claim.on, claim.source, claim.margin) == (None, "zero-shot", "", None)


@pytest.mark.parametrize("on", ["no", "seen", "zero-shot", "all", "en", "unseen"])
def test_a_claim_may_be_of_a_language_a_group_or_an_average(write, on):
    [claim] = load_study(with_claims(write, CLAIM.replace("expect", f"on: '{on}', against: two, expect"))).study.claims
    assert (claim.on, claim.against) == (on, "two")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("arm: mnli", "arm: mnlu", "arm: 'mnlu' is not among the arms; did you mean 'mnli'"),
        ("arm: mnli", "arm: none", "arm: 'none' cannot be compared with itself"),
        ("expect", "against: non, expect", "against: 'non' is not among the arms; did you mean 'none'"),
        ("expect", "against: mnli, expect", "arm: 'mnli' cannot be compared with itself"),
        ("udpos", "updos", "target: 'updos' is not among the targets; did you mean 'udpos'"),
        ("expect", "on: sene, expect", "on: 'sene' is not among the languages and groups; did you mean 'seen'"),
        ("higher", "none", "margin, in points, goes with expect: none"),
        ("higher", "higher, margin: 1", "margin, in points, goes with expect: none, and with it only"),
        ("higher", "none, margin: 0", "margin: "),
        ("higher", "more", "expect: found 'more'"),
    ],
)
def test_a_claim_that_cannot_be_judged_is_refused_where_it_stands(write, old, new, said):
    with pytest.raises(StudyError, match="claims") as caught:
        load_study(with_claims(write, CLAIM, CLAIM.replace(old, new)))
    assert said in str(caught.value)
    assert "claims[1]" in str(caught.value)


def test_without_an_arm_without_stages_a_claim_says_what_it_compares_with(write):
    with pytest.raises(StudyError, match=r"claims\[0\].against: every arm has stages"):
        load_study(with_claims(write, CLAIM, changes=[("  none: []\n", "")]))
    path = with_claims(write, CLAIM.replace("expect", "against: two, expect"), changes=[("  none: []\n", "")])
    assert load_study(path).study.claims[0].against == "two"


def test_where_a_study_is_in_all_languages_a_claim_may_name_any(write):
    path = with_claims(write, CLAIM.replace("expect", "on: sw, expect"), changes=[("[en, de, no]", "all")])
    assert load_study(path).study.claims[0].on == "sw"


def test_claims_may_be_the_name_of_a_file_or_a_list_of_names_and_claims(write):
    one = load_study(write(("groups:", "claims: phang2020\ngroups:"))).study
    assert (one.claims, one.own_claims) == (("phang2020",), ())
    both = load_study(with_claims(write, "phang2020", CLAIM, "task-order")).study
    assert [claim for claim in both.claims if isinstance(claim, str)] == ["phang2020", "task-order"]
    assert [claim.text for claim in both.own_claims] == ["NLI helps."]


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        (("phang2020", CLAIM, "phang2020"), "claims[2]: 'phang2020' stands twice"),
        (("'two words'",), "claims[0]: found 'two words', expected a name"),
        (("phang2020", CLAIM.replace("mnli", "mnlu")), "claims[1].arm: 'mnlu' is not among the arms"),
        (("7",), "claims[0]: found 7, expected a mapping"),
    ],
)
def test_names_and_claims_are_refused_where_they_stand(write, claims, said):
    with pytest.raises(StudyError) as caught:
        load_study(with_claims(write, *claims))
    assert said in str(caught.value)
