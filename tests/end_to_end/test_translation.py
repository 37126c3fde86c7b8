"""A study that trains on translated data, through the real executor: shared, counted, told, the same ids in every arm."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
import yaml
from runs import ISTHMUS, Bench

from isthmus.cli.opened import open_study

ENCODER = {
    "model_type": "bert",
    "hidden_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "max_position_embeddings": 100,
}
QA = {"task": "squad", "max_examples": 40}
STUDY = {
    "study": "translated",
    "question": "does translated training data help?",
    "data": "world",
    "seeds": [1],
    "source": "en",
    "languages": ["en", "near", "far"],
    "arms": {
        "none": [],
        "english": [QA],
        "translated": [QA | {"languages": ["near", "far"], "via": "translation"}],
        "mixed": [QA | {"languages": ["en", "near"], "via": "translation", "language_rates": {"en": 1, "near": 3}}],
        "mix": [
            {
                "mix": ["squad", "commonsenseqa", "mlm"],
                "rates": {"squad": 1, "commonsenseqa": 1, "mlm": 1},
                "languages": {"squad": ["near"], "commonsenseqa": ["en", "far"]},
                "max_examples": 40,
                "via": "translation",
                "recipe": {"early_stopping": None},
            }
        ],
    },
    "targets": [{"task": "xquad", "train_examples": 16, "max_examples": 8}],
    "recipe": {
        "learning_rate": 1e-3,
        "steps": 2,
        "batch_examples": 4,
        "max_length": 96,
        "stride": 16,
        "early_stopping": {"every": 1, "patience": 1, "examples": 4},
    },
    "baselines": [],
}


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A function that writes the study with a translator; its model has random weights and the world's tokenizer."""
    from isthmus.world.source import ENCODER as KNOWING

    folder = tmp_path_factory.mktemp("translated")

    def write(name, translator):
        (folder / name).mkdir()
        study = folder / name / "study.yaml"
        model = {"config": ENCODER, "tokenizer": str(KNOWING)}
        study.write_text(yaml.safe_dump({**STUDY, "model": model, "translator": translator}), encoding="utf-8")
        return Bench(folder / name, study)

    return write


def run(bench):
    """Run a study in this process's cache of the world, and return its exit status and what it printed."""
    words = [
        ISTHMUS,
        "run",
        str(bench.study),
        "--store",
        str(bench.folder / "store"),
        "--json",
        "--jobs",
        "2",
        "--threads",
        "1",
    ]
    done = subprocess.run(words, capture_output=True, text=True, env=dict(os.environ), check=False)
    return done.returncode, done.stdout


def examples_of(store, step):
    lines = (store.path(step.id) / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.slow
def test_a_study_trains_on_exactly_translated_data_with_the_ids_of_the_english(asked, monkeypatch):
    bench = asked("exact", {"kind": "exact"})
    status, told = run(bench)
    assert status == 0, told
    opened = open_study(bench.study, bench.folder / "store")
    assert not opened.todo
    made = {step.name: step for step in opened.plan if step.kind == "translate"}
    assert set(made) == {
        "translate/squad first 40/near",
        "translate/squad first 40/far",
        "translate/commonsenseqa first 40/far",
    }
    near, far = (examples_of(opened.store, made[f"translate/squad first 40/{language}"]) for language in ("near", "far"))
    assert [one["id"] for one in near] == [one["id"] for one in far] == [f"q{number}" for number in range(40)]
    assert all(one["context"][a["start"] :].startswith(a["text"]) for one in near + far for a in one["answers"])
    trained = next(step for step in opened.plan if step.name == "mixed/seed 1/stage 1 squad")
    record = json.loads((opened.store.path(trained.id) / "training.json").read_text())
    assert record["language_rates"] == {"en": 0.25, "near": 0.75}
    assert record["dev_scores"]
    words = [
        ISTHMUS,
        "report",
        str(bench.study),
        "--store",
        str(bench.folder / "store"),
        "--out",
        str(bench.folder / "page.html"),
    ]
    subprocess.run(words, check=True, capture_output=True, env=dict(os.environ))
    page = (bench.folder / "page.html").read_text(encoding="utf-8")
    assert "rendered by the world from the same meanings into near: 40 of 40 examples are kept" in page


@pytest.mark.slow
def test_a_study_trains_on_what_a_word_list_makes_of_its_data(asked):
    bench = asked("lexicon", {"kind": "lexicon", "noise": 0.1, "seed": 1})
    status, told = run(bench)
    assert status == 0, told
    opened = open_study(bench.study, bench.folder / "store")
    for step in opened.plan:
        if step.kind == "translate":
            counts = json.loads((opened.store.path(step.id) / "translation.json").read_text())
            assert counts["examples"] == 40
            assert counts["kept"] + sum(counts["dropped"].values()) == 40
            assert counts["kept"] == len(examples_of(opened.store, step)) > 30
