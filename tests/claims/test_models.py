"""Claims on a study of several models: pairs within a model, and the largest against the smallest."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from isthmus.claims.judge import judge_question
from isthmus.claims.load import load_claims
from isthmus.claims.resolve import Question, Unasked, question
from isthmus.claims.roles import PARTS, pairs_by_size, pairs_of
from isthmus.claims.spec import ClaimFile

SIZES = {name: {"name": f"org/{name}", "revision": "c"} for name in ("small", "base", "large")}
ARMS = {"nli": [{"task": "mnli"}], "german": [{"task": "mnli", "languages": ["de"]}]}
MIX = [{"mix": ["mnli", "squad"], "rates": {"scheme": "uniform"}, "recipe": {"steps": 9}}]


@pytest.fixture
def several(study):
    """A function that returns a study of three models with an arm of each."""
    return lambda arms=ARMS, **changes: study(arms, model=None, models=SIZES, **changes).by_model()


@pytest.fixture
def asked(several, statement):
    """A function that puts a statement to a study of three models."""

    def ask(arms=ARMS, **changes):
        one = statement(**changes)
        return question(several(arms), one, ClaimFile(title="t", source="a paper", claims=(one,)))

    return ask


def truth(**shares):
    """Return the share right of every arm and model on two targets: 0.4, and what each arm of a model adds to it."""
    models = {"small": shares.get("small", {}), "base": {}, "large": shares.get("large", {})}
    return {
        (f"{arm}@{model}", task): 0.4 + added.get(arm, 0.0)
        for model, added in models.items()
        for arm in ("none", "nli", "german", "qa", "both")
        for task in ("pawsx", "tatoeba")
    }


def test_arms_are_compared_with_those_of_their_own_model(several):
    pairs = pairs_of(several(), "singles")
    assert pairs == (("nli@small", "none@small"), ("nli@base", "none@base"), ("nli@large", "none@large"))
    assert pairs_of(several(), "other-languages")[-1] == ("german@large", "nli@large")


def test_what_is_lacking_is_told_once(several):
    assert pairs_of(several(), "orders") == "no two arms have the same stages in another order"
    assert pairs_by_size(several(), "orders") == "no two arms have the same stages in another order"


def test_the_difference_of_the_largest_is_set_beside_that_of_the_smallest(several):
    assert pairs_by_size(several(), "other-languages") == (
        (("german@large", "nli@large"),),
        (("german@small", "nli@small"),),
    )


def test_without_a_difference_the_same_arms_are_compared(several):
    pairs, minus = pairs_by_size(several(), None, ("mnli",))
    assert (pairs, minus) == ((("nli@large", "nli@small"), ("german@large", "german@small")), ())
    assert len(pairs_by_size(several(), None)[0]) == 3
    assert pairs_by_size(several(), None, ("ccg",)) == "no arm is trained on ccg"


def test_one_model_has_no_largest(study):
    assert pairs_by_size(study(ARMS), "singles").startswith("the study has one model")


@pytest.mark.parametrize("of", sorted(set(PARTS) - {"multi-and-best", "best-by-target"}))
def test_any_difference_between_two_arms_can_be_compared_between_models(statement, of):
    assert statement(compare="models", of=of).of == of


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"of": "singles"}, "of names what is compared between models"),
        ({"compare": "models", "of": "models"}, "cannot be compared between models"),
        ({"compare": "models", "of": "multi-and-best"}, "cannot be compared between models"),
    ],
)
def test_what_makes_no_sense_of_models_is_refused(statement, changes, said):
    with pytest.raises(ValidationError, match=said):
        statement(**changes)


@pytest.mark.parametrize(
    ("small", "large", "outcome"),
    [
        ({"german": 0.4}, {"german": 0.0}, "supported"),
        ({"german": 0.0}, {"german": 0.4}, "contradicted"),
        ({"german": 0.2}, {"german": 0.2}, "undecided"),
        ({"german": 0.2, "nli": 0.2}, {"german": 0.1, "nli": -0.1}, "contradicted"),
    ],
)
def test_a_difference_of_differences_decides(asked, averages, small, large, outcome):
    found = asked(compare="models", of="other-languages", expect="lower")
    judged = judge_question(found, {"": averages(truth(small=small, large=large), rows=400)})
    expected = 100 * (large["german"] - large.get("nli", 0) - small["german"] + small.get("nli", 0))
    assert judged.delta == pytest.approx(expected, abs=6)
    assert judged.outcome == outcome
    assert judged.measured == (
        "german against nli, with large more than with small (the last and the first of the models); pawsx, tatoeba: lower"
    )


def test_the_size_alone_is_the_largest_less_the_smallest(asked, averages):
    found = asked(compare="models", tasks=["mnli"])
    judged = judge_question(found, {"": averages(truth(small={}, large={"nli": 0.3, "german": 0.1}), rows=400)})
    assert judged.delta == pytest.approx(20, abs=5)
    assert judged.measured.startswith("mean of nli, german with large against small")


def test_each_pair_is_counted_with_its_own_of_the_smallest(asked, averages):
    arms = {**ARMS, "qa": [{"task": "squad"}]}
    found = asked(arms, compare="models", of="singles", holds="each")
    own = {"nli": 0.3, "qa": -0.3}
    judged = judge_question(found, {"": averages(truth(small={"nli": 0.0}, large=own), rows=400)})
    assert judged.outcome == "contradicted"
    assert judged.why.startswith("Of 2 comparisons 1 support it and 1 contradict it")


def test_other_comparisons_are_the_mean_over_the_models_and_say_so(asked, averages):
    judged = judge_question(asked(), {"": averages(truth(small={"nli": 0.3}, large={"nli": 0.3}), rows=400)})
    assert judged.delta == pytest.approx(20, abs=5)
    assert judged.measured == "nli against none, mean over small, base, large; pawsx, tatoeba: higher"


def test_the_best_stage_is_chosen_by_each_model_for_itself(asked, averages):
    arms = {**ARMS, "qa": [{"task": "squad"}], "both": MIX}
    found = asked(arms, compare="multi-and-best")
    shares = {"small": {"nli": 0.3, "both": 0.3}, "large": {"qa": 0.3, "both": 0.3}}
    judged = judge_question(found, {"": averages(truth(**shares), rows=400)})
    # one choice for all models would leave 10 points or more, since no stage is best in two of them
    assert judged.delta == pytest.approx(0, abs=5)


@pytest.mark.parametrize(("name", "of"), [("model-scale", "other-languages"), ("domain-mix", "domain-shares")])
def test_the_larger_model_needs_less_is_asked_of_a_study_of_several_models(several, study, name, of):
    claim = next(one for one in load_claims(name).claims if one.id == "larger-needs-less")
    assert (claim.compare, claim.of, claim.expect) == ("models", of, "lower")
    text = {"mlm": [0.5, 0], "mlm/news": [0, 0.5]}
    news, general = (
        [
            {
                "mix": ["mnli", *(kind for kind, rates in text.items() if rates[i])],
                "rates": {"mnli": 0.5, **{kind: rates[i] for kind, rates in text.items() if rates[i]}},
                "recipe": {"steps": 9},
            }
        ]
        for i in (1, 0)
    )
    arms = {**ARMS, "news": news, "general": general}
    file = load_claims(name)
    assert isinstance(question(study(arms), claim, file), Unasked)
    found = question(several(arms), claim, file)
    if isinstance(found, Unasked):  # which share is meant is told where an arm mixes both texts
        assert of == "domain-shares"
        both = [{"mix": ["mnli", "mlm/news", "mlm"], "rates": {"mnli": 2, "mlm/news": 1, "mlm": 1}, "recipe": {"steps": 9}}]
        found = question(several({**arms, "half": both}), claim, file)
    assert isinstance(found, Question)
    assert {arm.partition("@")[2] for pair in found.pairs for arm in pair} == {"large"}
    assert {arm.partition("@")[2] for pair in found.minus for arm in pair} == {"small"}


def test_the_scale_of_a_paper_names_the_models_that_are_others(several, statement):
    one = statement(status="published", size=5.0, tolerance=1.0)
    scale = {"words": "w", "models": ["org/base"], "targets": ["pawsx", "tatoeba"]}
    file = ClaimFile.model_validate({"title": "t", "source": "s", "scale": scale, "claims": [one]})
    assert question(several(), one, file).differs == "org/small; org/large"
