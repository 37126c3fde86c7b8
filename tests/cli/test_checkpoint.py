"""What CHECKPOINT may be, what is found out without being said, and one clear error for everything that it is not."""

from __future__ import annotations

import json

import pytest

from isthmus.cli.checkpoint import Wanted, choose
from isthmus.cli.opened import open_study
from isthmus.core.errors import SetupError, UnknownName, UserError
from isthmus.plan.step import Step
from isthmus.sources.directory import Directory
from isthmus.sources.hub import Hub
from isthmus.store.store import Store
from isthmus.tasks.task import load_task

NLI = {"kind": "classification", "labels": ["entailment", "contradiction", "neutral"]}
TAGS = {"kind": "tagging", "labels": ["NOUN", "VERB"]}
HUB_XNLI = Wanted(task="xnli", data="hub")
RECIPE = {"max_length": 96, "stride": 16, "precision": "bf16"}


def fill(folder, head=NLI, positions=130, **heads):
    """Write what is looked at of a trained directory: no network."""
    (folder / "encoder").mkdir(parents=True)
    (folder / "encoder/config.json").write_text(json.dumps({"max_position_embeddings": positions}), "utf-8")
    for name, record in {"": head, **{f"heads/{name}": own for name, own in heads.items()}}.items():
        if record:
            (folder / name).mkdir(parents=True, exist_ok=True)
            (folder / name / "head.json").write_text(json.dumps(record), "utf-8")
    return folder


def kept(store, settings, *, kind="train", inputs=None, name="none/seed 1/xnli", **contents):
    """Commit a step that trained or changed a model."""
    store.prepare()
    step = Step(kind, settings, inputs or {}, name)
    scratch = store.begin(step.id)
    fill(scratch.output, **contents)
    store.commit(step.id, scratch, step.payload, step.name, {})
    return step.id


def trained(task="mnli", digest="0", **more):
    data = [{"task": task, "language": "en", "split": "train", "digest": digest}]
    return {"family": "encoder", "kind": "classification", "data": data, "recipe": RECIPE, "seed": 1, **more}


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Store(tmp_path / ".isthmus")


def refused(error, *given):
    with pytest.raises(error) as caught:
        choose(*given)
    return str(caught.value)


def test_a_trained_directory_needs_a_task_and_data_and_has_windows_that_fit(tmp_path):
    folder = fill(tmp_path / "mine")
    chosen = choose(str(folder), tmp_path, HUB_XNLI)
    assert (chosen.name, chosen.folder, chosen.head, chosen.step) == ("mine", folder, folder, "")
    assert chosen.labels == ("entailment", "contradiction", "neutral")
    assert (chosen.max_length, chosen.stride) == (128, 32)
    assert chosen.languages()["sw"] == "test"
    assert "task" in refused(SetupError, str(folder), tmp_path, Wanted(data="hub"))
    assert "--data does" in refused(SetupError, str(folder), tmp_path, Wanted(task="xnli"))


def test_long_inputs_keep_the_windows_of_the_recipes(tmp_path):
    chosen = choose(str(fill(tmp_path / "m", positions=514)), tmp_path, HUB_XNLI)
    assert (chosen.max_length, chosen.stride) == (256, 64)


@pytest.mark.parametrize(
    ("head", "task", "told"),
    [
        (TAGS, "xnli", "found one of kind tagging, expected classification"),
        ({"kind": "classification", "labels": ["a", "b"]}, "xnli", "found the labels a, b, expected"),
        (None, "xnli", "no head, so nothing that answers xnli"),
        (NLI, "tatoeba", "tatoeba compares sentence vectors"),
    ],
)
def test_a_checkpoint_without_a_head_for_the_task_is_told_why(tmp_path, head, task, told):
    folder = fill(tmp_path / "m", head=head)
    assert told in refused(UserError, str(folder), tmp_path, Wanted(task=task, data="hub"))


def test_a_damaged_head_is_named_by_its_file(tmp_path):
    folder = fill(tmp_path / "m")
    (folder / "head.json").write_text('{"kind": "classification"', "utf-8")
    assert "m/head.json: no head can be read" in refused(SetupError, str(folder), tmp_path, HUB_XNLI)


