"""A small study on a few sentences, the command line in this process, and steps that were never computed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from isthmus.cli import app
from isthmus.cli.opened import Opened, open_study
from isthmus.plan.step import Step
from isthmus.results.counts import write_counts
from isthmus.store.store import Store

STUDY = """\
study: small
question: Does it help?
data: data
model:
  pretrain:
    text: {en: [text/en.txt]}
    tokenizer: {vocab_size: 100}
    network: {model_type: bert, hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 32}
    seed: 1
    tokens: 1000
    batch_tokens: 100
    learning_rate: 0.001
seeds: [1, 2]
arms:
  none: []
  names: [panx]
targets: [udpos]
source: en
languages: all
recipe: {learning_rate: 0.001, steps: 2, batch_tokens: 100}
baselines: [majority]
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The study file, in a directory that is the current one; the cache is a directory of its own."""
    files = {f"udpos/{name}.tsv": f"{name}\tNOUN\nstands\tVERB\n\n" for name in ("train-en", "test-en", "test-de")}
    files |= {"panx/train-en.tsv": "Ana\tB-PER\nstands\tO\n\n", "text/en.txt": "A bridge stands on two banks.\n"}
    for name, text in files.items():
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text(text, "utf-8")
    file = tmp_path / "study.yaml"
    file.write_text(STUDY, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("ISTHMUS_STORE", raising=False)
    return file


@pytest.fixture
def isthmus() -> Callable[..., Result]:
    """A function that gives a command to the command line and returns its exit code, stdout and stderr."""

    def isthmus(*arguments: str) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return isthmus


@pytest.fixture
def opened(study: Path) -> Callable[[], Opened]:
    """A function that opens the study as it stands in its file and store."""
    return lambda: open_study(study, Path(".isthmus"))


@pytest.fixture
def keep() -> Callable[..., None]:
    """A function that commits an artifact nobody computed; each holds a score and the record of a training run.

    What predicts holds the tags of one sentence of two words; ``right`` adds counts: of nine spans, how
    many each example has right.
    """

    def keep(store: Store, step: Step, value: float = 50.0, right: Sequence[int] = ()) -> None:
        store.prepare()
        scratch = store.begin(step.id)
        scores = {"values": {"f1": value, "accuracy": value + 1}, "main": "f1", "n": 1, "labelled": True}
        (scratch.output / "scores.json").write_text(json.dumps(scores), "utf-8")
        if right:
            write_counts(scratch.output, {"span_f1": [(float(n), 9.0, 9.0) for n in right]})
        record = {"steps": 7, "tokens": 900, "losses": [[7, 0.5]], "collapses": [], "heads": {"tagging": "new"}}
        if step.kind in ("predict", "baseline"):
            (scratch.output / "predictions.jsonl").write_text('{"id": "0", "prediction": ["NOUN", "NOUN"]}\n', "utf-8")
        (scratch.output / "training.json").write_text(json.dumps(record), "utf-8")
        store.commit(step.id, scratch, step.payload, step.name, {})

    return keep


@pytest.fixture
def finished(opened: Callable[[], Opened], keep: Callable[..., None]) -> Opened:
    """The study with an artifact for every step."""
    found = opened()
    for step in found.plan:
        keep(found.store, step)
    return opened()
