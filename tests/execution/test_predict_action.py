"""Predicting, kind by kind, on a network of random weights: what lies beside the predictions, and labels nobody declared."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("end_to_end", "models")]

from small_world import small_study, write_world
from tiny_networks import one_thread, pieces_folder, still, write_encoder  # noqa: F401

from isthmus.core.errors import UserError
from isthmus.execution.context import Context
from isthmus.metrics.accuracy import value as accuracy
from isthmus.plan.planner import make_plan
from isthmus.results.counts import read_counts
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


def write_open_questions(root):
    """Write questions about dogs, every other of which has no dogs in its context."""
    (root / "squad_v2.0").mkdir()
    for name, size in (("train-v2.0", 24), ("dev-v2.0", 8), ("test-de", 6)):
        paragraphs = []
        for i in range(size):
            context = f"the fox can see {'dogs' if i % 2 else 'foxes'} and sleep"
            answers = [{"text": "dogs", "answer_start": context.index("dogs")}] if i % 2 else []
            entry = {"id": f"{i}", "question": "who ?", "answers": answers, "is_impossible": not answers}
            paragraphs.append({"context": context, "qas": [entry]})
        (root / f"squad_v2.0/{name}.json").write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = write_world(tmp_path_factory.mktemp("world") / "data", 12)
    write_mining(root, "dev", 8)
    write_mining(root, "test", 10)
    write_supertags(root)
    write_choices(root)
    write_open_questions(root)
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
        if folder.exists():
            return folder / "out"
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


def test_a_language_is_scored_at_the_layer_that_another_chose(do):
    target = {"task": "tatoeba", "layer": "chosen", "chosen_on": "de", "similarity": "csls"}
    chooser, scored = do("tatoeba/de/score", target), do("tatoeba/sw/score", target)
    told, scores = (json.loads((folder / "scores.json").read_text()) for folder in (chooser, scored))
    best = max(told["by_layer"], key=lambda layer: (told["by_layer"][layer]["accuracy"], -int(layer)))
    for one in (told, scores):
        assert (one["layer"], one["chosen_on"]) == (int(best), "de")
        assert one["values"] == one["by_layer"][best]
    predicted = do("tatoeba/sw/predict", target)
    assert answers(scored) == json.loads((predicted / "layers.json").read_text())[best]
    assert answers(predicted) == json.loads((predicted / "layers.json").read_text())["2"]
    [rows] = read_counts(scored).values()
    assert accuracy(rows.sum(0).tolist()) == scores["values"]


def test_a_layer_is_chosen_on_data_with_labels_for_data_without_and_never_the_other_way(do, root, tmp_path):
    data = shutil.copytree(root, tmp_path / "data")
    english = data / "tatoeba/de-en.en"
    english.write_text("".join(sorted(english.read_text().splitlines(keepends=True))))  # as XTREME withholds the answers
    target = {"task": "tatoeba", "layer": "chosen"}
    scored = do("tatoeba/de/score", target | {"chosen_on": "sw"}, data=data)
    scores = json.loads((scored / "scores.json").read_text())
    assert (scores["values"], scores["labelled"], scores["chosen_on"]) == ({}, False, "sw")
    predicted = do("tatoeba/de/predict", target | {"chosen_on": "sw"}, data=data)
    assert answers(scored) == json.loads((predicted / "layers.json").read_text())[str(scores["layer"])]
    with pytest.raises(UserError, match="the layer is to be chosen on 'de', whose data have no labels"):
        do("tatoeba/sw/score", target | {"chosen_on": "de"}, data=data)


def test_mining_finds_the_pairs_above_the_threshold_of_its_development_data(do):
    scored = do("bucc2018/de/score", {"task": "bucc2018", "layer": 0})
    scores = json.loads((scored / "scores.json").read_text())
    assert (scores["values"]["f1"], scores["main"], scores["n"]) == (100, "f1", 10)


def test_mining_leaves_the_threshold_it_tuned(do):
    made = do("bucc2018/de/predict", {"task": "bucc2018", "layer": 0})
    told = json.loads((made / "threshold.json").read_text())
    assert (told["layer"], told["dev_f1"]) == (0, {"0": 100})
    assert told["threshold"] > 0
    assert answers(made) == [f"en-{4 - i}" for i in range(5)] + [""] * 5


def test_mining_takes_the_layer_that_serves_its_development_data_best(do):
    target = {"task": "bucc2018", "layer": "chosen"}
    made, scored = do("bucc2018/de/predict", target), do("bucc2018/de/score", target)
    told, scores = json.loads((made / "threshold.json").read_text()), json.loads((scored / "scores.json").read_text())
    assert list(told["dev_f1"]) == ["0", "1", "2"]
    assert told["layer"] == max(range(3), key=lambda layer: (told["dev_f1"][str(layer)], -layer))
    assert (scores["layer"], scores["chosen_on"]) == (told["layer"], "dev")
    assert scores["dev_by_layer"] == {layer: {"f1": figure} for layer, figure in told["dev_f1"].items()}
    assert scores["values"]["f1"] == 100


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


def test_questions_without_an_answer_are_told_from_others_by_the_threshold_of_the_development_data(do):
    made = do("squad_v2/de/predict", {"task": "squad_v2"})
    told = json.loads((made / "threshold.json").read_text())
    assert told["dev_f1"] == 100
    assert [(one["null"] > 0, one["text"] == "dogs") for one in answers(made)] == [(True, False), (False, True)] * 3
    untuned = do("squad_v2/en/predict", {"task": "squad_v2", "splits": ["dev"]})  # begins with the same questions
    assert not (untuned / "threshold.json").exists()
    expected = [one["null"] - told["null"] for one in answers(untuned)[:6]]
    assert [one["null"] for one in answers(made)] == pytest.approx(expected, abs=1e-4)
    assert abs(told["null"]) > 0.01


def test_questions_without_an_answer_are_scored_with_and_without_one(do):
    values = json.loads((do("squad_v2/en/score", {"task": "squad_v2", "splits": ["dev"]}) / "scores.json").read_text())[
        "values"
    ]
    assert values["best_f1"] == 100 >= values["f1"] == (values["has_answer_f1"] + values["no_answer_accuracy"]) / 2
