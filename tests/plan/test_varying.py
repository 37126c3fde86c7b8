"""Variants are steps of the plan: each change one, shared where it is the same, scored as any model, timed side by side."""

from __future__ import annotations

import json

import pytest
from sketches import HELD, FakeSource, ids, plan, study

from isthmus.core.errors import StudyError
from isthmus.models.variant import VARIANTS, load_change
from isthmus.plan.planner import make_plan
from isthmus.plan.varying import EXAMPLES, TEXTS

PINNED = {
    "variant": "1086114930e92036637082783738059f7aebe1c994203641e9b2428b8cbb7b28",
    "bench": "865a507580f4af4806d05f78a2b48763ef093a7c87d13a7dcaddd75513968b14",
}
UDPOS, XNLI = {"task": "udpos"}, {"task": "xnli"}


def varied(**changes):
    return plan(**{"targets": [UDPOS], "arms": {"none": []}, "seeds": [1], "languages": ["en", "de"]} | changes)


def of_kind(made, kind):
    return [step for step in made if step.kind == kind]


def way_to(made, cell):
    """Return the kinds, and changes, of the steps that a score hangs on, the score first."""
    step, way = made.steps[cell.step], []
    while True:
        way.append(step.settings.get("change", step.kind))
        named = step.inputs.get("predictions") or step.inputs.get("model")
        if named is None:
            return way
        step = made.steps[named]


def test_a_variant_is_made_of_the_trained_model_and_scored_in_every_language():
    made = varied(variants={"int8": {"precision": "int8"}})
    assert [(c.arm, c.task, c.language, c.variant) for c in made.variants] == [
        ("none", "udpos", "en", "int8"), ("none", "udpos", "de", "int8"),
    ]  # fmt: skip
    assert {tuple(way_to(made, cell)) for cell in made.variants} == {("score", "predict", "int8", "train", "model")}


def test_variants_change_no_step_and_no_cell_of_the_study():
    without, made = varied(), varied(variants={"int8": {"precision": "int8"}}, efficiency={})
    assert ids(without) < ids(made)
    assert made.cells == without.cells


def test_what_changes_the_network_before_training_is_trained_anew_and_the_rest_comes_after_in_its_order():
    both = {"layers": 1, "precision": "int8", "runtime": "onnx", "heads": 0.5}
    made = varied(variants={"small": both})
    way = ["score", "predict", "int8", "onnx", "heads", "train", "layers", "model"]
    assert way_to(made, made.variants[0]) == way
    lora = varied(variants={"lora": {"lora": {"rank": 4}, "merge": True}})
    assert way_to(lora, lora.variants[0]) == ["score", "predict", "merge", "train", "model"]
    [trained] = [step for step in of_kind(lora, "train") if "lora" in step.settings]
    assert trained.settings["lora"] == {"rank": 4, "alpha": 8.0}
    assert [step for step in of_kind(lora, "train") if "lora" not in step.settings], "the full model is trained as ever"


def test_variants_that_begin_alike_share_their_beginning():
    made = varied(variants={"onnx": {"runtime": "onnx"}, "onnx-int8": {"runtime": "onnx", "precision": "int8"}})
    assert [step.settings["change"] for step in of_kind(made, "variant")] == ["onnx", "int8"]


def test_the_vocabulary_is_trimmed_to_the_sentences_of_languages_and_one_without_any_is_told():
    made = varied(variants={"trimmed": {"vocabulary": ["en", "de"]}})
    [step] = of_kind(made, "variant")
    assert [(d["language"], d["split"]) for d in step.settings["data"]] == [("en", "train"), ("en", "test"), ("de", "test")]
    with pytest.raises(StudyError, match="xnli has no sentences in 'sw'") as told:
        varied(targets=[XNLI], variants={"trimmed": {"vocabulary": ["en", "sw"]}})
    assert told.value.key == "variants.trimmed.vocabulary[1]"


def test_early_exit_is_of_classification_alone_and_what_is_left_out_is_told():
    made = varied(targets=[UDPOS, XNLI, {"task": "tatoeba", "layer": 1}], languages="all", variants={"exit": {"exit": 0.9}})
    assert {cell.task for cell in made.variants} == {"xnli"}
    assert made.left_out == (
        "udpos: exit left out (only classification is answered from a lower layer, and it is tagging)",
        "tatoeba: no variants are made, since nothing is trained for it",
    )


def test_one_step_times_every_arm_and_variant_of_a_target_side_by_side():
    arms = {"none": [], "panx": [{"task": "panx"}]}
    made = varied(arms=arms, seeds=[1, 2], variants={"int8": {"precision": "int8"}}, efficiency={"languages": ["de"]})
    [bench] = made.benches
    step = made.steps[bench.step]
    assert list(step.inputs) == ["none/full/1", "panx/full/1", "none/int8/1", "panx/int8/1"]
    assert [record["language"] for record in step.settings["data"]] == ["de"]
    assert [one["variant"] for one in step.settings["checkpoints"]] == ["", "", "int8", "int8"]
    trained = {made.steps[id_].kind for label, id_ in step.inputs.items() if "full" in label}
    assert trained == {"train"}


