"""Variants and what is measured, as a file says them: what belongs together, and what is refused by its key."""

from __future__ import annotations

import pytest
import yaml
from pydantic import ValidationError

from isthmus.core.errors import StudyError
from isthmus.study.load import load_study
from isthmus.study.variant import Efficiency, Variant

STUDY = """\
study: varied
question: what?
data: world
models: {small: world-small, base: world}
seeds: [1, 2]
source: en
languages: [en, near]
arms: {none: []}
targets: [pawsx]
recipe: {learning_rate: 1.0e-3, steps: 1, batch_examples: 1}
"""


def loaded(tmp_path, more, text=STUDY):
    file = tmp_path / "study.yaml"
    file.write_text(text + more, "utf-8")
    return load_study(file).study


def refused(tmp_path, more, text=STUDY):
    with pytest.raises(StudyError) as told:
        loaded(tmp_path, more, text)
    return str(told.value)


def test_what_is_done_after_training_comes_in_one_order_whatever_the_file_says():
    variant = Variant(precision="int8", runtime="onnx", heads=0.5, vocabulary=("en",))
    changes = [("heads", {"heads": 0.5}), ("vocabulary", {"keep": "seen"}), ("onnx", {}), ("int8", {})]
    assert variant.later() == changes
    assert Variant(lora={"rank": 2}, merge=True).later() == [("merge", {})]


def test_models_of_several_depths_keep_so_many_layers_each(tmp_path):
    study = loaded(tmp_path, "variants: {shallow: {layers: {small: 1, base: 2}}}\n")
    assert [study.variants["shallow"].depth(name) for name in study.models] == [1, 2]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({}, "this is the full model"),
        ({"merge": True}, "it goes with lora"),
        ({"keep": "seen"}, "it goes with vocabulary"),
        ({"exit": 0.9, "runtime": "onnx"}, "it runs in torch; found runtime: onnx"),
        ({"exit": 0.9, "precision": "int8"}, "full precision alone"),
        ({"runtime": "onnx", "precision": "bf16"}, "bf16 is for torch"),
        ({"runtime": "compile", "precision": "int8"}, "int8 is for torch and onnx"),
        ({"lora": {}, "heads": 0.5}, "heads needs the low-rank updates folded in; add merge: true"),
        ({"heads": 1.0}, "less than 1"),
        ({"exit": 0.0}, "greater than 0"),
        ({"layers": 0}, "greater than or equal to 1"),
    ],
)
def test_what_does_not_belong_together_is_refused(keys, told):
    with pytest.raises(ValidationError, match=told):
        Variant.model_validate(keys)


@pytest.mark.parametrize(
    ("more", "key", "told"),
    [
        ("variants: {full: {precision: int8}}\n", "variants.full", "what tables call the model itself"),
        ("variants: {a: {layers: {smal: 1, base: 2}}}\n", "variants.a.layers.smal", "did you mean 'small'"),
        ("variants: {a: {layers: {small: 1}}}\n", "variants.a.layers", "no layers are given for 'base'"),
        ("variants: {a: {vocabulary: [en, naer]}}\n", "variants.a.vocabulary[1]", "did you mean 'near'"),
        ("efficiency: {targets: [xnli]}\n", "efficiency.targets[0]", "is not among the targets"),
        ("efficiency: {variants: [int8]}\n", "efficiency.variants[0]", "is not among the variants; there are none"),
        ("efficiency: {seeds: [3]}\n", "efficiency.seeds[0]", "3 is not among the seeds"),
        ("efficiency: {languages: [fra]}\n", "efficiency.languages[0]", "is not among the study's languages"),
        ("efficiency: {rounds: 2}\n", "efficiency.rounds", "found 2, expected 5 or more"),
    ],
)
def test_a_name_that_the_study_does_not_know_is_refused_at_its_key(tmp_path, more, key, told):
    found = refused(tmp_path, more)
    assert key in found
    assert told in found


def test_layers_by_model_need_several_models(tmp_path):
    one = STUDY.replace("models: {small: world-small, base: world}", "model: world")
    assert "there is one model, so the layers are a number" in refused(tmp_path, "variants: {a: {layers: {x: 1}}}\n", one)


def test_how_it_is_measured_is_plain_values():
    plain = yaml.safe_dump(dict(Efficiency(queries=8).protocol()))
    assert plain.startswith("device: null\ngrid: false\npasses: 12\nqueries: 8")
