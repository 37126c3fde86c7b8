"""The methods are those of the study at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.report.methods import methods
from isthmus.sources.directory import Directory
from isthmus.sources.hub import Hub
from isthmus.study.spec import ModelSpec, Stage, Target
from isthmus.tasks.task import load_task
from isthmus.world.source import load_world


@pytest.fixture
def told(finished):
    """The sections of the finished study as {heading: text}, the study changed by keywords."""

    def say(source=None, **changes):
        study = finished.study.model_copy(update=changes)
        tasks = {target.task: load_task(target.task) for target in study.targets}
        found = methods(study, source or Directory(Path(finished.study.data)), tasks, [], [])
        return {heading: " ".join(sentences) for heading, sentences in found}

    return say


def test_the_sections_are_those_of_a_paper(told):
    assert list(told()) == ["Model", "Data", "Arms", "Training", "Targets and figures", "Statistics"]


def test_the_model_is_told_by_where_it_comes_from(told):
    assert "pretrained by masked language modelling (mask 0.15) on raw text in en: 1,000 sub-words" in told()["Model"]
    assert "start from a/b, revision c" in told(model=ModelSpec(name="a/b", revision="c"))["Model"]
    assert "random weights (model_type bert)" in told(model=ModelSpec(config={"model_type": "bert"}, tokenizer="t"))["Model"]
    assert "given as a directory" in told(model=ModelSpec(path="p"))["Model"]


def test_the_data_are_told_by_their_kind_with_languages_and_groups(told):
    assert "official layout" in told()["Data"]
    assert "artificial languages" in told(source=load_world())["Data"]
    assert "hub at fixed commits" in told(source=Hub())["Data"]
    assert "judged in de, sw;" in told(languages=("de", "sw"))["Data"]
    assert "Declared groups: near (de, nl)." in told()["Data"]


def test_arms_are_told_with_what_differs_in_their_stages(told, finished):
    arms = {**finished.study.arms, "cut": (Stage(task="mnli", max_examples=50), Stage(task="squad"))}
    said = told(arms=arms)["Arms"]
    assert "none: no intermediate stage." in said
    assert "nli: mnli with steps 3." in said
    assert "cut: mnli, first 50 examples of each language, then squad." in said


def test_recipe_overrides_and_seeds_are_told(told):
    said = told(overrides={"udpos": {"epochs": 2.0}}, seeds=(4,))["Training"]
    assert "learning rate 0.001" in said
    assert "2 steps, 100 batch tokens" in said
    assert "On udpos: epochs 2.0." in said
    assert "One seed (4) for each arm" in said
    assert "3 seeds (1, 2, 3)" in told()["Training"]


def test_targets_are_told_with_their_official_figure_and_training_data(told):
    said = told(targets=(Target(task="xnli", train_examples=300), Target(task="tatoeba", layer=2, max_examples=9)))
    assert "xnli: accuracy (classification), trained on the first 300 examples of mnli" in said["Targets and figures"]
    assert (
        "tatoeba: accuracy (retrieval), nothing is trained, sentence vectors of layer 2, pooled by mean, the first 9 test "
        "examples of each language" in said["Targets and figures"]
    )
