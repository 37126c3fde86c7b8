"""What stands for data and for a model: directories, the world that comes with the package, a world of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.core.errors import StudyError
from isthmus.study.load import load_pretraining, load_study
from isthmus.study.place import directories, place
from isthmus.study.shorthand import expand
from isthmus.study.spec import ModelSpec

DATA, MODEL = "data: data", "model: {name: some/model, revision: abc}"
PRETRAINING = """\
data: data
pretrain:
  folder: corpora
  tokenizer: {vocab_size: 8000}
  network: {model_type: bert}
  seed: 1
  tokens: 2000
  batch_tokens: 400
  learning_rate: 5e-4
"""
PYTHON = """\
from isthmus.study.spec import *
def study():
    return Study(
        study="small", question="Does it help?", model=ModelSpec(path="world"), data="world", seeds=[1],
        arms={"none": []}, targets=(Target(task="udpos"),), source="en", languages="all",
        recipe=Recipe(learning_rate=1e-5, epochs=2, batch_tokens=2048),
    )
"""


def refusal(path, load=load_study):
    with pytest.raises(StudyError) as caught:
        load(path)
    return str(caught.value)


def test_the_world_stands_for_data_and_for_a_model_and_is_no_directory(write):
    study = load_study(write((DATA, "data: world"), (MODEL, "model: world"))).study
    assert study.data == "world"
    assert study.model == ModelSpec(path="world")
    assert load_study(write((MODEL, "model: {path: world}"))).study.model == ModelSpec(path="world")


def test_a_python_study_names_the_world_as_a_yaml_study_does(write):
    study = load_study(write(text=PYTHON, name="study.py")).study
    assert (study.data, study.model.path) == ("world", "world")


@pytest.mark.parametrize("named", ["./world", "world/", "data/../world", "$HERE/world"])
def test_a_directory_called_world_is_named_as_any_path(named, write, tmp_path, monkeypatch):
    monkeypatch.setenv("HERE", str(tmp_path))
    (tmp_path / "world").mkdir()
    study = load_study(write((DATA, f"data: {named}"), (MODEL, f"model: {{path: {named}}}"))).study
    assert study.data == study.model.path == str(tmp_path / "world")


def test_a_directory_called_world_does_not_take_the_place_of_the_world(write, tmp_path):
    (tmp_path / "world").mkdir()
    assert load_study(write((DATA, "data: world"))).study.data == "world"


def test_a_tokenizer_called_world_is_a_directory(write, tmp_path):
    model = "model: {config: {model_type: bert}, tokenizer: world}"
    assert f"model.tokenizer: found 'world', expected a directory: {tmp_path / 'world'} is not there" in refusal(
        write((MODEL, model))
    )
    (tmp_path / "world").mkdir()
    assert load_study(write((MODEL, model))).study.model.tokenizer == str(tmp_path / "world")


@pytest.mark.parametrize("name", ["my.yaml", "my.yml"])
def test_a_yaml_file_as_data_declares_a_world(name, write, tmp_path):
    (tmp_path / name).write_text("languages: [en, near]\n")
    assert load_study(write((DATA, f"data: {name}"))).study.data == str(tmp_path / name)
    assert load_pretraining(write((DATA, f"data: {name}"), text=PRETRAINING)).spec.data == str(tmp_path / name)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("data: gone.yaml", "data: found 'gone.yaml', expected a directory: {folder}/gone.yaml is not there"),
        ("data: notes.txt", "data: found 'notes.txt', expected a directory: {folder}/notes.txt is a file"),
        ("data: World", "data: found 'World', expected a directory: {folder}/World is not there"),
    ],
)
def test_what_is_neither_world_nor_directory_is_refused_with_its_line(new, said, write, tmp_path):
    (tmp_path / "notes.txt").write_text("no")
    path = write((DATA, new))
    assert refusal(path).startswith(f"{path}:4: {said.format(folder=tmp_path)}")
    assert said.format(folder=tmp_path) in refusal(write((DATA, new), text=PRETRAINING), load_pretraining)


def test_a_yaml_file_is_no_model(write, tmp_path):
    (tmp_path / "my.yaml").write_text("languages: [en, near]\n")
    said = f"model.path: found 'my.yaml', expected a directory: {tmp_path / 'my.yaml'} is a file"
    assert said in refusal(write((MODEL, "model: {path: my.yaml}")))


def test_a_model_by_a_bare_name_other_than_world_is_refused_as_before(write):
    assert "model: found 'wrold', expected a mapping (key: value)" in refusal(write((MODEL, "model: wrold")))


def test_a_pretraining_may_be_on_the_world(write):
    assert load_pretraining(write((DATA, "data: world"), text=PRETRAINING)).spec.data == "world"


def test_writing_a_short_form_out_changes_nothing_of_what_was_read():
    given = {"model": "world", "arms": {"nli": ["mnli"]}, "targets": ["udpos", {"task": "panx"}], "data": "world"}
    full = expand(given, Path())
    assert full["model"] == {"path": "world"}
    assert full["arms"] == {"nli": [{"task": "mnli"}]}
    assert full["targets"] == [{"task": "udpos"}, {"task": "panx"}]
    assert full["data"] == "world"
    assert (given["model"], given["targets"][0]) == ("world", "udpos")


def test_directories_are_looked_for_and_the_world_is_not(tmp_path):
    found, faults = directories({"data": "world", "model.path": "world", "model.tokenizer": None}, tmp_path)
    assert (found, faults) == ({"data": "world", "model.path": "world", "model.tokenizer": None}, [])


def test_data_may_be_the_hub_and_a_model_may_not(write):
    assert load_study(write((DATA, "data: hub"))).study.data == "hub"
    assert "model.path: found 'hub', expected a directory" in refusal(write((MODEL, "model: {path: hub}")))


def test_a_directory_for_what_the_hub_lacks_need_not_be_there(tmp_path, monkeypatch):
    assert place("local", "later", tmp_path) == str(tmp_path / "later")
    monkeypatch.setenv("ELSEWHERE", str(tmp_path))
    assert place("local", "$ELSEWHERE/later", Path("anywhere")) == str(tmp_path / "later")


def test_a_directory_for_what_the_hub_lacks_is_no_file_and_no_unset_variable(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.delenv("NOT_SET", raising=False)
    with pytest.raises(StudyError, match="is a file"):
        place("local", "file", tmp_path)
    with pytest.raises(StudyError, match="NOT_SET is not set"):
        place("local", "$NOT_SET/data", tmp_path)
