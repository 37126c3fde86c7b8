"""The step that measures: what it asks for is what its settings say, and what comes back is written."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
import torch

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("models", "results")]

from test_measured import MEASURED
from tiny_networks import TEXT, one_thread, pieces_folder, still, write_encoder  # noqa: F401

from isthmus.core.errors import SetupError
from isthmus.efficiency import measure as measuring
from isthmus.execution.context import Context
from isthmus.models.family import load_family
from isthmus.models.trained import new_task_model, save_task_model
from isthmus.plan.step import Step
from isthmus.results.measured import FILE, read_measurements
from isthmus.sources.example import TextPair

ACTION = importlib.import_module("isthmus.execution.actions.bench")
SETTINGS = {
    "task": "xnli",
    "kind": "classification",
    "labels": ["yes", "no"],
    "model": "small",
    "family": "encoder",
    "data": [{"language": language} for language in ("en", "de")],
    "max_examples": 2,
    "max_length": 48,
    "stride": 8,
    "precision": "fp32",
    "protocol": {"threads": 1, "device": None, "queries": 4, "rounds": 5, "seconds": 0.001, "grid": False},
    "checkpoints": [{"label": "mnli/int8/3", "arm": "mnli", "variant": "int8", "seed": 3}],
}


@pytest.fixture
def context(tmp_path, monkeypatch):
    """A function that runs the action with some settings changed; data are the lines of the tiny networks."""
    (tmp_path / "out").mkdir()

    def read(record, places, limit):
        assert places == {"data": "here"}
        return [TextPair(str(i), line, None, None) for i, line in enumerate(TEXT[record["language"]])][:limit]

    def build(folder, stopping=lambda: False, **changes):
        step = Step("bench", {**SETTINGS, **changes}, {"mnli/int8/3": "0" * 64}, "bench", places={"data": "here"})
        return Context(step, {"mnli/int8/3": folder}, tmp_path / "out", tmp_path, lambda _: None, stopping)

    monkeypatch.setattr(ACTION, "read_data", read)
    return build


def test_what_is_asked_for_is_what_the_settings_say(context, tmp_path, monkeypatch):
    asked = {}

    def pretended(checkpoints, examples, protocol, serving, **more):
        asked.update(more, checkpoints=checkpoints, examples=examples, protocol=protocol, serving=serving)
        return MEASURED

    monkeypatch.setattr(measuring, "measure", pretended)
    given = context(tmp_path, protocol={**SETTINGS["protocol"], "device": "cpu", "threads": 2, "grid": True})
    ACTION.run(given)
    assert read_measurements(tmp_path / "out" / FILE) == MEASURED
    [one] = asked["checkpoints"]
    assert (one.name, one.arm, one.model, one.variant, one.seed) == ("mnli/int8/3", "mnli", "small", "int8", 3)
    assert one.folder == one.head == tmp_path
    assert {language: len(own) for language, own in asked["examples"].items()} == {"en": 2, "de": 2}
    assert (asked["protocol"].queries, asked["protocol"].rounds, asked["protocol"].seconds) == (4, 5, 0.001)
    assert (asked["serving"].device, asked["serving"].threads, asked["serving"].max_length) == (torch.device("cpu"), 2, 48)
    assert (asked["task"], asked["model"], asked["with_grid"], asked["stopping"]) == ("xnli", "small", True, given.stopping)


def test_a_head_of_a_mix_lies_in_its_own_folder(context, tmp_path, monkeypatch):
    heads = []
    monkeypatch.setattr(measuring, "measure", lambda found, *_, **__: heads.append(found[0].head) or MEASURED)
    ACTION.run(context(tmp_path, checkpoints=[{**SETTINGS["checkpoints"][0], "head": "mnli"}]))
    assert heads == [tmp_path / "heads/mnli"]


def test_a_device_that_is_not_there_is_told_before_anything_is_measured(context, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    with pytest.raises(SetupError, match="no device of kind cuda"):
        ACTION.run(context(tmp_path, protocol={**SETTINGS["protocol"], "device": "cuda"}))


@pytest.mark.slow
def test_a_trained_model_is_measured_in_every_language(context, tmp_path, pieces_folder):  # noqa: F811
    encoder = write_encoder(still(), pieces_folder, tmp_path / "encoder")
    model = new_task_model(load_family("encoder"), encoder, "classification", ["yes", "no"], 1)
    save_task_model(model, tmp_path / "trained", "classification", ["yes", "no"])
    ACTION.run(context(tmp_path / "trained"))
    [timed] = read_measurements(tmp_path / "out" / FILE).timed
    assert list(timed.languages) == ["en", "de"]
    assert timed.peak_bytes > 0
    assert timed.first_call_seconds > 0
