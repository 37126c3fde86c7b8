"""Identity: what is computed moves an id, how and where it is computed never does."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sketches import PRETRAINING, RECIPE, FakeSource, below, ids, names, plan, with_text
from small_world import small_study

from isthmus.plan import resolve
from isthmus.plan.planner import make_plan
from isthmus.plan.step import VERSIONS, Cost, Step
from isthmus.sources.directory import Directory
from isthmus.study.spec import Recipe
from isthmus.tasks.task import load_task

PINNED = {
    "tokenizer": "9d26339c8a9df1ae1595ba101b8611e1ea8fffe8506ed8d686f4c13549b20c20",
    "pretrain": "a61813bc24cfba7a7b99fb32d34dfed48e63010e759f06c494762d19ae4a0a32",
    "train": "9c005b7c48e51c0a8a07e6fdefa4c7612f7c9f58e92b57758c152c5f4207accc",
    "predict": "d1e351b91c4b20a1462bdedc778a6aee15cd3f02d06d93beb1f892a1f60ad909",
    "score": "9151caf6e0e34373184260e01bf2e0b173ce046ac2e143df750961cb7d60f451",
    "language_model": "b9a6656a89f0d222525d63dd4c2597186cf4d06a62eb7dd53ed44c1ff5e53ee8",
    "model": "7ef733e0dd856642b4d1d42a82109d3c3e438c63a113eb35bf5340fac3bb725d",
    "baseline": "9bccdaa6031d37c56f0535b75b479bca449e6a45f8785b1a62f957b82d79c267",
}


def planned(root, places=None, **changes):
    """Plan the small study on real files."""
    return make_plan(small_study(root, **changes), Directory(root), {"data": str(root), **(places or {})})


def test_the_ids_of_a_known_study_never_change_by_accident(tmp_path):
    """A failure means that every artifact anybody has would be computed again: raise VERSIONS only where that is meant."""
    first = {}
    for step in with_text(tmp_path):
        first.setdefault(step.kind, step.id)
    assert first == PINNED
    elsewhere = {"translate", "variant", "bench"}  # pinned in test_translating.py and test_varying.py
    assert first.keys() | elsewhere == VERSIONS.keys()


@given(st.text(), st.floats(0, 1e9), st.dictionaries(st.text(), st.text()))
def test_name_cost_and_places_are_not_part_of_the_identity(name, cost, places):
    bare = Step("predict", {"a": [1, 2.5, None]}, {"model": "x"})
    assert Step("predict", {"a": (1, 2.5, None)}, {"model": "x"}, name, Cost(cost, cost, cost), places).id == bare.id


def test_kind_settings_and_inputs_are_part_of_the_identity():
    step = Step("predict", {"a": 1}, {"model": "x"})
    others = [
        replace(step, kind="score"),
        replace(step, settings={"a": 2}),
        replace(step, settings={"a": 1, "b": None}),
        replace(step, inputs={"model": "y"}),
        replace(step, inputs={"predictions": "x"}),
    ]
    assert len({step.id, *(other.id for other in others)}) == 6


@pytest.mark.parametrize("kind", PINNED)
def test_a_new_version_of_an_action_moves_its_steps_and_what_hangs_on_them(kind, tmp_path, monkeypatch):
    before = with_text(tmp_path)
    monkeypatch.setitem(VERSIONS, kind, VERSIONS[kind] + 1)
    after = with_text(tmp_path)
    moved = set().union(*(below(before, step.id) for step in before if step.kind == kind))
    assert moved
    assert ids(before) - ids(after) == moved


def test_where_data_lie_how_they_are_packed_and_how_often_checkpoints_are_written_move_nothing(world, tmp_path):
    other = shutil.copytree(world, tmp_path / "elsewhere")
    for file in [file for file in other.rglob("*") if file.is_file()]:
        file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    asked = {"baselines": ["majority", "lexicon", "window", "bag", "untrained"]}
    here = planned(world, **asked)
    assert ids(here) == ids(planned(other, places={"checkpoint_seconds": 0.1}, **asked))
    assert {step.places["data"] for step in here if "data" in step.places} == {str(world)}


def test_what_a_study_is_called_and_asks_in_words_moves_nothing():
    arms = {"baseline": [], "names": [{"task": "panx"}]}
    renamed = plan(study="other", question="why?", arms=arms, groups={"kin": ["de"]}, languages=["en", "de", "sw"])
    assert ids(renamed) == ids(plan())


CHANGES = {
    "learning_rate": st.floats(1e-7, 1),
    "epochs": st.floats(0.1, 50),
    "steps": st.integers(1, 10**6),
    "batch_tokens": st.integers(1, 10**6),
    "batch_examples": st.integers(1, 1000),
    "max_length": st.integers(200, 1000),
    "stride": st.integers(1, 100),
    "warmup": st.floats(0, 0.9),
    "weight_decay": st.floats(0, 1),
    "clip": st.floats(0.1, 10),
    "precision": st.sampled_from(["fp32", "bf16"]),
    "early_stopping": st.builds(lambda every: {"every": every, "patience": 2}, st.integers(1, 100)),
    "restarts": st.integers(0, 5),
}
EITHER = {"epochs": "steps", "steps": "epochs", "batch_tokens": "batch_examples", "batch_examples": "batch_tokens"}


def test_the_changes_tried_are_those_of_every_key_of_a_recipe():
    assert CHANGES.keys() == Recipe.model_fields.keys()


@given(st.sampled_from(sorted(CHANGES)).flatmap(lambda key: st.tuples(st.just(key), CHANGES[key])))
def test_any_change_of_a_recipe_moves_every_training_run_and_all_that_hangs_on_them(change):
    key, value = change
    recipe = {k: v for k, v in RECIPE.items() if k != EITHER.get(key)} | {key: value}
    before, after = plan(), plan(recipe=recipe)
    if Recipe(**recipe) == Recipe(**RECIPE):
        assert ids(before) == ids(after)
    else:
        assert not ids(before, "train") & ids(after, "train")
        trained = set().union(*(below(before, id_) for id_ in ids(before, "train")))
        assert not trained & ids(after)
        assert ids(before, "model") == ids(after, "model")


def test_a_recipe_overridden_for_one_task_moves_only_its_training_runs_and_what_hangs_on_them():
    before, after = plan(), plan(overrides={"panx": {"learning_rate": 0.5}})
    moved = names(before, ids(before) - ids(after))
    assert any("panx-first/seed 1/udpos/sw" in name for name in moved)  # it hangs on the panx stage
    assert all("/panx" in name or name.startswith("panx-first") for name in moved)


PRETRAIN_CHANGES = {
    "network": PRETRAINING["network"] | {"hidden_size": 64},
    "seed": 2,
    "tokens": 2001,
    "batch_tokens": 201,
    "learning_rate": 2e-3,
    "max_length": 49,
    "alpha": 0.5,
    "tlm": 0.31,
    "pivot": "de",
    "mask": 0.2,
    "warmup": 0.1,
    "weight_decay": 0.0,
    "clip": 2.0,
    "precision": "bf16",
}
TOKENIZER_CHANGES = {"vocab_size": 161, "alpha": 0.6, "lowercase": True}


@pytest.mark.parametrize("key", PRETRAIN_CHANGES)
def test_any_change_of_a_pretraining_moves_it(key, tmp_path):
    before, after = with_text(tmp_path), with_text(tmp_path, **{key: PRETRAIN_CHANGES[key]})
    assert not ids(before, "pretrain") & ids(after, "pretrain")
    assert bool(ids(before, "tokenizer") & ids(after, "tokenizer")) == (key != "seed")


@pytest.mark.parametrize("key", TOKENIZER_CHANGES)
def test_any_change_of_a_tokenizer_moves_it_and_the_model_learnt_with_it(key, tmp_path):
    spec = PRETRAINING["tokenizer"] | {key: TOKENIZER_CHANGES[key]}
    before, after = with_text(tmp_path), with_text(tmp_path, tokenizer=spec)
    assert not ids(before, "tokenizer", "pretrain") & ids(after, "tokenizer", "pretrain")


def test_the_order_in_which_languages_of_text_are_named_moves_nothing(tmp_path):
    text = dict(reversed(PRETRAINING["text"].items()))
    assert ids(with_text(tmp_path, text=text)) == ids(with_text(tmp_path))


def test_the_revision_and_the_name_of_a_model_move_everything():
    before = plan()
    for model in ({"name": "org/encoder", "revision": "r2"}, {"name": "org/other", "revision": "r1"}):
        assert not ids(before) & ids(plan(model=model))


def test_other_training_data_move_the_runs_on_them():
    before = plan()
    after = plan(FakeSource({("panx/train-{language}.tsv", "en"): "new"}))
    moved = names(before, ids(before) - ids(after))
    assert {"none/seed 1/panx", "panx-first/seed 2/udpos/de/predict"} < moved
    assert not any(name.startswith("none/seed 1/udpos") for name in moved)


def test_other_test_data_move_only_their_predictions_and_scores():
    before = plan()
    after = plan(FakeSource({("udpos/test-{language}.tsv", "sw"): "new"}))
    moved = names(before, ids(before) - ids(after))
    assert moved == {
        f"{arm}/seed {seed}/udpos/sw/{kind}"
        for arm in ("none", "panx-first")
        for seed in (1, 2)
        for kind in ("predict", "score")
    }


def test_other_development_data_move_the_runs_that_stop_by_them_and_no_others():
    stopping = {"recipe": RECIPE | {"early_stopping": {"every": 5, "patience": 2}}}
    new = FakeSource({("udpos/dev-{language}.tsv", "en"): "new"})
    assert ids(plan()) == ids(plan(new))
    before, after = plan(**stopping), plan(new, **stopping)
    assert names(before, (ids(before) - ids(after)) & ids(before, "train")) == {
        f"{arm}/seed {seed}/udpos" for arm in ("none", "panx-first") for seed in (1, 2)
    }


@pytest.mark.parametrize(
    "change",
    [{"labels": ("NOUN", "VERB")}, {"metrics": ("token_accuracy",)}, {"main": "accuracy"}],
    ids=lambda c: next(iter(c)),
)
def test_other_labels_or_metrics_of_a_task_move_its_steps(change, monkeypatch):
    before = plan()
    monkeypatch.setattr(
        resolve, "load_task", lambda name: replace(load_task(name), **change) if name == "udpos" else load_task(name)
    )
    after = plan()
    moved = names(before, ids(before) - ids(after))
    assert moved
    assert all("/udpos" in name for name in moved)
    assert {name for name in moved if name.endswith("score")} == {
        step.name for step in before if step.kind == "score" and "/udpos/" in step.name
    }


@pytest.mark.parametrize(
    "change",
    [{"max_examples": 5}, {"layer": -1}, {"pooling": "first"}, {"splits": ["test", "dev"]}],
    ids=lambda c: next(iter(c)),
)
def test_what_a_target_is_asked_moves_its_predictions_unless_the_answer_is_the_same(change):
    def asked(**keys):
        return plan(targets=[{"task": "tatoeba", "layer": 1} | keys])

    same = bool(ids(asked(), "predict") & ids(asked(**change), "predict"))
    assert same == ("splits" in change)
