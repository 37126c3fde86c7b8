"""English and target-language data for the same task: which arms are made of them, and what is impossible."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError

EXACT = {"translator": {"kind": "exact"}}
TWO = {"model": None, "models": {name: {"name": f"org/{name}", "revision": "r"} for name in ("small", "large")}}
ALL = {"english": True, "translated": True, "native": True, "mixed": True}
STEPS = {"task": "panx", "max_examples": 40}


def asked(**changes):
    return {"scale": {"task": STEPS, "languages": ["de", "sw"]} | changes}


def refusal(expanded, design, **changes):
    with pytest.raises(StudyError) as caught:
        expanded(design, **changes)
    return str(caught.value)


def test_each_arm_has_the_same_examples_in_the_languages_of_its_name(expanded):
    study, _ = expanded(asked(**ALL), **EXACT)
    assert list(study.arms) == ["none", "panx-english", "panx-translated", "panx-native", "panx-mixed"]
    stages = {name: (own[0].languages, own[0].via, own[0].max_examples) for name, own in study.arms.items() if own}
    assert stages == {
        "panx-english": ((), None, 40),
        "panx-translated": (("de", "sw"), "translation", 40),
        "panx-native": (("de", "sw"), None, 40),
        "panx-mixed": (("en", "de", "sw"), "translation", 40),
    }


def test_english_alone_is_what_is_made_where_nothing_else_is_asked_for(arms):
    assert arms(asked()) == {"none": [], "panx-english": ["panx"]}


def test_native_data_are_what_is_mixed_where_nothing_is_translated(expanded):
    study, _ = expanded(asked(native=True, mixed=True))
    assert study.arms["panx-mixed"][0].via is None
    assert study.arms["panx-mixed"][0].languages == ("en", "de", "sw")


def test_several_tasks_each_have_their_arms_and_their_own_settings(expanded):
    design = {"scale": {"tasks": ["panx", {"task": "udpos", "max_examples": 7}], "languages": ["de"], "native": True}}
    study, _ = expanded(design)
    assert list(study.arms) == ["none", "panx-english", "panx-native", "udpos-english", "udpos-native"]
    assert study.arms["udpos-native"][0].max_examples == 7


def test_an_arm_that_is_declared_is_not_made_again(expanded):
    study, [designed] = expanded(asked(), arms={"plain": [{"task": "panx", "max_examples": 40}], "zero": []})
    assert list(study.arms) == ["plain", "zero"]
    assert designed.there == {"panx-english": "plain"}


def test_every_model_gets_every_arm(expanded):
    study, [designed] = expanded(asked(**ALL), **EXACT, **TWO)
    assert list(study.arms)[:2] == ["none@small", "panx-english@small"]
    assert len(study.arms) == 10
    assert next(iter(designed.made.arms)) == "none"


def test_one_model_has_no_sizes_to_compare_and_is_told_so(expanded):
    [one] = expanded(asked())[1]
    assert any("the study has one model" in warning for warning in one.made.warnings)
    assert expanded(asked(), **TWO)[1][0].made.warnings == ()


def test_epochs_make_arms_of_several_languages_longer_and_that_is_told(expanded):
    epochs = {"learning_rate": 1e-4, "epochs": 2, "batch_examples": 8}
    [warning] = expanded(asked(**ALL), recipe=epochs, **EXACT, **TWO)[1][0].made.warnings
    assert warning.startswith("panx is trained by epochs: an arm in 2 languages takes 2 times the steps")
    own = {"task": "panx", "recipe": {"steps": 5}}
    assert expanded(asked(task=own, **ALL), recipe=epochs, **EXACT, **TWO)[1][0].made.warnings == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"task": None}, "design.scale: give exactly one of task (one) and tasks (a list)"),
        ({"tasks": ["udpos"]}, "design.scale: give exactly one of task (one) and tasks (a list)"),
        ({"english": False}, "no arm is asked for"),
        ({"languages": []}, "design.scale.languages: found an empty list, expected at least 1"),
        ({"languages": ["de", "de"]}, "design.scale.languages[1]: 'de' stands twice"),
        ({"languages": ["de", "en"]}, "design.scale.languages[1]: found 'en', the source"),
        ({"translated": True}, "design.scale.translated: it needs a translator"),
        ({"mixed": True}, "design.scale.mixed: it needs a translator"),
        ({"native": True, "languages": ["de", "fi"]}, "design.scale.languages[1]: no train data of panx exist in 'fi'"),
        ({"task": "mlm"}, "design.scale.task: mlm is raw text"),
        ({"task": {"mix": ["panx", "udpos"], "rates": {"scheme": "uniform"}}}, "design.scale.task: found a mix"),
        (
            {"task": {"task": "panx", "languages": ["de"]}},
            "design.scale.task.languages: languages is what this",
        ),
        ({"task": {"task": "panx", "split": "test"}}, "design.scale.task.split: found 'test': an arm may not"),
        (
            {"task": {"task": "panx", "recipe": {"stps": 3}}},
            "design.scale.task.recipe.stps: unknown key; did you mean 'steps'",
        ),
        ({"task": {"task": "panx", "via": "translation"}}, "design.scale.task.via: via is what this design chooses"),
    ],
)
def test_what_is_impossible_is_refused_at_its_key(expanded, changes, said):
    assert said in refusal(expanded, asked(**changes))