def test_a_folder_that_is_no_trained_model_is_told_what_it_holds(tmp_path):
    folder = fill(tmp_path / "m")
    assert "an encoder without a head" in refused(SetupError, str(folder / "encoder"), tmp_path, HUB_XNLI)
    assert f"the trained model is {folder}" in refused(SetupError, str(folder / "encoder"), tmp_path, HUB_XNLI)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/todo.txt").touch()
    assert "expected encoder/, head.json and its weights, found todo.txt" in refused(
        SetupError, str(tmp_path / "notes"), tmp_path, HUB_XNLI
    )


@pytest.mark.parametrize("given", ["nowhere", "abc", "xlm-roberta-base"])
def test_what_is_nothing_of_all_that_is_told_what_it_may_be(store, given):
    assert "neither a directory, nor a study" in refused(SetupError, given, store.root, Wanted())


def test_an_id_or_its_beginning_is_looked_up_in_the_store(store):
    id_ = kept(store, trained())
    for given in (id_, id_[:8], str(store.path(id_))):
        chosen = choose(given, store.root, Wanted(data="hub"))
        assert (chosen.step, chosen.folder, chosen.task.name) == (id_, store.path(id_), "xnli")
        assert (chosen.max_length, chosen.stride, chosen.precision) == (96, 16, "bf16")


def test_a_step_that_is_named_after_no_task_is_for_the_one_it_was_trained_on(store):
    id_ = kept(store, trained(), name="nli/seed 1/stage 1 of it")
    assert choose(id_, store.root, Wanted(data="hub")).task.name == "mnli"
    assert choose(id_, store.root, HUB_XNLI).task.name == "xnli"


def test_data_of_the_hub_are_recognised_by_what_was_trained_on(store):
    digest = Hub().fingerprint(load_task("mnli").files, "en", "train").digest
    chosen = choose(kept(store, trained(digest=digest)), store.root, Wanted())
    assert isinstance(chosen.source, Hub)


def test_data_in_a_directory_have_to_be_named(store, tmp_path):
    id_ = kept(store, trained(task="udpos", kind="tagging"), name="none/seed 1/udpos", head=TAGS)
    assert "does not say where its data lie; --data does" in refused(SetupError, id_, store.root, Wanted())
    (tmp_path / "data/udpos").mkdir(parents=True)
    (tmp_path / "data/udpos/test-de.tsv").write_text("Haus\tNOUN\n\nsteht\tVERB\n\n", "utf-8")
    labels = load_task("udpos").labels
    other = kept(store, trained(task="udpos", seed=2), name="none/seed 2/udpos", head={"kind": "tagging", "labels": labels})
    chosen = choose(other, store.root, Wanted(data="data"))
    assert isinstance(chosen.source, Directory)
    assert [example.words for example in chosen.examples("de", 1)] == [("Haus",)]
    with pytest.raises(UserError, match="no test or dev sentences of udpos in 'dee'; did you mean 'de'"):
        chosen.examples("dee")
    assert "--data" in refused(SetupError, other, store.root, Wanted(data="nowhere"))


def test_a_variant_is_what_its_training_run_was_for_until_that_is_gone(store):
    before = kept(store, trained())
    id_ = kept(store, {"change": "bf16", "family": "encoder"}, kind="variant", inputs={"model": before}, name="a/b/bf16")
    chosen = choose(id_, store.root, Wanted(data="hub"))
    assert (chosen.step, chosen.task.name, chosen.max_length) == (id_, "mnli", 96)
    store.discard(before)
    assert "--task does" in refused(SetupError, id_, store.root, Wanted(data="hub"))
    assert choose(id_, store.root, HUB_XNLI).max_length == 256


def test_an_id_that_fits_none_is_answered_with_those_that_could_be_meant(store):
    id_ = kept(store, trained())
    wrong = f"{'0' if id_[0] != '0' else '1'}{id_[1:12]}"
    told = refused(SetupError, wrong, store.root, HUB_XNLI)
    assert f"begins with {wrong}" in told
    assert id_[:12] in told


def test_a_beginning_that_fits_several_asks_for_more_of_it(store, monkeypatch):
    ids = [kept(store, trained(seed=seed)) for seed in (1, 2)]
    monkeypatch.setattr(Store, "ids", lambda _: iter([f"abcd{id_}" for id_ in ids]))
    monkeypatch.setattr(Store, "manifest", lambda _, id_: type("M", (), {"name": id_[4:8]}))
    assert "2 steps" in (told := refused(SetupError, "abcd", store.root, HUB_XNLI))
    assert all(id_[:4] in told for id_ in ids)


