"""Ranking as a target: trained on SQuAD's sentences, judged in every language against one pool, which is encoded once."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("end_to_end", "models")]

from small_world import small_study, write_world
from tiny_networks import one_thread, pieces_folder, still, write_encoder  # noqa: F401

from isthmus.core.errors import StudyError
from isthmus.execution import loaded
from isthmus.execution.context import Context
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory

RECIPE = {"learning_rate": 5e-3, "epochs": 3, "batch_examples": 8, "max_length": 48, "stride": 8}
LANGUAGES = ("de", "en")


def write_xquad_r(root):
    """Put the world's XQuAD into the layout of XQuAD-R: two sentences a paragraph, each up to its full stop."""
    folder = root / "lareqa/xquad-r"
    folder.mkdir(parents=True)
    for language in LANGUAGES:
        tree = json.loads((root / f"xquad/xquad.{language}.json").read_text("utf-8"))
        for paragraph in tree["data"][0]["paragraphs"]:
            end = paragraph["context"].index(".") + 1
            paragraph["sentence_breaks"] = [[0, end], [end + 1, len(paragraph["context"])]]
        (folder / f"{language}.json").write_text(json.dumps(tree), "utf-8")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = write_world(tmp_path_factory.mktemp("world") / "data", 24)
    write_xquad_r(root)
    (root / "squad/dev-v1.1.json").write_text((root / "xquad/xquad.en.json").read_text("utf-8"))
    return root


@pytest.fixture(scope="module")
def planned(root, tmp_path_factory, pieces_folder):  # noqa: F811
    encoder = write_encoder(still(), pieces_folder, tmp_path_factory.mktemp("network") / "encoder")

    def plan(**changes):
        asked = {"model": {"path": str(encoder)}, "arms": {"none": []}, "seeds": [1], "recipe": RECIPE, **changes}
        return make_plan(small_study(root, **asked), Directory(root), {"data": str(root)})

    return plan


@pytest.fixture
def done(tmp_path):
    """Run all steps of a plan; return {name: output folder}."""

    def run(plan):
        made = {}
        for step in plan:
            folder = tmp_path / step.id[:16]
            for name in ("out", "work"):
                (folder / name).mkdir(parents=True)
            inputs = {role: tmp_path / id_[:16] / "out" for role, id_ in step.inputs.items()}
            action = importlib.import_module(f"isthmus.execution.actions.{step.kind}")
            action.run(Context(step, inputs, folder / "out", folder / "work", lambda _: None, lambda: False))
            made[step.name] = folder / "out"
        return made

    return run


def answers(folder):
    return [json.loads(line)["prediction"] for line in (folder / "predictions.jsonl").read_text().splitlines()]


def test_every_language_is_ranked_and_scored_against_one_pool_that_is_encoded_once(planned, done, monkeypatch):
    encoded = []

    def counting(model, candidates, *how):
        encoded.append(len(candidates))
        return own(model, candidates, *how)

    own = loaded.encode_pool
    monkeypatch.setattr(loaded, "encode_pool", counting)
    made = done(planned(targets=[{"task": "lareqa"}], baselines=["bag"]))
    assert encoded == [48]  # twelve paragraphs of two sentences in two languages
    for language in LANGUAGES:
        found = answers(made[f"none/seed 1/lareqa/{language}/predict"])
        assert [len(set(best)) for best in found] == [20] * 12
        scores = json.loads((made[f"none/seed 1/lareqa/{language}/score"] / "scores.json").read_text())
        assert (scores["main"], scores["n"], scores["labelled"]) == ("map", 12, True)
        bag = json.loads((made[f"baseline:bag/lareqa/{language}/score"] / "scores.json").read_text())
        assert all(0 < found["values"]["map"] < 100 for found in (scores, bag))


def test_early_stopping_looks_at_the_map_among_the_development_examples_own_answers(planned, done):
    stopping = {"every": 2, "patience": 9, "examples": 8}
    made = done(planned(targets=[{"task": "lareqa", "recipe": {"early_stopping": stopping}}], languages=["de"]))
    record = json.loads((made["none/seed 1/lareqa"] / "training.json").read_text())
    assert [step for step, _ in record["dev_scores"]] == [2, 4, 6, 8, 9]
    # Eight answers at most: the worst place of a right one is the eighth.
    assert all(100 / 8 <= score <= 100 for _, score in record["dev_scores"])


def test_an_intermediate_stage_ranks_too_and_its_head_is_new_for_the_target(planned, done):
    arms = {"first": [{"task": "squad_sentences"}]}
    made = done(planned(arms=arms, targets=[{"task": "lareqa", "max_examples": 3}], languages=["en"]))
    assert len(answers(made["first/seed 1/lareqa/en/predict"])) == 3


def test_a_task_of_another_kind_is_nothing_to_train_ranking_on(planned):
    with pytest.raises(StudyError, match=r"lareqa \(ranking\) cannot be trained on squad \(span\)"):
        planned(targets=[{"task": "lareqa", "train": "squad"}])
