"""A model of one's own: what is written where, and what is refused; nothing is trained here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isthmus.execution.outcome import Outcome, Report, State
from isthmus.world.language import built_in

FILES = {"config.json": "{}", "model.safetensors": "weights"}


class Trained:
    """Stands in for the executor: the store gets an encoder of two files."""

    def __init__(self, state: State = State.DONE) -> None:
        self.state = state

    def run(self, plan, store, **options) -> Report:
        assert (options["jobs"], [step.kind for step in plan]) == (1, ["tokenizer", "pretrain"])
        store.prepare()
        for step in plan:
            if self.state is State.DONE and not store.has(step.id):
                scratch = store.begin(step.id)
                (scratch.output / "encoder").mkdir()
                for name, text in FILES.items():
                    (scratch.output / "encoder" / name).write_text(text, "utf-8")
                store.commit(step.id, scratch, step.payload, step.name, {})
        return Report(tuple(Outcome(step.id, step.name, self.state) for step in plan), 1.0)


@pytest.fixture
def spec(study, monkeypatch) -> Path:
    """A pretraining of the text of the small study, with nothing to train it."""
    monkeypatch.setattr("isthmus.cli.pretrain.EXECUTOR", Trained())
    text = study.read_text("utf-8")
    file = study.with_name("spec.yaml")
    file.write_text(
        "data: data\n" + text[text.index("  pretrain:") : text.index("seeds:")].replace("\n  ", "\n")[2:], "utf-8"
    )
    return file


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in folder.iterdir()}


def test_the_encoder_is_copied_out_of_the_store(isthmus, spec, tmp_path):
    told = isthmus("pretrain", "spec.yaml", "--out", "models/mine")
    assert told.exit_code == 0
    assert contents(tmp_path / "models/mine") == FILES
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["mine"]
    assert f"model: {{path: {tmp_path / 'models/mine'}}}" in told.stdout


def test_the_same_command_again_is_fine_and_writes_nothing(isthmus, spec, tmp_path):
    isthmus("pretrain", "spec.yaml", "--out", "mine")
    before = (tmp_path / "mine/config.json").stat().st_mtime_ns
    told = isthmus("pretrain", "spec.yaml", "--out", "mine", "--json")
    assert (told.exit_code, json.loads(told.stdout)["out"]) == (0, "mine")
    assert (tmp_path / "mine/config.json").stat().st_mtime_ns == before


def test_a_directory_with_something_else_in_it_is_refused_before_any_work(isthmus, spec, tmp_path, monkeypatch):
    monkeypatch.setattr("isthmus.cli.pretrain.EXECUTOR", None)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years", "utf-8")
    told = isthmus("pretrain", "spec.yaml", "--out", "mine")
    assert (told.exit_code, told.stderr) == (2, "error: mine is not empty; --out names a new directory\n")
    assert isthmus("pretrain", "spec.yaml", "--out", "spec.yaml").exit_code == 2
    assert contents(tmp_path / "mine") == {"thesis.txt": "years"}


def test_a_failed_training_writes_no_directory(isthmus, spec, tmp_path, monkeypatch):
    monkeypatch.setattr("isthmus.cli.pretrain.EXECUTOR", Trained(State.FAILED))
    assert isthmus("pretrain", "spec.yaml", "--out", "mine").exit_code == 1
    assert not (tmp_path / "mine").exists()


def test_missing_text_is_told_by_the_line_of_the_file(isthmus, spec):
    spec.write_text(spec.read_text("utf-8").replace("text/en.txt", "text/xn.txt"), "utf-8")
    told = isthmus("pretrain", "spec.yaml", "--out", "mine")
    assert told.exit_code == 2
    assert told.stderr.startswith("error: spec.yaml:3: pretrain.text.en: ")


def test_an_encoder_is_pretrained_on_the_world_which_is_laid_out_for_it(isthmus, spec, tmp_path, monkeypatch):
    for size in ("PARALLEL", "MATCHING", "MIXED"):
        monkeypatch.setattr(f"isthmus.world.sets.corpora.{size}", 30)
    text = (
        spec.read_text("utf-8").replace("data: data", "data: world").replace("text: {en: [text/en.txt]}", "folder: corpora")
    )
    spec.write_text(text, "utf-8")
    told = isthmus("pretrain", "spec.yaml", "--out", "mine")
    assert (told.exit_code, contents(tmp_path / "mine")) == (0, FILES)
    [corpora] = (tmp_path / "cache/isthmus/world").glob("*/corpora")
    assert {file.name for file in corpora.iterdir()} == {f"{name}.tsv" for name in (*built_in(), "mixed")}
    assert isthmus("pretrain", "spec.yaml", "--out", "mine").stdout.startswith("2 steps")