def test_steps_that_made_no_trained_model_are_refused_by_their_kind(store):
    id_ = kept(store, {"origin": "path"}, kind="model", head=None)
    assert "an encoder without a head" in refused(SetupError, id_, store.root, HUB_XNLI)
    step = Step("score", {"kind": "classification"}, {}, "none/score")
    scratch = store.begin(step.id)
    (scratch.output / "scores.json").touch()
    store.commit(step.id, scratch, step.payload, step.name, {})
    assert "is a step of kind score; expected train or variant" in refused(SetupError, step.id, store.root, HUB_XNLI)


def test_of_a_mix_the_head_of_the_task_is_taken(store):
    streams = {"streams": [{"data": trained()["data"]}], "recipe": RECIPE, "family": "encoder"}
    id_ = kept(store, streams, name="m/seed 1/stage 1 mnli+udpos", head=None, mnli=NLI, panx=TAGS)
    assert choose(id_, store.root, HUB_XNLI).head == store.path(id_) / "heads/mnli"
    assert "--task does" in refused(SetupError, id_, store.root, Wanted(data="hub"))
    assert "no head of its mix would do for pawsx" in refused(UserError, id_, store.root, Wanted(task="pawsx", data="hub"))
    two = kept(store, {**streams, "seed": 2}, name="m", head=None, one=NLI, two=NLI)
    assert "several heads of its mix" in refused(UserError, two, store.root, HUB_XNLI)


def test_an_unknown_task_is_answered_with_the_nearest(tmp_path):
    assert "xnli" in refused(UnknownName, str(fill(tmp_path / "m")), tmp_path, Wanted(task="xnl", data="hub"))


def test_what_a_study_trains_is_found_by_arm_target_and_seed(study, opened):
    cells = {(cell.arm, cell.seed): cell for cell in opened().plan.cells}
    steps = opened().plan.steps
    predicted = steps[steps[cells["names", 2].step].inputs["predictions"]]
    store, id_ = opened().store, predicted.inputs["model"]
    store.prepare()
    scratch = store.begin(id_)
    fill(scratch.output, head={"kind": "tagging", "labels": load_task("udpos").labels})
    store.commit(id_, scratch, steps[id_].payload, steps[id_].name, {})
    chosen = choose(str(study), store.root, Wanted(arm="names", seed=2))
    assert (chosen.step, chosen.arm, chosen.seed, chosen.task.name) == (id_, "names", 2, "udpos")
    assert (chosen.name, chosen.language, list(chosen.languages())) == ("names/seed 2/udpos", "en", ["de", "en"])
    assert chosen.max_length == predicted.settings["max_length"]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Wanted(arm="names", seed=1), "names/seed 1/udpos is not in the store .isthmus yet; `isthmus run"),
        (Wanted(seed=1), "--arm says which; known: none, names"),
        (Wanted(arm="names"), "--seed says which; known: 1, 2"),
        (Wanted(arm="nams", seed=1), "the study has no 'nams'; did you mean 'names'?"),
        (Wanted(arm="names", seed=3), "the study has no '3'"),
        (Wanted(arm="names", seed=1, target="panx"), "the study has no 'panx'; known: udpos"),
        (Wanted(arm="names", seed=1, variant="int8"), "--variant: the study has no 'int8'"),
        (Wanted(arm="names", seed=1, task="udpos"), "--task: study.yaml says it"),
        (Wanted(arm="names", seed=1, data="hub"), "--data: study.yaml says it"),
    ],
)
def test_what_a_study_does_not_have_is_told_with_what_it_has(study, wanted, told):
    assert told in refused(
        SetupError, "study.yaml", open_study(study, study.with_name(".isthmus")).store.root, wanted
    ).replace(str(study.parent) + "/", "")


@pytest.mark.parametrize("option", [{"arm": "none"}, {"target": "udpos"}, {"seed": 1}, {"model": "small"}])
def test_options_of_a_study_are_refused_beside_a_directory(tmp_path, option):
    folder = fill(tmp_path / "m")
    (name,) = option
    assert f"--{name} goes with a study" in refused(
        SetupError, str(folder), tmp_path, Wanted(task="xnli", data="hub", **option)
    )