def test_only_the_targets_variants_and_seeds_asked_for_are_timed():
    asked = {"targets": ["udpos"], "variants": ["bf16"], "seeds": [2]}
    variants = {"bf16": {"precision": "bf16"}, "int8": {"precision": "int8"}}
    made = varied(targets=[UDPOS, XNLI], seeds=[1, 2], variants=variants, efficiency=asked)
    [bench] = made.benches
    assert (bench.task, list(made.steps[bench.step].inputs)) == ("udpos", ["none/full/2", "none/bf16/2"])


def test_a_depth_that_the_model_does_not_have_is_refused(tmp_path):
    network = {"model_type": "bert", "hidden_size": 8, "num_hidden_layers": 2, "intermediate_size": 16, "vocab_size": 9}
    (tmp_path / "config.json").write_text(json.dumps(network), "utf-8")
    with pytest.raises(StudyError, match=r"found 2, and the model has 2 layers; expected 1 to 1") as told:
        varied(model={"path": str(tmp_path)}, variants={"deep": {"layers": 2}})
    assert told.value.key == "variants.deep.layers"


def test_a_depth_of_one_model_that_it_does_not_have_is_refused_by_that_models_key(tmp_path):
    for name, layers in (("low", 2), ("high", 3)):
        network = {"model_type": "bert", "hidden_size": 8, "num_hidden_layers": layers, "intermediate_size": 16}
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps({**network, "vocab_size": 9}), "utf-8")
    models = {name: {"path": str(tmp_path / name)} for name in ("low", "high")}
    text = {"model": None, "models": models, "arms": {"none": []}, "targets": [UDPOS], "languages": ["en", "de"]}
    asked = study(**text, seeds=[1], variants={"shallow": {"layers": {"low": 1, "high": 3}}}).by_model()
    with pytest.raises(StudyError, match="found 3, and the model 'high' has 3 layers") as told:
        make_plan(asked, FakeSource(), {"data": "data"})
    assert told.value.key == "variants.shallow.layers.high"


def test_what_is_not_answered_one_by_one_is_not_timed_and_that_is_told(monkeypatch):
    monkeypatch.setitem(HELD, "lareqa/xquad-r/{language}.json", "de en")
    targets = [UDPOS, {"task": "lareqa", "train": "squad_sentences"}, {"task": "tatoeba", "layer": 1}]
    made = varied(targets=targets, variants={"int8": {"precision": "int8"}}, efficiency={})
    assert [bench.task for bench in made.benches] == ["udpos"]
    assert {cell.task for cell in made.variants} == {"udpos", "lareqa"}
    assert [note for note in made.left_out if "measured" in note] == [
        "lareqa: what it costs is not measured, since a query is compared with a whole pool",
        "tatoeba: what it costs is not measured, since nothing is trained for it",
    ]
    with pytest.raises(StudyError, match="the cost of lareqa cannot be measured: a query is compared") as told:
        varied(targets=targets, efficiency={"targets": ["udpos", "lareqa"]})
    assert told.value.key == "efficiency.targets[1]"


def test_a_shallow_network_is_trained_and_predicts_at_the_cost_of_its_layers(tmp_path):
    network = {"model_type": "bert", "hidden_size": 8, "num_hidden_layers": 4, "intermediate_size": 16, "vocab_size": 9}
    (tmp_path / "config.json").write_text(json.dumps(network), "utf-8")
    made = varied(model={"path": str(tmp_path)}, variants={"shallow": {"layers": 1}, "half": {"heads": 0.5}})
    flops = {step.name: step.cost.flops for step in made}
    assert flops["none/seed 1/udpos/shallow/train"] == pytest.approx(flops["none/seed 1/udpos"] / 4)
    whole = flops["none/seed 1/udpos/de/predict"]
    assert flops["none/seed 1/udpos/shallow/de/predict"] == pytest.approx(whole / 4)
    assert flops["none/seed 1/udpos/half/de/predict"] == whole
    [layers] = [step for step in made if step.settings.get("change") == "layers"]
    [heads] = [step for step in made if step.settings.get("change") == "heads"]
    assert 0 < layers.cost.disk < heads.cost.disk


def test_measuring_takes_the_seconds_asked_for_of_each_model_in_each_language_twice_at_the_least():
    def seconds(**efficiency):
        made = varied(variants={"int8": {"precision": "int8"}}, efficiency=efficiency)
        return made.steps[made.benches[0].step].cost.seconds

    once = seconds(seconds=1.0)
    assert seconds(seconds=11.0) - once == pytest.approx(2 * 10 * 2 * 2)  # twice, two models, two languages
    assert seconds(seconds=1.0, languages=["de"]) == pytest.approx(once - 2 * 2)
    assert once > 8


def test_the_planner_knows_what_each_change_looks_at():
    needs = {name: load_change(name) for name in VARIANTS.names()}
    assert {name for name, change in needs.items() if change.examples} == set(EXAMPLES)
    assert {name for name, change in needs.items() if change.texts} == set(TEXTS)


def test_the_ids_of_variants_and_measurements_never_change_by_accident():
    made = varied(variants={"int8": {"precision": "int8"}}, efficiency={})
    assert {step.kind: step.id for step in made if step.kind in PINNED} == PINNED
