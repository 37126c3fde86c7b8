"""A study of several models: an arm of each, compared within its model, and one model as it always was."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError
from isthmus.study.load import load_study

MODEL = "model: {name: some/model, revision: abc}"
HUB = "{small: {name: a/small, revision: s}, large: {name: a/large, revision: l}}"
TARGET = "  - udpos\n"


@pytest.fixture
def several(write):
    """A function that loads a study of a small and a large model, with further changes."""
    return lambda *changes: load_study(write((MODEL, f"models: {HUB}"), *changes)).study


def refusal(load, *changes):
    with pytest.raises(StudyError) as caught:
        load(*changes)
    return str(caught.value)


def test_every_arm_is_made_for_every_model_model_by_model(several):
    study = several().by_model()
    assert list(study.arms) == ["none@small", "mnli@small", "two@small", "none@large", "mnli@large", "two@large"]
    assert study.arms["two@small"] == study.arms["two@large"]
    assert study.of_model("large").arms.keys() == {"none@large", "mnli@large", "two@large"}


def test_an_arm_is_compared_with_that_without_stages_of_its_own_model(several):
    study = several().by_model()
    assert study.reference == "none"
    assert study.references == ("none@small", "none@large")
    assert [study.reference_of(arm) for arm in ("mnli@small", "mnli@large")] == ["none@small", "none@large"]
    assert study.model_of("mnli@large").name == "a/large"


def test_one_model_has_the_arms_that_are_declared(write):
    study = load_study(write()).study
    assert study.by_model() is study
    assert (study.reference, study.references, study.reference_of("mnli")) == ("none", ("none",), "none")
    assert study.encoders == {"": study.model}
    assert study.model_of("mnli") is study.model


def test_directories_of_each_model_come_out_absolute_and_are_looked_for(write, tmp_path):
    (tmp_path / "one").mkdir()
    study = load_study(write((MODEL, "models: {one: {path: one}, ours: world}"))).study
    assert (study.models["one"].path, study.models["ours"].path) == (str(tmp_path / "one"), "world")
    said = refusal(lambda: load_study(write((MODEL, "models: {one: {path: one}, two: {path: two}}"))))
    assert "study.yaml:3: models.two.path: found 'two', expected a directory" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "give exactly one of model and models"),
        (f"{MODEL}\nmodels: {HUB}", "give exactly one of model and models"),
        ("models: {}", "give exactly one of model and models"),
        ("models: {small: {name: a/b}}", "study.yaml:3: models.small: name needs a revision"),
        ("models: {sm@ll: {name: a/b, revision: c}}", "expected a name"),
        ("models: {small: {nam: a/b, revision: c}}", "unknown key; did you mean 'name'"),
    ],
)
def test_models_that_are_none_or_too_many_or_faulty_are_refused(write, line, said):
    assert said in refusal(lambda: load_study(write((MODEL, line))))


def test_a_layer_may_be_given_by_model(several):
    study = several((TARGET, "  - {task: tatoeba, layer: {small: 1, large: 3}}\n"))
    assert [study.targets[0].at(model).layer for model in study.models] == [1, 3]
    assert study.targets[1].at("small") == study.targets[1]


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("{small: 1}", "targets[0].layer: no layer is given for 'large'"),
        ("{small: 1, large: 2, lagre: 3}", "targets[0].layer.lagre: 'lagre' is not among the models; did you mean 'large'"),
        ("{small: 1, large: deep}", "targets[0].layer.large: found 'deep', expected a whole number"),
    ],
)
def test_layers_by_model_are_those_of_the_models(several, layer, said):
    assert said in refusal(several, (TARGET, f"  - {{task: tatoeba, layer: {layer}}}\n"))


def test_one_model_has_no_layers_by_model(write):
    line = "  - {task: tatoeba, layer: {small: 1}}\n"
    assert "there is one model" in refusal(lambda: load_study(write((TARGET, line))))


CLAIM = "  unseen: [no]\nclaims: [{{text: t, arm: {arm}, target: udpos, expect: higher{more}}}]\n"


def test_a_claim_names_an_arm_of_a_model(several):
    study = several(("  unseen: [no]\n", CLAIM.format(arm="mnli@large", more="")))
    assert study.claims[0].arm == "mnli@large"
    said = refusal(several, ("  unseen: [no]\n", CLAIM.format(arm="mnli", more="")))
    assert "claims[0].arm: 'mnli' is not among the arms; did you mean 'mnli@" in said
    said = refusal(several, ("  unseen: [no]\n", CLAIM.format(arm="none@small", more="")))
    assert "'none@small' cannot be compared with itself" in said
