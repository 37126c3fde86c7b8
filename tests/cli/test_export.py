"""`isthmus export` as it is typed: what it writes, when it refuses, and how it says so."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from isthmus.plan.step import Step
from isthmus.store.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
sys.path.insert(0, str(Path(__file__).parents[1] / "efficiency"))

from models_to_export import checkpoint
from tiny_networks import one_thread, still, wordpiece_folder, write_encoder  # noqa: F401

ROWS = {
    "en": ["The quick brown fox jumps\tthe dog sleeps\tneutral", "She sells sea shells\tby the shore\tentailment"],
    "de": ["Der schnelle braune Fuchs\tder faule Hund\tneutral", "Die Stadt\tin Berlin\tcontradiction"],
}
BASE = ("--task", "xnli", "--data", "data", "--threads", "1", "--no-onnx", "--out", "small")


@pytest.fixture(scope="module")
def model(tmp_path_factory, wordpiece_folder):  # noqa: F811
    root = tmp_path_factory.mktemp("model")
    encoder = write_encoder(still("bert", num_hidden_layers=1), wordpiece_folder, root / "plain")
    return checkpoint("classification", encoder, root / "nli")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A current directory with data of xnli: test sets in English and German, a stripped one in French."""
    (tmp_path / "data/xnli").mkdir(parents=True)
    for language, rows in ROWS.items():
        (tmp_path / f"data/xnli/test-{language}.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    (tmp_path / "data/xnli/dev-en.tsv").write_text("Nobody knows\teverybody asks\tcontradiction\n", "utf-8")
    (tmp_path / "data/xnli/test-fr.tsv").write_text("Bonjour\ttout le monde\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("ISTHMUS_STORE", raising=False)
    return tmp_path


def test_a_folder_is_written_and_the_scores_before_and_after_are_shown(isthmus, place, model):
    told = isthmus("export", str(model), "--languages", "en, de,en", *BASE)
    assert told.exit_code == 0, told.stderr
    assert "accuracy before" in told.stdout
    assert "written to small, with its model card, README.md\n" in told.stdout
    assert told.stderr.splitlines()[0] == "reading the data"
    assert {"README.md", "config.json", "labels.json", "tokenizer.json"} <= {
        file.name for file in (place / "small").iterdir()
    }
    card = (place / "small/README.md").read_text("utf-8")
    assert "| en | test | 2 |" in card
    assert "| de | test | 2 |" in card
    assert "- checkpoint: nli" in card


def test_as_json_it_is_one_document(isthmus, place, model):
    told = isthmus("export", str(model), "--languages", "en", "--examples", "1", *BASE, "--json")
    found = json.loads(told.stdout)
    assert (told.exit_code, told.stderr, found["written"], found["metric"]) == (0, "", "small", "accuracy")
    assert found["languages"]["en"]["examples"] == 1
    assert found["languages"]["en"]["too_much"] is False
    assert found["changes"][0]["languages"] == ["en"]


def test_the_split_that_is_asked_for_is_scored(isthmus, place, model):
    told = isthmus("export", str(model), "--languages", "en", "--split", "dev", *BASE)
    assert told.exit_code == 0
    assert "| en | dev | 1 |" in (place / "small/README.md").read_text("utf-8")


def test_a_loss_that_is_too_large_ends_in_1_with_the_table_and_without_a_folder(isthmus, place, model, monkeypatch):
    from isthmus.efficiency import deployable

    monkeypatch.setattr(deployable, "texts_of", lambda example: ["a b c d"])  # so hardly a piece is kept
    (place / "data/xnli/test-en.tsv").write_text("\n".join(_right(model, ROWS["en"])) + "\n", "utf-8")
    arguments = ("export", str(model), "--languages", "en", *BASE, "--max-loss", "0")
    told = isthmus(*arguments)
    assert told.exit_code == 1
    assert "too much" in told.stdout
    assert told.stderr.splitlines()[-1] == "nothing was written: en would lose more than --max-loss 0 points"
    assert sorted(file.name for file in place.iterdir() if file.name != "cache") == ["data"]
    assert json.loads(isthmus(*arguments, "--json").stdout)["written"] is None


def _right(model, rows):
    """Thirty rows with the label that the model gives, so that whatever changes is a loss."""
    from models_to_export import answered

    from isthmus.sources.example import TextPair

    words = " ".join(" ".join(row.split("\t")[:2]) for row in rows).split()
    pairs = [(" ".join(words[i:]), " ".join(words[:i])) for i in range(1, len(words))]
    found = answered(model, [TextPair("", *pair, None) for pair in pairs])
    assert len(set(found)) > 1
    return [f"{first}\t{second}\t{label}" for (first, second), label in zip(pairs, found, strict=True)]


@pytest.mark.parametrize(
    ("languages", "more", "said"),
    [
        ("sw", (), "no test or dev sentences of xnli in 'sw'; known: de, en, fr"),
        ("en,,dee", (), "no test or dev sentences of xnli in 'dee'; did you mean 'de'?"),
        (" , ", (), "--languages: found ' , '; expected languages with commas between them, as en,de"),
        ("de", ("--split", "dev"), "no dev sentences of xnli in 'de'; known: en"),
        ("fr", (), "1 of 1 test examples of xnli in 'fr' have no labels"),
        ("en", ("--task", "udpos"), "its head is not for udpos: found one of kind classification, expected tagging"),
        ("en", ("--task", "tatoeba"), "tatoeba compares sentence vectors; no checkpoint has a head for it"),
        ("en", ("--max-loss", "-0.5"), "--max-loss: found -0.5; expected points that a language may lose, 0 or more"),
        ("en", ("--int8",), "--int8 goes with --onnx"),
        ("en", ("--arm", "none"), "--arm goes with a study"),
        ("en", ("--out", "data"), "data is not empty; --out names a new directory"),
        ("en", ("--out", "data/xnli/test-en.tsv/small"), "small cannot be written (Not a directory)"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_written(isthmus, place, model, languages, more, said):
    told = isthmus("export", str(model), "--languages", languages, *BASE, *more)
    last = told.stderr.splitlines()[-1]
    assert (told.exit_code, last.startswith("error: "), said in last) == (2, True, True), told.stderr
    assert not (place / "small").exists()
    assert len(list((place / "data/xnli").iterdir())) == 4


def test_a_folder_without_a_trained_model_is_refused(isthmus, place):
    told = isthmus("export", "data", "--languages", "en", *BASE)
    assert told.exit_code == 2
    assert "error: data: no trained model" in told.stderr
    assert isthmus("export", "nothing", "--languages", "en", *BASE).exit_code == 2


def test_the_card_of_a_step_in_the_store_says_what_it_was_made_from(isthmus, place, model):
    store = Store(place / ".isthmus")
    store.prepare()
    base = Step("model", {"origin": "hub", "name": "someone/encoder", "revision": "abc"}, name="model")
    data = [{"task": "mnli", "language": "en", "split": "train", "digest": "0"}]
    recipe = {"max_length": 32, "stride": 8, "precision": "fp32"}
    trained = Step(
        "train", {"family": "encoder", "recipe": recipe, "seed": 3, "data": data}, {"model": base.id}, "nli/seed 3/xnli"
    )  # fmt: skip
    for step in (base, trained):
        scratch = store.begin(step.id)
        shutil.copytree(model, scratch.output, dirs_exist_ok=True)
        store.commit(step.id, scratch, step.payload, step.name, {})
    options = [option for option in BASE if option not in ("--task", "xnli")]
    told = isthmus("export", trained.id[:10], "--languages", "en", *options)
    assert told.exit_code == 0, told.stderr
    card = (place / "small/README.md").read_text("utf-8")
    assert "base_model: someone/encoder" in card
    assert f"- trained: nli/seed 3/xnli ({trained.id[:12]}, seed 3)\n- base model: someone/encoder at abc" in card
    assert "longer than 32 sub-words" in card


def test_the_help_has_examples(isthmus):
    told = isthmus("export", "--help")
    assert told.exit_code == 0
    assert "isthmus export study.yaml" in told.stdout
    assert "--max-loss" in told.stdout
