"""Shares of text in domain beside a task: equal steps on the task, honest about languages; what means nothing is refused."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError
from isthmus.designs.design import Facts

HELD = {
    "mnli": ("en",),
    "udpos": ("de", "en", "fr"),
    "panx": ("de", "en", "fr"),
    "mlm": ("de", "en", "fr"),
    "mlm/news": ("de", "en", "fr"),
    "mlm/law": ("de", "en"),
}
FACTS = Facts(languages=lambda task, split: HELD.get(task, ()), domains=lambda task: ("law", "news"))
TUNED = {"mnli": {"learning_rate": 2e-3, "steps": 40, "batch_examples": 16}}


@pytest.fixture
def made(expanded):
    """A function from keys of the design to (arms by name, what the design made)."""

    def made(facts=FACTS, overrides=TUNED, **keys):
        given = {"task": "mnli", "domain": "mlm/news", "general": "mlm", "shares": [0, 0.25, 1]}
        asked = {name: value for name, value in (given | keys).items() if value is not None}
        study, [one] = expanded({"domain_mix": asked}, facts, overrides=overrides)
        return study, one.made

    return made


def test_every_share_is_an_arm_beside_the_task_alone_and_none(made):
    study, _ = made()
    assert list(study.arms) == ["none", "mnli", "mnli+news-0", "mnli+news-0.25", "mnli+news-1"]
    rates = {name: stages[0].rate_settings() for name, stages in study.arms.items() if name.startswith("mnli+")}
    assert rates["mnli+news-0"] == pytest.approx({"mnli": 0.5, "mlm": 0.5})
    assert rates["mnli+news-0.25"] == pytest.approx({"mnli": 0.5, "mlm/news": 0.125, "mlm": 0.375})
    assert rates["mnli+news-1"] == pytest.approx({"mnli": 0.5, "mlm/news": 0.5})


def test_every_arm_has_as_many_steps_on_the_task_and_its_recipe(made):
    study, one = made(text=0.2, recipe={"batch_tokens": 512})
    recipes = {name: study.recipe_for(stages[0].task, stages[0].recipe) for name, stages in study.arms.items() if stages}
    alone = recipes["mnli"]
    assert (alone.steps, alone.learning_rate, alone.batch_tokens, alone.batch_examples) == (40, 2e-3, 512, None)
    for name in ("mnli+news-0", "mnli+news-0.25", "mnli+news-1"):
        assert recipes[name] == alone.model_copy(update={"steps": 50})
        assert recipes[name].steps * study.arms[name][0].rate_settings()["mnli"] == pytest.approx(40)
    assert one.notes[0].startswith("every arm has 40 steps on mnli")


def test_without_general_text_shares_are_of_all_steps_and_0_is_the_task_alone(made):
    study, one = made(general=None, shares=[0, 0.2, 0.5])
    assert list(study.arms) == ["none", "mnli", "mnli+news-0.2", "mnli+news-0.5"]
    assert study.arms["mnli+news-0.2"][0].rate_settings() == pytest.approx({"mnli": 0.8, "mlm/news": 0.2})
    steps = [study.recipe_for(None, study.arms[arm][0].recipe).steps for arm in ("mnli+news-0.2", "mnli+news-0.5")]
    assert steps == [50, 80]
    assert "more steps in all" in one.notes[1]


def test_text_is_in_all_of_its_languages_and_the_task_in_its_own(made):
    [stage] = made(task={"task": "panx", "languages": ["de", "en"]}, overrides={"panx": {"steps": 9}})[0].arms[
        "panx+news-0.25"
    ]
    assert stage.languages == {"panx": ("de", "en"), "mlm/news": "all", "mlm": "all"}
    [stage] = made(languages=["de"])[0].arms["mnli+news-1"]
    assert stage.languages == {"mlm/news": ("de",)}


def test_languages_that_the_text_lacks_are_warned_of(made):
    assert made()[1].warnings == ()
    lacking, differing = made(domain="mlm/law")[1].warnings
    assert lacking == "the text of mlm/law lacks 1 of the 3 languages that targets are judged in: fr"
    assert "mlm/law and mlm are of different languages (fr)" in differing
    [lacking, _] = made(languages=["de", "en"])[1].warnings
    assert lacking == "the text of mlm/news lacks 1 of the 3 languages that targets are judged in: fr"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"task": "mlm"}, "design.domain_mix.task: found mlm, expected a single task with labels"),
        ({"task": {"task": "mnli", "head": "carried"}}, "design.domain_mix.task.head: head is nothing that a task in a mix"),
        (
            {"domain": "mlm"},
            "design.domain_mix.domain: found mlm, expected raw text of a domain, as mlm/news; did you mean 'mlm/law'?",
        ),
        ({"domain": "mnli/news"}, "design.domain_mix.domain: found mnli/news, expected raw text of a domain"),
        ({"domain": "mlm/nws"}, "design.domain_mix.domain: the data hold no text of mlm/nws; did you mean 'mlm/news'"),
        ({"general": "mlm/news"}, "design.domain_mix.general: found mlm/news, expected other raw text than mlm/news"),
        ({"general": "squad"}, "design.domain_mix.general: found squad, expected other raw text"),
        ({"general": None, "text": 0.3}, "design.domain_mix.text: text is the share of general and domain together"),
        ({"text": 1}, "design.domain_mix.text: found 1, expected less than 1"),
        ({"shares": [0, 1, 0]}, "design.domain_mix.shares[2]: 0 stands twice"),
        ({"shares": [0, 0.5, 0.5000001]}, "design.domain_mix.shares[2]: 0.5 stands twice"),  # as names of arms have it
        ({"shares": [1.5]}, "design.domain_mix.shares[0]: found 1.5, expected 1.0 or less"),
        ({"shares": []}, "design.domain_mix.shares: found an empty list"),
        ({"general": None}, "design.domain_mix.shares[2]: 1 leaves no step to the task"),
        ({"recipe": {"epochs": 2}}, "design.domain_mix.recipe: mnli is trained for epochs, and a mix for steps"),
        ({"recipe": {"stepz": 2}}, "design.domain_mix.recipe.stepz: unknown key; did you mean 'steps'"),
        (
            {"recipe": {"early_stopping": {"every": 1, "patience": 1}}},
            "design.domain_mix.recipe: a mix has no single development score",
        ),
    ],
)
def test_what_cannot_be_a_mix_by_domain_is_refused_at_its_key(made, keys, said):
    with pytest.raises(StudyError) as caught:
        made(**keys)
    assert said in str(caught.value)


def test_arms_of_raw_text_of_a_domain_have_no_slash_in_their_name(arms):
    assert arms({"single": {"tasks": ["mnli", "mlm/news"]}}) == {"none": [], "mnli": ["mnli"], "mlm-news": ["mlm/news"]}


def test_with_mlm_mixes_text_of_a_domain_in_where_it_is_named(expanded):
    two = {"mix": ["squad", "panx"], "rates": {"scheme": "uniform"}, "recipe": {"steps": 5}}
    asked = {"with_mlm": {"rate": 0.5, "text": "mlm/news"}}
    study, _ = expanded(asked, arms={"none": [], "nli": [{"task": "mnli"}], "two": [two]})
    assert study.arms["nli+mlm-news"][0].rate_settings() == pytest.approx({"mnli": 0.5, "mlm/news": 0.5})
    assert study.arms["two+mlm-news"][0].rates.text == {"mlm/news": 0.5}
    with pytest.raises(StudyError, match=r"design[.]with_mlm[.]text: 'mnli' is not raw text"):
        expanded({"with_mlm": {"rate": 0.5, "text": "mnli"}}, arms={"none": [], "nli": [{"task": "mnli"}]})


def test_a_scheme_of_one_mix_without_a_domain_loses_the_rate_of_that_domain(expanded):
    rates = {"scheme": "uniform", "mlm/news": 0.3}
    study, _ = expanded({"leave_one_out": {"tasks": ["mnli", "squad", "mlm/news"], "rates": rates}})
    assert study.arms["without-mlm-news"][0].rates.text == {}
    assert study.arms["without-squad"][0].rates.text == {"mlm/news": 0.3}
