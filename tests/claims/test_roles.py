"""Arms play their parts by what their stages are, whatever they are called."""

from __future__ import annotations

import pytest

from isthmus.claims.roles import PARTS, pairs_of
from isthmus.claims.spec import Statement

MIX = {"mix": ["mnli", "squad"], "rates": {"scheme": "uniform"}, "recipe": {"steps": 9}}
THREE = {"mix": ["mnli", "squad", "qqp"], "rates": {"scheme": "uniform"}, "recipe": {"steps": 9}}
ARMS = {
    "nli": [{"task": "mnli"}],
    "qa": [{"task": "squad"}],
    "both": [MIX],
    "all": [THREE],
    "nli+text": [{"mix": ["mnli", "mlm"], "rates": {"mnli": 3, "mlm": 1}, "languages": {"mlm": "all"}}],
    "nli+more": [{"mix": ["mnli", "mlm"], "rates": {"mnli": 1, "mlm": 1}, "languages": {"mlm": "all"}}],
    "german": [{"task": "mnli", "languages": ["de"]}],
    "into-german": [{"task": "mnli", "languages": ["de"], "via": "translation"}],
    "both-tongues": [{"task": "squad", "languages": ["en", "de"], "via": "translation"}],
    "ab": [{"task": "mnli"}, {"task": "squad"}],
    "ba": [{"task": "squad"}, {"task": "mnli"}],
}


@pytest.mark.parametrize(
    ("compare", "tasks", "pairs"),
    [
        ("singles", (), [("nli", "none"), ("qa", "none")]),
        ("singles", ("squad",), [("qa", "none")]),
        ("singles-and-others", ("squad",), [("qa", "nli")]),
        ("multi", (), [("all", "none")]),
        ("multi-and-best", (), [("all", "nli"), ("all", "qa")]),
        ("best-by-target", (), [("nli", "none"), ("qa", "none"), ("all", "none")]),
        ("mlm", (), [("nli+text", "nli"), ("nli+more", "nli")]),
        ("translated", (), [("into-german", "nli"), ("both-tongues", "qa")]),
        ("other-languages", (), [("german", "nli")]),
        ("orders", (), [("ba", "ab")]),
    ],
)
def test_a_comparison_finds_its_arms_by_their_stages(study, compare, tasks, pairs):
    assert list(pairs_of(study(ARMS), compare, tasks)) == pairs


def test_the_greatest_share_of_text_in_domain_is_compared_with_the_least_of_as_much_text(study):
    def text(**rates):
        return [{"mix": ["mnli", *rates], "rates": {"mnli": 1, **rates}, "recipe": {"steps": 9}}]

    shares = {
        "some": text(**{"mlm/news": 0.25, "mlm": 0.75}),
        "none-of-it": text(mlm=1),
        "all-of-it": text(**{"mlm/news": 1}),
        "more-text": text(mlm=4),
    }
    assert pairs_of(study({"nli": ARMS["nli"], **shares}), "domain-shares") == (("all-of-it", "none-of-it"),)
    assert "no two arms on the same tasks differ" in pairs_of(study(ARMS), "domain-shares")


def test_text_of_a_domain_is_raw_text_to_every_comparison(study):
    news = [{"mix": ["mnli", "mlm/news"], "rates": {"mnli": 1, "mlm/news": 1}, "languages": {"mlm/news": "all"}}]
    arms = {"nli": ARMS["nli"], "nli+news": news}
    assert pairs_of(study(arms), "mlm") == (("nli+news", "nli"),)
    assert pairs_of(study(arms), "multi") == "no arm mixes tasks in one stage in en alone"
    assert pairs_of(study(arms), "mlm-shares") == (("nli+news", "nli"),)


def test_the_greatest_share_of_text_is_compared_with_the_least(study):
    without = {name: stages for name, stages in ARMS.items() if name != "nli"}
    assert pairs_of(study(without), "mlm-shares") == (("nli+more", "nli+text"),)


def test_more_examples_are_compared_in_as_many_languages_and_more_languages_with_as_many_examples(study):
    def stage(languages, most):
        return [{"task": "mnli", "languages": languages, "max_examples": most}]

    arms = {
        "one, 60": stage(["de"], 60),
        "one, 600": stage(["de"], 600),
        "two, 600": stage(["de", "fr"], 300),
        "three, 600": stage(["de", "fr", "sw"], 200),
    }
    named = {name.replace(", ", "-"): stages for name, stages in arms.items()}
    assert pairs_of(study(named), "examples") == (("one-600", "one-60"),)
    assert pairs_of(study(named), "languages") == (("three-600", "one-600"),)


def test_every_row_of_languages_counts_and_is_compared_with_itself(study):
    def stage(languages, most, **keys):
        return [{"task": "mnli", "languages": languages, "max_examples": most, **keys}]

    rows = {"de": ["de", "fr"], "sw": ["sw", "hi"]}
    arms = {"few": stage(["en"], 60), "many": stage(["en"], 600)}
    arms |= {f"{name}-{each}": stage(own, each) for name, own in rows.items() for each in (30, 300)}
    arms |= {"slow": stage(["sw", "hi"], 300, recipe={"steps": 9}), "said": stage(["sw", "hi"], 3, via="translation")}
    assert pairs_of(study(arms), "examples") == (("many", "few"), ("de-300", "de-30"), ("sw-300", "sw-30"))
    few, many = [("de-30", "few"), ("sw-30", "few")], [("de-300", "many"), ("sw-300", "many")]
    assert pairs_of(study(arms), "languages") == (*few, *many)


def test_an_arm_is_compared_with_the_plain_one_of_as_many_examples(study):
    """In all languages together, else in each; where some arms have such a partner those without one are left out."""

    def stage(most, *languages, **keys):
        return [{"task": "mnli", "languages": languages or ["en"], "max_examples": most, **keys}]

    arms = {"few": stage(60), "many": stage(600), "two-few": stage(30, "de", "fr"), "two-many": stage(300, "de", "fr")}
    arms |= {"odd": stage(7, "de"), "said": stage(60, "de", "fr", "sw", via="translation")}
    assert pairs_of(study(arms), "other-languages") == (("two-few", "few"), ("two-many", "many"))
    assert pairs_of(study(arms), "translated") == (("said", "few"),)
    assert pairs_of(study({name: arms[name] for name in ("few", "odd")}), "other-languages") == (("odd", "few"),)


@pytest.mark.parametrize("compare", sorted(PARTS))
def test_a_study_without_the_arms_is_told_what_it_lacks(study, compare):
    assert isinstance(pairs_of(study(), compare, ("squad",)), str)


def test_without_an_arm_without_stages_nothing_is_compared_with_it(study):
    nli = study({"nli": [{"task": "mnli"}]}).arms["nli"]
    assert pairs_of(study().model_copy(update={"arms": {"nli": nli}}), "singles") == "the study has no arm without stages"


def test_a_single_arm_in_other_languages_or_cut_into_a_mix_with_text_is_no_single(study):
    arms = {name: ARMS[name] for name in ("german", "nli+text", "ab")}
    assert "no arm has one stage on a single task" in pairs_of(study(arms), "singles")


def test_every_comparison_that_a_file_may_name_has_a_part():
    named = set(Statement.model_fields["compare"].annotation.__args__)
    assert named == {*PARTS, "models"}  # which compares the pairs of another one, see test_models
