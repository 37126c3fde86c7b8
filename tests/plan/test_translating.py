"""Translated data are steps of their own, shared by arms and seeds; what cannot be translated is refused with its key."""

from __future__ import annotations

import json

import pytest
from sketches import FakeSource, plan, study

from isthmus.core.errors import StudyError
from isthmus.plan.planner import make_plan
from isthmus.study.spec import Study
from isthmus.world.source import load_world

NLLB = {"kind": "seq2seq", "name": "facebook/nllb-200-distilled-600M", "revision": "c" * 40}
SQUAD = {"task": "squad", "languages": ["de", "sw"], "via": "translation"}


def planned(*stages, translator=NLLB, source=None, **changes):
    arms = {"none": [], **{f"arm{i}": [stage] for i, stage in enumerate(stages)}}
    return plan(
        data_source=source, arms=arms, targets=[{"task": "panx", "splits": ["dev"]}], translator=translator, **changes
    )


def of_kind(made, kind):
    return [step for step in made if step.kind == kind]


def trained(made, arm):
    return next(step for step in made if step.name.startswith(f"{arm}/seed 1/stage"))


def test_arms_and_seeds_share_one_translation_a_task_and_language():
    made = planned(SQUAD, SQUAD | {"languages": ["en", "de", "sw"]}, {"task": "squad"})
    de, sw = of_kind(made, "translate")
    assert [de.name, sw.name] == ["translate/squad/de", "translate/squad/sw"]
    for arm in ("arm0", "arm1"):
        inputs = {role: id_ for role, id_ in trained(made, arm).inputs.items() if role != "model"}
        assert inputs == {"translated/squad/de": de.id, "translated/squad/sw": sw.id}
    assert trained(made, "arm2").inputs.keys() == {"model"}


def test_a_training_step_names_its_data_by_their_source_and_reads_the_source_language_as_it_is():
    made = planned(SQUAD | {"languages": ["en", "de"]}, {"task": "squad"})
    english, german = trained(made, "arm0").settings["data"]
    assert english == trained(made, "arm1").settings["data"][0]
    assert german == {**english, "language": "de", "translated": True}
    [step] = of_kind(made, "translate")
    assert (step.settings["data"], step.settings["language"], step.settings["kind"]) == (english, "de", "span")


def test_the_translator_its_codes_and_the_number_of_examples_move_the_id_and_its_batch_and_other_codes_do_not():
    def id_of(stage=SQUAD, **changes):
        return of_kind(planned(stage, translator=NLLB | changes), "translate")[0].id

    same = {id_of(), id_of(batch=64), id_of(codes={"fr": "fra_Latn"})}
    assert len(same) == 1
    moved = [
        id_of(beams=1), id_of(revision="d" * 40), id_of(codes={"de": "ger"}), id_of(filter={"copied": "keep"}),
        id_of(SQUAD | {"max_examples": 9}),
    ]  # fmt: skip
    assert len({*same, *moved}) == 6


def test_the_id_of_a_translation_never_changes_by_accident():
    [step, _] = of_kind(planned(SQUAD), "translate")
    assert step.id == "ba2ae92c52a97d1afb605e77ea75f01dbe6d8ae8418d1999527787b37ddf9134"


def test_in_a_mix_every_labelled_task_is_translated_where_it_is_not_in_the_source_language_and_text_never():
    mix = {
        "mix": ["squad", "mnli", "mlm"], "rates": {"squad": 1, "mnli": 1, "mlm": 1}, "via": "translation",
        "languages": {"squad": ["sw"], "mlm": ["en", "de"]}, "recipe": {"steps": 9},
    }  # fmt: skip
    made = planned(mix)
    assert [step.name for step in of_kind(made, "translate")] == ["translate/squad/sw"]
    assert trained(made, "arm0").inputs.keys() == {"model", "translated/squad/sw"}
    streams = {stream["name"]: stream for stream in trained(made, "arm0").settings["streams"]}
    assert [data.get("translated") for data in streams["squad"]["data"]] == [True]
    assert not any("translated" in data for name in ("mnli", "mlm") for data in streams[name]["data"])


