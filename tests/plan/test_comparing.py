"""Targets that compare sentence vectors: whose score chooses a layer, and which settings move an id."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from sketches import ids, plan

from isthmus.study.faults import faults_of
from isthmus.study.spec import Target

CHOSEN = {"task": "tatoeba", "layer": "chosen", "chosen_on": "sw"}


def compared(target, **changes):
    return plan(targets=[target], **changes)


def settings(target, name="predict", languages=("de",)):
    made = compared(target, seeds=[1], arms={"none": []}, languages=[*languages])
    return next(step.settings for step in made if step.name.endswith(f"de/{name}"))


def inputs(made, name):
    step = next(step for step in made if step.name == name)
    return step, {role: made.steps[id_].name for role, id_ in step.inputs.items()}


def test_the_score_of_one_language_chooses_the_layer_of_the_others_of_its_arm_and_seed():
    made = compared(CHOSEN)
    for place in ("none/seed 1/tatoeba", "panx-first/seed 1/tatoeba", "panx-first/seed 2/tatoeba"):
        step, found = inputs(made, f"{place}/de/score")
        assert found == {"predictions": f"{place}/de/predict", "chosen": f"{place}/sw/score"}
        assert step.settings["chosen_on"] == "sw"


def test_the_language_that_chooses_is_judged_at_its_own_best_layer():
    step, found = inputs(compared(CHOSEN, seeds=[1]), "none/seed 1/tatoeba/sw/score")
    assert found == {"predictions": "none/seed 1/tatoeba/sw/predict"}
    assert step.settings["chosen_on"] == "sw"


def test_the_language_that_chooses_need_not_be_judged():
    made = compared(CHOSEN, seeds=[1], languages=["de"])
    assert {cell.language for cell in made.cells} == {"de"}
    assert inputs(made, "none/seed 1/tatoeba/de/score")[1]["chosen"] == "none/seed 1/tatoeba/sw/score"


def test_a_rule_without_layers_is_scored_as_ever():
    before, after = (compared(t, baselines=["bag"]) for t in ({"task": "tatoeba", "layer": 1}, CHOSEN))
    scores = [{step.id for step in made if step.name.startswith("baseline:bag")} for made in (before, after)]
    assert scores[0] == scores[1] != set()


def test_predictions_are_the_same_whatever_language_chooses():
    one, other = (compared(CHOSEN | {"chosen_on": lang}) for lang in ("de", "sw"))
    assert ids(one, "predict") == ids(other, "predict")
    assert not ids(one, "score") & ids(other, "score")


@pytest.mark.parametrize("same", [{"similarity": "cosine"}, {"pooling": "mean"}])
def test_a_default_that_is_spelt_out_moves_nothing(same):
    assert ids(compared({"task": "tatoeba", "layer": 1} | same)) == ids(compared({"task": "tatoeba", "layer": 1}))


def test_retrieval_by_cosine_says_what_it_said_before_there_were_other_similarities():
    kept = settings({"task": "tatoeba", "layer": 1})
    assert not {"similarity", "neighbours", "chosen_on"} & kept.keys()
    margin = settings({"task": "tatoeba", "layer": 1, "similarity": "csls"})
    assert margin == kept | {"similarity": "csls", "neighbours": 4}


def test_mining_is_by_ratio_margin_unless_another_similarity_is_named():
    kept = settings({"task": "bucc2018", "layer": 1})
    assert (kept["similarity"], kept["neighbours"]) == ("ratio", 4)
    assert settings({"task": "bucc2018", "layer": "chosen", "neighbours": 8}) == kept | {"layer": "chosen", "neighbours": 8}
    assert settings({"task": "bucc2018", "layer": 1, "search": "faiss"}) == kept | {"search": "faiss"}
    plain = settings({"task": "bucc2018", "layer": 1, "similarity": "cosine"})
    assert (plain["similarity"], "neighbours" in plain) == ("cosine", False)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("neighbours", 0, "targets[0].neighbours: found 0, expected 1 or more"),
        ("similarity", "margin", "targets[0].similarity: found 'margin', expected 'cosine', 'csls' or 'ratio'"),
        ("layer", "best", "targets[0].layer: found 'best', expected the number of a layer or chosen"),
        ("layer", 1.5, "targets[0].layer: found 1.5, expected a whole number"),
    ],
)
def test_a_value_that_means_nothing_is_refused_at_its_key(key, value, said):
    with pytest.raises(ValidationError) as caught:
        Target.model_validate({"task": "tatoeba", "layer": 1} | {key: value})
    assert [str(fault) for fault in faults_of(caught.value, "targets[0]")] == [said]
