"""The action that translates: what it writes, what it refuses, and how training reads it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from isthmus.core.errors import DataError, UserError
from isthmus.execution.actions import translate
from isthmus.execution.context import Context
from isthmus.execution.data import read_training
from isthmus.execution.preflight import check_data
from isthmus.plan.planner import make_plan
from isthmus.study.spec import Study
from isthmus.world.source import load_world
from isthmus.world.translating import rendering_folder, word_list_file

KEYS = {
    "study": "sketch",
    "question": "what?",
    "model": {"name": "org/encoder", "revision": "r1"},
    "data": "world",
    "seeds": [1],
    "source": "en",
    "languages": "all",
    "targets": [{"task": "tatoeba", "layer": 1}],
    "recipe": {"learning_rate": 1e-4, "epochs": 2, "batch_examples": 8},
    "baselines": [],
}


@pytest.fixture
def world():
    return load_world()


def planned(world, translator, root=None, **stage):
    arms = {"a": [{"task": "commonsenseqa", "languages": ["en", "far"], "via": "translation", "max_examples": 30, **stage}]}
    study = Study.model_validate({**KEYS, "arms": arms, "translator": translator})
    return make_plan(study, world, {"data": str(root or world.root)})


def step_of(plan, kind):
    return next(step for step in plan if step.kind == kind)


def perform(step, folder):
    for name in ("out", "work"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    translate.run(Context(step, {}, folder / "out", folder / "work", lambda _: None, lambda: False))
    return folder / "out"


@pytest.mark.parametrize("translator", [{"kind": "exact"}, {"kind": "lexicon"}])
def test_training_reads_the_source_language_as_it_is_and_the_other_from_the_translation(world, translator, tmp_path):
    plan = planned(world, translator)
    made = perform(step_of(plan, "translate"), tmp_path)
    counts = json.loads((made / "translation.json").read_text())
    assert counts == {"examples": 30, "kept": 30, "dropped": {}, "answers": {}}
    train = step_of(plan, "train")
    inputs = {"translated/commonsenseqa/far": made}
    english, far = (read_training(record, train.places, inputs, 30) for record in train.settings["data"])
    assert [one.id for one in english] == [one.id for one in far]
    assert [one.label for one in english] == [one.label for one in far]
    assert not {one.question for one in english} & {one.question for one in far}


def test_before_anything_runs_what_is_to_be_translated_is_read_and_what_is_not_there_yet_is_not(world, tmp_path):
    plan = planned(world, {"kind": "lexicon"})
    check_data(plan)
    for kind in ("train", "translate"):
        step = step_of(plan, kind)
        with pytest.raises(UserError, match="train_rand_split"):
            check_data([replace(step, places={**step.places, "data": str(tmp_path)})])


def test_a_word_list_or_a_rendering_that_changed_since_the_plan_is_refused(world, tmp_path):
    for translator, place in (
        ({"kind": "lexicon"}, word_list_file(world.root, "far")),
        ({"kind": "exact"}, rendering_folder(world.root, "far") / "commonsenseqa/train_rand_split.jsonl"),
    ):
        step = step_of(planned(world, translator, tmp_path / "data"), "translate")
        copied = tmp_path / "data" / place.relative_to(world.root)
        copied.parent.mkdir(parents=True)
        english = tmp_path / "data/commonsenseqa/train_rand_split.jsonl"
        english.parent.mkdir(exist_ok=True)
        shutil.copy(world.root / "commonsenseqa/train_rand_split.jsonl", english)
        shutil.copy(place, copied)
        perform(step, tmp_path / translator["kind"])
        copied.write_text(copied.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        with pytest.raises(DataError, match="changed since this run was planned; run again"):
            perform(step, tmp_path / "again")


def test_a_model_that_changed_since_the_plan_is_refused(world, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model/config.json").write_text("{}")
    (tmp_path / "model/model.safetensors").write_bytes(b"")
    step = step_of(planned(world, {"kind": "seq2seq", "path": str(tmp_path / "model")}), "translate")
    (tmp_path / "model/config.json").write_text("{ }")
    with pytest.raises(DataError, match="this directory changed since this run was planned"):
        perform(step, tmp_path)
