"""The light half of the house stays light: asking what would be done never loads a deep-learning library.

Loaded modules are counted, in a fresh interpreter; no time is asserted, since a busy machine would make that a lottery.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from isthmus.cli.opened import open_study
from isthmus.plan.graph import Plan
from isthmus.results.counts import write_counts
from isthmus.store.store import Store

HEAVY = ("pyarrow", "torch", "transformers", "datasets", "tokenizers", "accelerate")

RUN_COMMAND = """
import json, sys
from isthmus.cli import main
try:
    main()
except SystemExit as end:
    if end.code:
        raise
print()
print(json.dumps(sorted(sys.modules)))
"""

IMPORT_EACH = """
import importlib, json, sys
heavy, names, found = set(sys.argv[1].split(",")), sys.argv[2:], {}
for name in names:
    before = heavy & set(sys.modules)
    importlib.import_module(name)
    if new := (heavy & set(sys.modules)) - before:
        found[name] = sorted(new)
print(json.dumps(found))
"""

STUDY = """
study: light
question: Does planning load a deep-learning library?
data: {data}
model:
  pretrain:
    text: {{en: [text/en.txt]}}
    tokenizer: {{vocab_size: 100}}
    network: {{model_type: bert, hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 32}}
    seed: 1
    tokens: 1000
    batch_tokens: 100
    learning_rate: 0.001
seeds: [1]
arms:
  none: []
targets:
  - {{task: udpos}}
source: en
languages: all
recipe: {{learning_rate: 0.001, steps: 2, batch_tokens: 100}}
"""


WORLD = """
study: light-world
question: Does rendering the world load a deep-learning library?
data: world
model: {path: encoder}
seeds: [1]
arms:
  none: []
  nli: [mnli]
targets: [udpos, xquad, {task: tatoeba, layer: 1}]
source: en
languages: [en, near]
recipe: {learning_rate: 0.001, steps: 2, batch_tokens: 100}
baselines: [majority, bag]
"""
HUB = WORLD.replace("light-world", "light-hub").replace("data: world", "data: hub").replace("[en, near]", "[en, de]")
SCORES = {"values": {"accuracy": 50.0, "f1": 50.0}, "main": "accuracy", "n": 1, "labelled": True}


def in_fresh_interpreter(code: str, *arguments: str, folder: Path | None = None):
    """Run code in an interpreter of its own and return the JSON on its last line."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("ISTHMUS_")}
    env |= {"XDG_CACHE_HOME": str(folder / "cache")} if folder else {}
    command = [sys.executable, "-c", code, *arguments]
    ended = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A small study on a small data directory in the official layout."""
    (tmp_path / "data/udpos").mkdir(parents=True)
    (tmp_path / "data/text").mkdir()
    for name in ("train-en", "dev-en", "test-en", "test-de"):
        (tmp_path / f"data/udpos/{name}.tsv").write_text(f"A\tDET\n{name}\tNOUN\n\nStand\tVERB\n\n", "utf-8")
    (tmp_path / "data/text/en.txt").write_text("A bridge stands on two banks.\n" * 20, "utf-8")
    file = tmp_path / "study.yaml"
    file.write_text(STUDY.format(data=tmp_path / "data"), "utf-8")
    return file


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A small study on the world."""
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder/config.json").write_text('{"model_type": "bert", "hidden_size": 16}', "utf-8")
    file = tmp_path / "world.yaml"
    file.write_text(WORLD, "utf-8")
    file.with_name("hub.yaml").write_text(HUB, "utf-8")
    return file


def fill(store: Path, plan: Plan) -> None:
    """Put into a store what nobody computed: predictions of the only sentence, a score with its counts."""
    kept = Store(store)
    kept.prepare()
    for step in plan:
        scratch = kept.begin(step.id)
        (scratch.output / "scores.json").write_text(json.dumps(SCORES), "utf-8")
        (scratch.output / "predictions.jsonl").write_text('{"id": "0", "prediction": ["NOUN", "NOUN"]}\n' * 2, "utf-8")
        record = {"steps": 7, "tokens": 900, "losses": [[7, 0.5]], "collapses": [], "heads": {"tagging": "new"}}
        (scratch.output / "training.json").write_text(json.dumps(record), "utf-8")
        write_counts(scratch.output, {"token_accuracy": [(1.0, 2.0), (0.0, 1.0)]})
        kept.commit(step.id, scratch, step.payload, step.name, {})


LOOKING = ["--help", "list tasks", "plan STUDY", "status STUDY", "report STUDY", "plan WORLD", "plan HUB"]


@pytest.mark.parametrize("command", LOOKING)
def test_a_command_that_only_looks_loads_nothing_heavy(command, study, world):
    arguments = [
        {"STUDY": str(study), "WORLD": str(world), "HUB": str(world.with_name("hub.yaml"))}.get(word, word)
        for word in command.split()
    ]
    loaded = in_fresh_interpreter(RUN_COMMAND, *arguments, folder=study.parent)
    assert set(HEAVY) & set(loaded) == set()


@pytest.mark.parametrize("command", ["report STUDY", "show STUDY", "status STUDY", "run STUDY"])
def test_a_command_on_a_finished_study_loads_nothing_heavy(command, study, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(study.parent / "cache"))
    fill(study.parent / ".isthmus", open_study(study, study.parent / ".isthmus").plan)
    arguments = [str(study) if word == "STUDY" else word for word in command.split()]
    loaded = in_fresh_interpreter(RUN_COMMAND, *arguments, folder=study.parent)
    assert set(HEAVY) & set(loaded) == set()


def test_importing_a_light_room_or_an_action_loads_nothing_heavy(package, plan):
    rooms = {module: module.partition(".")[2].partition(".")[0] for module in package.trees}
    actions = {module for module in rooms if module.startswith("isthmus.execution.actions")}
    light = sorted(actions | {module for module, room in rooms.items() if room not in plan.heavy_rooms})
    assert {"isthmus", "isthmus.core.hashing", "isthmus.execution.actions"} <= set(light)
    assert in_fresh_interpreter(IMPORT_EACH, ",".join(HEAVY), *light) == {}


def test_the_probe_sees_a_heavy_library(tmp_path):
    (tmp_path / "datasets.py").write_text("", "utf-8")
    (tmp_path / "culprit.py").write_text("import datasets", "utf-8")
    assert in_fresh_interpreter(IMPORT_EACH, ",".join(HEAVY), "culprit", folder=tmp_path) == {"culprit": ["datasets"]}
