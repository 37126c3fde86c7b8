"""What cannot be done is refused before anything runs, at its key, with what would do."""

from __future__ import annotations

import shutil

import pytest
from sketches import RECIPE, plan, with_text
from small_world import PRETRAINING, small_study

from isthmus.core.errors import StudyError
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory

STOPPING = RECIPE | {"early_stopping": {"every": 10, "patience": 2}}
REFUSED = {
    "an unknown task in an arm": (
        {"arms": {"none": [], "names": [{"task": "mnli"}, {"task": "pnax"}]}},
        "arms.names[1].task",
        "unknown task 'pnax'; did you mean 'panx'",
    ),
    "an unknown target": ({"targets": [{"task": "tatoba", "layer": 1}]}, "targets[0].task", "did you mean 'tatoeba'?"),
    "an unknown training task": ({"targets": [{"task": "xquad", "train": "sqad"}]}, "targets[0].train", "'squad'"),
    "a stage on what cannot be trained on": (
        {"arms": {"odd": [{"task": "tatoeba"}]}},
        "arms.odd[0].task",
        "nothing can be trained on tatoeba (retrieval); known: anli, ",
    ),
    "a target without a score": ({"targets": [{"task": "mlm"}]}, "targets[0].task", "nothing can be trained on mlm"),
    "a target trained on another kind": (
        {"targets": [{"task": "xquad", "train": "mnli"}]},
        "targets[0].train",
        "xquad (span) cannot be trained on mnli (classification)",
    ),
    "a target that may have no answer trained where there always is one": (
        {"targets": [{"task": "squad_v2", "train": "squad"}]},
        "targets[0].train",
        "squad_v2 (span_or_none) cannot be trained on squad (span)",
    ),
    "a target trained on other labels": ({"targets": [{"task": "udpos", "train": "panx"}]}, "targets[0].train", "labels"),
    "retrieval that shall be trained": (
        {"targets": [{"task": "tatoeba", "train": "mnli", "layer": 1}]},
        "targets[0].train",
        "tatoeba is retrieval, which trains nothing",
    ),
    "retrieval with a training set cut short": (
        {"targets": [{"task": "tatoeba", "train_examples": 5, "layer": 1}]},
        "targets[0].train_examples",
        "tatoeba is retrieval, which trains nothing",
    ),
    "mining that shall be trained": (
        {"targets": [{"task": "bucc2018", "train": "mnli", "layer": 1}], "languages": ["de"]},
        "targets[0].train",
        "bucc2018 is mining, which trains nothing",
    ),
    "mining without a layer": ({"targets": [{"task": "bucc2018"}]}, "targets[0]", "bucc2018 needs layer"),
    "mining in a language whose threshold nothing can tune": (
        {"targets": [{"task": "bucc2018", "layer": 1}]},
        "targets[0]",
        "no dev data of bucc2018 in 'fr'",
    ),
    "mining judged on what its threshold is tuned on": (
        {"targets": [{"task": "bucc2018", "layer": 1, "splits": ["dev"]}]},
        "targets[0]",
        "bucc2018 de dev is what the target bucc2018 is judged on (de dev); training or selecting on it would leak",
    ),
    "early stopping of masked language modelling": (
        {"arms": {"text": [{"task": "mlm"}]}, "recipe": STOPPING},
        "arms.text[0].task",
        "overrides: {mlm: {early_stopping: null}} does without",
    ),
    "retrieval without a layer": (
        {"targets": [{"task": "udpos"}, {"task": "tatoeba"}]},
        "targets[1]",
        "tatoeba needs layer",
    ),
    "retrieval whose layer nothing chooses": (
        {"targets": [{"task": "tatoeba", "layer": "chosen"}]},
        "targets[0].layer",
        "needs chosen_on, the language whose score chooses the layer",
    ),
    "a layer chosen on a language without data": (
        {"targets": [{"task": "tatoeba", "layer": "chosen", "chosen_on": "sv"}]},
        "targets[0].chosen_on",
        "no test data of tatoeba in 'sv'; known: de, sw",
    ),
    "mining whose layer another language shall choose": (
        {"targets": [{"task": "bucc2018", "layer": "chosen", "chosen_on": "de"}], "languages": ["de"]},
        "targets[0].chosen_on",
        "bucc2018 is mining, which chooses its layer on the development data of each language",
    ),
    "neighbours where only the cosine counts": (
        {"targets": [{"task": "tatoeba", "layer": 1, "neighbours": 8}]},
        "targets[0].neighbours",
        "neighbours changes nothing where the similarity is cosine",
    ),
    "retrieval that shall be searched by an index": (
        {"targets": [{"task": "tatoeba", "layer": 1, "search": "faiss"}]},
        "targets[0].search",
        "tatoeba is retrieval, whose search is always exact",
    ),
    "a similarity for what compares nothing": (
        {"targets": [{"task": "udpos", "similarity": "csls"}]},
        "targets[0].similarity",
        "similarity is for retrieval and mining; udpos is tagging",
    ),
    "a layer for another kind": (
        {"targets": [{"task": "udpos", "layer": 3}]},
        "targets[0].layer",
        "layer is for retrieval and mining; udpos is tagging",
    ),
    "an unknown baseline": (
        {"baselines": ["majority", "lexikon"]},
        "baselines[1]",
        "unknown baseline 'lexikon'; did you mean 'lexicon'?",
    ),
    "early stopping without development data": (
        {"targets": [{"task": "xquad"}], "recipe": STOPPING},
        "targets[0]",
        "no dev data of squad in 'en': data: no en; early stopping needs it; "
        "overrides: {squad: {early_stopping: null}} does without",
    ),
    "a stage whose early stopping has no development data": (
        {"arms": {"qa": [{"task": "squad"}]}, "recipe": STOPPING},
        "arms.qa[0]",
        "early stopping needs it",
    ),
    "a stage in a language without training data": (
        {"arms": {"a": [{"task": "panx", "languages": ["en", "sw"]}]}},
        "arms.a[0]",
        "no train data of panx in 'sw'",
    ),
    "a target without training data": (
        {"source": "de", "arms": {"none": []}},
        "targets[0]",
        "no train data of udpos in 'de'",
    ),
    "a language nobody has": (
        {"languages": ["en", "de", "swe"]},
        "languages[2]",
        "no target has data in 'swe'; did you mean 'sw'?",
    ),
    "a target without data in any language": (
        {"languages": ["en"], "targets": [{"task": "udpos"}, {"task": "tatoeba", "layer": 1}]},
        "targets[1]",
        "the data hold no test split of tatoeba in any language asked for",
    ),
    "a target without data in any language at all": (
        {"targets": [{"task": "lareqa"}], "arms": {"none": []}},
        "targets[0]",
        "the data hold no test split of lareqa in any language asked for: data: no ar",
    ),
    "an override of a task that nothing trains on": (
        {"overrides": {"xnli": {"epochs": 3}}},
        "overrides.xnli",
        "nothing in this study trains on 'xnli'; known: panx, tatoeba, udpos",
    ),
    "an override by the name of the target instead of what it is trained on": (
        {"targets": [{"task": "xquad"}], "arms": {"none": []}, "overrides": {"xquad": {"epochs": 3}}},
        "overrides.xquad",
        "did you mean 'squad'?",
    ),
    "a stage on development data that a target is judged on": (
        {"arms": {"cheat": [{"task": "panx", "languages": ["en", "de"], "split": "dev"}]}},
        "arms.cheat[0]",
        "panx de dev is what the target panx is judged on (de dev); training or selecting on it would leak the answers",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused(case):
    changes, key, expected = REFUSED[case]
    with pytest.raises(StudyError) as caught:
        plan(**changes)
    assert caught.value.key == key
    assert expected in str(caught.value)


@pytest.mark.parametrize("packed", [False, True])
def test_a_stage_on_evaluation_data_under_another_name_is_refused_by_content(packed, world, tmp_path):
    root = shutil.copytree(world, tmp_path / "data")
    shutil.copy(root / "udpos/test-sw.tsv", root / "udpos/train-de.tsv")
    if packed:
        import gzip

        plain = root / "udpos/train-de.tsv"
        (root / "udpos/train-de.tsv.gz").write_bytes(gzip.compress(plain.read_bytes()))
        plain.unlink()
    study = small_study(root, arms={"none": [], "cheat": [{"task": "udpos", "languages": ["en", "de"]}]})
    with pytest.raises(StudyError, match="udpos de train is what the target udpos is judged on") as caught:
        make_plan(study, Directory(root), {"data": str(root)})
    assert caught.value.key == "arms.cheat[0]"
    assert "(sw test)" in str(caught.value)


def test_the_training_data_of_a_target_are_refused_too_when_another_is_judged_on_them(world, tmp_path):
    root = shutil.copytree(world, tmp_path / "data")
    shutil.copy(root / "xnli/test-en.tsv", root / "xnli/train-en.tsv")
    study = small_study(root, targets=[{"task": "udpos"}, {"task": "xnli"}])
    with pytest.raises(StudyError, match="mnli en train is what the target xnli is judged on") as caught:
        make_plan(study, Directory(root), {"data": str(root)})
    assert caught.value.key == "targets[1]"


def test_a_stage_on_development_data_that_no_target_is_judged_on_is_permitted():
    plan(arms={"more": [{"task": "udpos", "split": "dev"}]})


def test_early_stopping_may_be_switched_off_for_the_task_that_has_no_development_data():
    targets = [{"task": "udpos"}, {"task": "xquad"}]
    made = plan(targets=targets, recipe=STOPPING, overrides={"squad": {"early_stopping": None}})
    dev = {step.name: step.settings["dev"] for step in made if step.kind == "train"}
    assert dev["none/seed 1/xquad"] is None
    assert dev["none/seed 1/udpos"]["split"] == "dev"


def test_a_damaged_file_is_named_when_a_study_is_planned(world, tmp_path):
    root = shutil.copytree(world, tmp_path / "data")
    (root / "panx/dev-de.tsv").write_bytes(b"")
    with pytest.raises(StudyError, match=r"panx/dev-de.tsv: the file is empty") as caught:
        make_plan(small_study(root), Directory(root), {"data": str(root)})
    assert caught.value.key == "targets[1]"


def test_a_layer_that_the_model_lacks_is_refused(tmp_path):
    with_text(tmp_path)
    deep = {"targets": [{"task": "udpos"}, {"task": "tatoeba", "layer": 7}]}
    with pytest.raises(StudyError, match="found 7, expected 0") as caught:
        plan(model={"pretrain": PRETRAINING}, data=str(tmp_path), **deep)
    assert caught.value.key == "targets[1].layer"


def test_early_stopping_on_what_a_target_is_judged_on_is_refused():
    judged_on_dev = {"targets": [{"task": "udpos", "splits": ["dev"]}], "recipe": STOPPING, "arms": {"none": []}}
    with pytest.raises(StudyError, match="selecting on it would leak") as caught:
        plan(**judged_on_dev)
    assert caught.value.key == "targets[0]"