def test_rates_of_languages_hold_for_translated_ones():
    made = planned(SQUAD | {"language_rates": {"de": 1, "sw": 3}})
    assert trained(made, "arm0").settings["language_rates"] == {"de": 0.25, "sw": 0.75}


def test_a_network_costs_what_is_read_and_written_and_twice_as_many_examples_cost_more():
    few, all_ = (of_kind(planned(stage), "translate")[0].cost for stage in (SQUAD | {"max_examples": 2}, SQUAD))
    assert 0 < few.tokens < all_.tokens
    assert all_.disk > 0


def test_a_directory_is_known_by_its_files_and_its_size_by_its_configuration(tmp_path):
    shape = {"d_model": 8, "encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 16, "vocab_size": 100}
    (tmp_path / "config.json").write_text(json.dumps({**shape, "decoder_ffn_dim": 16}))
    (tmp_path / "model.safetensors").write_bytes(b"1")
    own = {"kind": "seq2seq", "path": str(tmp_path)}
    [first, _] = of_kind(planned(SQUAD, translator=own), "translate")
    assert first.cost.flops > 0
    assert first.places["translator"]["path"] == str(tmp_path)
    assert str(tmp_path) not in json.dumps(first.payload)
    (tmp_path / "model.safetensors").write_bytes(b"2")
    assert of_kind(planned(SQUAD, translator=own), "translate")[0].id != first.id


def test_training_on_a_translation_of_test_data_is_a_leak():
    digest = {("squad/train-v1.1.json", "en"): "same", ("xquad/xquad.{language}.json", "en"): "same"}
    with pytest.raises(StudyError, match="would leak the answers") as caught:
        plan(
            data_source=FakeSource(digest), translator=NLLB, arms={"a": [SQUAD]},
            targets=[{"task": "xquad", "head": "as-is"}],
        )  # fmt: skip
    assert caught.value.key == "arms.a[0]"


@pytest.mark.parametrize(
    ("task", "translator", "key", "said"),
    [
        ("panx", NLLB, "arms.a[0]", "panx is tagging: tags belong to single words"),
        ("squad", {"kind": "exact"}, "translator.kind", "exact knows the languages of the world alone"),
        ("squad", {"kind": "lexicon"}, "translator.kind", "there are seq2seq and ctranslate2"),
    ],
)  # fmt: skip
def test_what_cannot_be_translated_is_refused(task, translator, key, said):
    with pytest.raises(StudyError, match=said) as caught:
        planned_alone({"task": task, "languages": ["de"]}, translator)
    assert caught.value.key == key


@pytest.mark.parametrize("own", [{"kind": "seq2seq"}, {"kind": "ctranslate2", "tokenizer": "/"}])
def test_a_directory_without_weights_is_no_translator(tmp_path, own):
    with pytest.raises(StudyError, match=rf"has no .*; expected a directory with a {own['kind']} translator") as caught:
        planned_alone({"task": "squad", "languages": ["de"]}, own | {"path": str(tmp_path)})
    assert caught.value.key == "translator.path"


def planned_alone(stage, translator, source=None, **changes):
    asked: Study = study(
        arms={"a": [stage | {"via": "translation"}]}, translator=translator, targets=[{"task": "panx", "splits": ["dev"]}],
        **changes,
    )  # fmt: skip
    return make_plan(asked, source or FakeSource(), {"data": "data"})


@pytest.mark.parametrize("kind", ["exact", "lexicon"])
def test_a_language_that_the_world_lacks_is_told_with_the_nearest(kind):
    with pytest.raises(StudyError, match="the world has no language 'nea'; did you mean 'near'") as caught:
        planned_alone({"task": "commonsenseqa", "languages": ["nea"]}, {"kind": kind}, load_world())
    assert caught.value.key == "arms.a[0].languages"


def test_the_world_translates_tags_exactly_and_no_other_way():
    stage = {"task": "panx", "languages": ["far"]}
    assert of_kind(planned_alone(stage, {"kind": "exact"}, load_world()), "translate")
    with pytest.raises(StudyError, match="tags belong to single words"):
        planned_alone(stage, {"kind": "lexicon"}, load_world())
