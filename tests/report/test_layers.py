"""Retrieval by layer: means over the seeds that have every language of an average."""

from __future__ import annotations

import json

import pytest

from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.step import Step
from isthmus.report.collect import collect
from isthmus.report.layers import layered
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


def test_scores_that_do_not_tell_their_layers_apart_give_nothing(found):
    assert found({("none", 1, "de"): None}) == {}
