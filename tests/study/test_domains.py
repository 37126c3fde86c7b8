"""Arms are told apart by how much of their raw text is of one domain."""

from __future__ import annotations

import pytest

from isthmus.study.domains import domain_shares
from isthmus.study.spec import Study


def stage(**rates):
    if len(rates) == 1:
        return {"task": next(iter(rates))}
    return {"mix": list(rates), "rates": rates, "recipe": {"steps": 9}}


def study(**arms) -> Study:
    keys = {
        "study": "s",
        "question": "?",
        "model": {"name": "org/encoder", "revision": "r"},
        "data": "data",
        "seeds": [1],
        "arms": {"none": [], **{name: [one] for name, one in arms.items()}},
        "targets": [{"task": "udpos"}],
        "source": "en",
        "languages": "all",
        "recipe": {"learning_rate": 1e-5, "epochs": 1, "batch_tokens": 10},
    }
    return Study.model_validate(keys)


ALL = {
    "all": stage(squad=2, **{"mlm/news": 2}),
    "half": stage(squad=2, **{"mlm/news": 1, "mlm": 1}),
    "nothing": stage(squad=1, mlm=1),
    "alone": stage(squad=1),
    "more": stage(squad=1, mlm=9),
    "other": stage(mnli=1, mlm=1),
}


def test_arms_of_one_task_and_as_much_text_stand_by_their_share_in_domain():
    [found] = domain_shares(study(**ALL))
    assert (found.domain, found.tasks, found.text, found.alone) == ("mlm/news", ("squad",), 0.5, "alone")
    assert list(found.shares.items()) == [("nothing", 0.0), ("half", 0.5), ("all", 1.0)]


def test_the_arm_without_text_has_its_examples_in_the_same_languages():
    others = {
        "german": stage(squad=1) | {"languages": ["de"]},
        "said": stage(squad=1) | {"languages": ["de"], "via": "translation"},
    }
    [found] = domain_shares(study(**others, **ALL))
    assert found.alone == "alone"


def test_of_two_domains_the_one_that_a_mix_names_first_is_meant():
    arms = {
        "a": stage(squad=2, **{"mlm/news": 2}),
        "b": stage(squad=2, **{"mlm/news": 1, "mlm/law": 1}),
        "c": stage(squad=2, **{"mlm/law": 2}),
    }
    [found] = domain_shares(study(**arms))
    assert (found.domain, dict(found.shares)) == ("mlm/news", {"c": 0.0, "b": 0.5, "a": 1.0})
    assert domain_shares(study(a=arms["a"], c=arms["c"])) == ()  # nobody says which of them is meant


def test_where_text_in_domain_is_all_the_text_shares_are_of_the_steps():
    arms = {"some": stage(squad=3, **{"mlm/news": 1}), "half": stage(squad=1, **{"mlm/news": 1}), "alone": stage(squad=1)}
    [found] = domain_shares(study(**arms))
    assert (found.text, dict(found.shares)) == (None, {"alone": 0.0, "some": 0.25, "half": 0.5})
    assert domain_shares(study(some=arms["some"], alone=arms["alone"])) == ()  # with and without, but no two shares


def test_rates_by_a_scheme_count_and_schedules_do_not():
    scheme = {"mix": ["squad", "panx", "mlm/news"], "rates": {"scheme": "uniform", "mlm/news": 0.4}, "recipe": {"steps": 9}}
    plain = {"mix": ["squad", "panx", "mlm"], "rates": {"scheme": "uniform", "mlm": 0.4}, "recipe": {"steps": 9}}
    [found] = domain_shares(study(a=scheme, b=plain))
    assert (found.text, dict(found.shares)) == (0.4, {"b": 0.0, "a": 1.0})
    until = {"schedule": [{"until": 1, "rates": {"squad": 1, "panx": 1, "mlm": 1}}]}
    assert domain_shares(study(a=scheme, b=plain | {"rates": until})) == ()


@pytest.mark.parametrize("arms", [{}, {"nothing": ALL["nothing"], "more": ALL["more"]}, {"all": ALL["all"]}])
def test_arms_that_do_not_differ_in_domain_are_no_such_set(arms):
    assert domain_shares(study(**arms)) == ()


def test_arms_of_two_models_are_never_of_one_set():
    asked = study(**ALL)
    two = asked.model_copy(
        update={"arms": {f"{arm}@{m}": own for m in ("small", "large") for arm, own in asked.arms.items()}}
    )
    small, large = domain_shares(two)
    assert (list(small.shares), small.alone) == (["nothing@small", "half@small", "all@small"], "alone@small")
    assert (list(large.shares), large.alone) == (["nothing@large", "half@large", "all@large"], "alone@large")
