"""Predicting, kind by kind, on a network of random weights: what lies beside the predictions, and labels nobody declared."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("end_to_end", "models")]

from small_world import small_study, write_world
from tiny_networks import one_thread, pieces_folder, still, write_encoder  # noqa: F401

from isthmus.core.errors import UserError
from isthmus.execution.context import Context
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory

RECIPE = {"learning_rate": 1e-2, "epochs": 25, "batch_examples": 8, "max_length": 48, "stride": 8}
CATEGORIES = {"dogs": "N", "sleep": "S\\NP", "the": "NP/N", "see": "(S\\NP)/NP", "foxes": "N"}


def write_mining(root, split, size, gold=True):
    """Write ``size`` German sentences, the first half of which stand on the English side too, last to first."""
    names, folder = [f"word{i} and word{i * i} by {i}" for i in range(size)], root / "bucc2018"
    folder.mkdir(exist_ok=True)
    english = [*reversed(names[: size // 2]), *(f"quite other {i}" for i in range(3))]
    (folder / f"de-en.{split}.de").write_text("".join(f"de-{i}\t{text}\n" for i, text in enumerate(names)))
    (folder / f"de-en.{split}.en").write_text("".join(f"en-{i}\t{text}\n" for i, text in enumerate(english)))
    if gold:
        pairs = "".join(f"de-{i}\ten-{size // 2 - 1 - i}\n" for i in range(size // 2))
        (folder / f"de-en.{split}.gold").write_text(pairs)


def write_supertags(root):
    sentences = ["the dogs sleep", "dogs see the foxes", "foxes sleep", "the foxes see dogs"] * 4
    text = "\n\n".join("\n".join(f"{word}\t{CATEGORIES[word]}" for word in s.split()) for s in sentences) + "\n"
    (root / "ccg").mkdir()
    (root / "ccg/train.tsv").write_text(text)
    (root / "ccg/test.tsv").write_text(text + "\ndogs\tN/UNSEEN\n")


def write_choices(root):
    (root / "xcopa").mkdir()
    for name, longest in (("train-en", 8), ("test-de", 6)):
        rows = [
            {"premise": f"the {a} " * n, "choice1": a, "choice2": b, "question": "cause", "label": 0, "idx": n}
            if n % 2
            else {"premise": f"the {a} " * n, "choice1": b, "choice2": a, "question": "cause", "label": 1, "idx": n}
            for n in range(1, longest + 1)
            for a, b in (("dog", "fox"), ("fox", "dog"))
        ]
        (root / f"xcopa/{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = write_world(tmp_path_factory.mktemp("world") / "data", 12)
    write_mining(root, "dev", 8)
    write_mining(root, "test", 10)
    write_supertags(root)
    write_choices(root)
    return root


@pytest.fixture(scope="module")
def encoder(tmp_path_factory, pieces_folder):  # noqa: F811
    return write_encoder(still(hidden_size=32), pieces_folder, tmp_path_factory.mktemp("network") / "encoder")


@pytest.fixture
def do(root, encoder, tmp_path):
    """Run a step of the plan of some targets, after its inputs, and return its output."""

    def run(plan, step):
        inputs = {role: run(plan, plan.steps[id_]) for role, id_ in step.inputs.items()}
        folder = tmp_path / step.id[:16]
        for name in ("out", "work"):
            (folder / name).mkdir(parents=True)
        action = importlib.import_module(f"isthmus.execution.actions.{step.kind}")
        action.run(Context(step, inputs, folder / "out", folder / "work", lambda _: None, lambda: False))
        return folder / "out"

    def planned(name, *targets, data=root):
        asked = {"model": {"path": str(encoder)}, "arms": {"none": []}, "seeds": [1], "recipe": RECIPE}
        plan = make_plan(small_study(data, targets=list(targets), **asked), Directory(data), {"data": str(data)})
        return run(plan, next(step for step in plan if step.name == f"none/seed 1/{name}"))

    return planned


def answers(folder):
    return [json.loads(line)["prediction"] for line in (folder / "predictions.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("layer", [0, 2, -1])
def test_retrieval_leaves_the_rows_of_every_layer_beside_those_of_the_one_asked_for(layer, do):
    made = do("tatoeba/de/predict", {"task": "tatoeba", "layer": layer})
    layers = json.loads((made / "layers.json").read_text())
    assert list(layers) == ["0", "1", "2"]
    assert {len(rows) for rows in layers.values()} == {6}
    assert answers(made) == layers["2" if layer == -1 else str(layer)]


def test_mining_finds_the_pairs_above_the_threshold_of_its_development_data(do):
    scored = do("bucc2018/de/score", {"task": "bucc2018", "layer": 0})
    scores = json.loads((scored / "scores.json").read_text())
    assert (scores["values"]["f1"], scores["main"], scores["n"]) == (100, "f1", 10)


def test_mining_leaves_the_threshold_it_tuned(do):
    made = do("bucc2018/de/predict", {"task": "bucc2018", "layer": 0})
    told = json.loads((made / "threshold.json").read_text())
    assert told["dev_f1"] == 100
    assert 0 < told["cosine"] <= 1
    assert answers(made) == [f"en-{4 - i}" for i in range(5)] + [""] * 5


def test_mining_without_gold_to_tune_on_is_the_users_mistake(do, tmp_path):
    for split in ("dev", "test"):
        (tmp_path / "data").mkdir(exist_ok=True)
        write_mining(tmp_path / "data", split, 8 if split == "dev" else 10, gold=split == "test")
    with pytest.raises(UserError, match="tuned on development data, whose gold pairs are missing"):
        do("bucc2018/de/predict", {"task": "bucc2018", "layer": 0}, data=tmp_path / "data")


def test_tags_that_no_task_declares_are_those_of_the_training_set(do):
    made = do("ccg/en/predict", {"task": "ccg"})
    found = answers(made)
    assert {tag for tags in found for tag in tags} == {"N", "S\\NP", "NP/N", "(S\\NP)/NP"}
    assert found[:2] == [["NP/N", "N", "S\\NP"], ["N", "(S\\NP)/NP", "NP/N", "N"]]
    assert len(found) == 17  # the last sentence has a tag that training never saw


def test_a_choice_is_learnt_and_answered_by_the_index_of_an_ending(do):
    scored = do("xcopa/de/score", {"task": "xcopa"})
    assert json.loads((scored / "scores.json").read_text())["values"]["accuracy"] == 100
