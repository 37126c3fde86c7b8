"""Retrieval by layer: means over the seeds that have every language of an average."""

from __future__ import annotations

import json

import pytest

from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.step import Step
from isthmus.report.collect import collect
from isthmus.report.layers import layered, layers_chosen
from isthmus.results.row import Row
from isthmus.results.table import summarise


@pytest.fixture
def found(store):
    """The layers of a study from {(arm, seed, language): figures of its layers}."""

    def read(profiles):
        cells, steps = [], []
        for place, layers in profiles.items():
            step = Step("score", {"place": list(place)}, name=str(place))
            steps.append(step)
            cells.append(Cell(place[0], place[1], "tatoeba", place[2], "test", "accuracy", True, step.id))
            scratch = store.begin(step.id)
            scores = {"values": {"accuracy": 50.0}, "main": "accuracy", "n": 9, "labelled": True}
            if layers:
                scores["by_layer"] = {str(layer): {"accuracy": value} for layer, value in layers.items()}
            (scratch.output / "scores.json").write_text(json.dumps(scores))
            store.commit(step.id, scratch, step.payload, step.name, {})
        plan = Plan(in_order(steps), tuple(cells))
        rows, _ = collect(plan, store, "s")
        tables = summarise(rows, plan.cells, source="en", groups={"near": ["de"]}, against="none").tables
        return {one.name: dict(one.profiles) for one in layered(plan, store, tables)}

    return read


def test_a_profile_is_the_mean_over_seeds_and_languages(found):
    layers = found({("none", seed, lang): {0: seed * 10.0, 1: 40.0} for seed in (1, 2) for lang in ("de", "sw")})
    assert layers["zero-shot"] == {"none": ((0, 15.0), (1, 40.0))}
    assert layers["near"] == layers["de"] == {"none": ((0, 15.0), (1, 40.0))}


def test_layers_are_in_order_of_their_number(found):
    assert found({("none", 1, "de"): {10: 1.0, 9: 2.0, 0: 3.0}})["de"] == {"none": ((0, 3.0), (9, 2.0), (10, 1.0))}


def test_an_arm_without_layers_has_no_line(found):
    assert found({("none", 1, "de"): {0: 1.0}, ("bag", None, "de"): None})["de"] == {"none": ((0, 1.0),)}


def test_layers_that_mining_tried_on_development_data_say_so(store):
    step = Step("score", {}, name="mined")
    scratch = store.begin(step.id)
    scores = {"values": {"f1": 50.0}, "main": "f1", "n": 9, "labelled": True, "layer": 1, "chosen_on": "dev"}
    curve = {"dev_by_layer": {"0": {"f1": 20.0}, "1": {"f1": 60.0}}}
    (scratch.output / "scores.json").write_text(json.dumps(scores | curve))
    store.commit(step.id, scratch, step.payload, step.name, {})
    plan = Plan(in_order([step]), (Cell("none", 1, "bucc2018", "de", "test", "f1", True, step.id),))
    rows, _ = collect(plan, store, "s")
    [table] = summarise(rows, plan.cells, source="en", groups={}, against="none").tables
    one = layered(plan, store, [table])[-1]
    assert (one.metric, dict(one.profiles)) == ("f1 on development data", {"none": ((0, 20.0), (1, 60.0))})
    assert layers_chosen(table) == "the layer of each run was chosen on the development data of each language: none 1"


def chosen_table(chosen_on, layers):
    """Return the table of retrieval in de and sw from {(arm, seed): the layer chosen}."""
    rows = [
        Row("s", arm, seed, "tatoeba", language, "test", True, "accuracy", True, 50.0, 9, "x", layer, chosen_on)
        for (arm, seed), layer in layers.items()
        for language in ("de", "sw")
    ]
    [table] = summarise(rows, rows, source="en", groups={}, against="none").tables
    return table


def test_the_layers_chosen_are_told_by_arm():
    told = layers_chosen(chosen_table("sv", {("none", 1): 8, ("none", 2): 7, ("nli", 1): 8, ("nli", 2): 8}))
    assert told == "the layer of each run was chosen on sv: none 7, 8; nli 8"
    assert layers_chosen(chosen_table("", {("none", 1): None})) == ""


def test_the_language_that_chose_is_said_to_flatter_itself_where_it_is_judged():
    told = layers_chosen(chosen_table("sw", {("none", 1): 8}))
    assert told.endswith("none 8; in sw itself it is the best in hindsight, and so too favourable")


def test_scores_that_do_not_tell_their_layers_apart_give_nothing(found):
    assert found({("none", 1, "de"): None}) == {}
