"""A study on the world that comes with the package: it opens, is planned and reported like one on real data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from isthmus.cli.opened import Opened
from isthmus.world.language import built_in
from isthmus.world.source import ENCODERS, load_world

OWN = "name: own\nabout: mine\nlike: near\n"


@pytest.fixture
def small_corpora(monkeypatch):
    for size in ("PARALLEL", "MATCHING", "MIXED"):
        monkeypatch.setattr(f"isthmus.world.sets.corpora.{size}", 30)


@pytest.fixture
def on(study, small_corpora) -> Callable[[str], None]:
    """A function that puts the study on other data, with the corpora of a world to pretrain on."""

    def on(data: str) -> None:
        text = study.read_text("utf-8").replace("data: data", f"data: {data}")
        study.write_text(text.replace("text: {en: [text/en.txt]}", "folder: corpora"), "utf-8")

    return on


@pytest.fixture
def encoder(tmp_path, monkeypatch) -> Path:
    """A directory in the place of the encoder that comes with the package."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    config = {"model_type": "bert", "vocab_size": 90, "hidden_size": 16, "num_hidden_layers": 1, "intermediate_size": 32}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    monkeypatch.setitem(ENCODERS, "world", folder)
    return folder


def languages(opened: Opened) -> set[str]:
    return {cell.language for cell in opened.plan.cells}


def test_a_study_on_the_world_is_planned_in_all_its_languages_with_their_distances(on, opened, tmp_path):
    on("world")
    found = opened()
    assert languages(found) == set(built_in())
    assert found.distances == {name: far.whole for name, far in load_world().distances.items()}
    assert (found.distances["en"], found.distances["near"] < found.distances["far"]) == (0, True)
    assert Path(found.study.data).is_relative_to(tmp_path / "cache")
    step = next(step for step in found.plan if step.kind == "pretrain")
    assert set(step.settings["text"]) == {*built_in(), "mixed"}


def test_planning_again_changes_no_step(on, opened):
    on("world")
    assert list(opened().plan.steps) == list(opened().plan.steps)


def test_what_is_planned_is_told_and_no_store_is_made(isthmus, on, tmp_path):
    on("world")
    told = json.loads(isthmus("plan", "study.yaml", "--json").stdout)
    assert told["kinds"]["score"]["steps"] == (2 * 2 + 1) * len(built_in())
    assert not (tmp_path / ".isthmus").exists()


def test_data_in_a_directory_declare_no_distances(opened):
    assert opened().distances is None


@pytest.mark.parametrize("named", ["./world", "world/"])
def test_a_directory_called_world_can_still_be_named(named, study, opened, tmp_path):
    (tmp_path / "data").rename(tmp_path / "world")
    study.write_text(study.read_text("utf-8").replace("data: data", f"data: {named}"), "utf-8")
    found = opened()
    assert (found.study.data, found.distances) == (str(tmp_path / "world"), None)
    assert languages(found) == {"en", "de"}


def test_a_world_of_ones_own_is_planned_in_its_languages(on, opened, tmp_path):
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    (tmp_path / "my.yaml").write_text("languages: [en, own.yaml, far]\nseed: 3\n", "utf-8")
    on("my.yaml")
    found = opened()
    assert languages(found) == {"en", "own", "far"}
    assert found.distances["own"] == load_world().distances["near"].whole


def test_a_faulty_world_of_ones_own_is_one_error_with_its_own_file_and_line(isthmus, on, tmp_path):
    (tmp_path / "my.yaml").write_text("seed: 3\nlanguages: [en, farr]\n", "utf-8")
    on("my.yaml")
    told = isthmus("plan", "study.yaml")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "my.yaml:2: languages[1]: unknown language 'farr'; did you mean 'far'" in told.stderr


def test_the_model_that_comes_with_the_package_is_a_directory_like_any_other(study, opened, encoder):
    text = study.read_text("utf-8")
    study.write_text(f"{text[: text.index('model:')]}model: world\n{text[text.index('seeds:') :]}", "utf-8")
    found = opened()
    model = next(step for step in found.plan if step.kind == "model")
    assert model.places["path"] == found.study.model.path == str(encoder)
    study.write_text(study.read_text("utf-8").replace("model: world", "model: {path: shipped}"), "utf-8")
    assert list(opened().plan.steps) == list(found.plan.steps)


@pytest.mark.parametrize("command", ["report", "run"])
def test_the_page_of_a_study_on_the_world_has_its_languages_by_their_distance(command, isthmus, on, opened, keep, tmp_path):
    on("world")
    found = opened()
    for step in found.plan:
        keep(found.store, step, right=(3, 5, 7) if step.kind == "score" else ())
    assert isthmus(command, "study.yaml").exit_code == 0
    page = (tmp_path / "small-report.html").read_text("utf-8")
    assert "Languages are ordered by their declared distance from en, nearest first." in page
    told = re.findall(r"<title>([a-z]+), distance ([0-9.]+): ", page)
    assert {name for name, _ in told} == set(built_in())
    assert [float(far) for _, far in told] == sorted(float(far) for _, far in told)
