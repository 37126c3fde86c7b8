"""Model cards: what the hub reads on top, and what a person reads below."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from isthmus.efficiency.card import card
from isthmus.efficiency.exported import Asked, Compared, Exported, Medians
from isthmus.results.measured import Machine, Noise
from isthmus.tasks.task import load_task

MACHINE = Machine("A Processor", 4, 2, "cpu", 0, {"onnxruntime": "1.31.1"})
QUIET = Noise(False, (), 0.01, 0.0, 0.1)
TRIMMED = {"change": "vocabulary", "pieces": [3500, 900], "as_before": {"en": 0.975, "sw": None}}
ASKED = Asked(
    name="nli/seed 1/xnli", folder=Path("f"), head=Path("f"), family="encoder", task=load_task("xnli"), labels=("yes", "no"),
    examples={"en": [1], "sw": [1]}, texts={}, splits={"en": "test", "sw": "dev"}, max_length=96, stride=16,
    precision="fp32", int8=True, made=(("arm", "nli"), ("seed", "1"), ("trained", "mnli (0123)")),
    base_model="someone/encoder",
)  # fmt: skip
FOUND = Exported(
    metric="accuracy", languages={"en": Compared(10, 80.0, 79.5, 0.9), "sw": Compared(20, 60.0, 61.25, 0.85)},
    bytes_before=2_000_000, bytes_after=500_000, machine=MACHINE,
    latency=Medians(0.004, 0.001, 30, QUIET), changes=(TRIMMED, {"change": "int8", "bytes": 5}), max_loss=1.0,
)  # fmt: skip


def parts(asked=ASKED, found=FOUND):
    _, facts, words = card(asked, found).split("---\n", 2)
    return yaml.safe_load(facts), words


def test_the_hub_reads_task_languages_and_the_scores_of_the_folder():
    facts, _ = parts()
    keys = ("language", "pipeline_tag", "metrics", "base_model", "datasets", "library_name")
    assert {key: facts[key] for key in keys} == {
        "language": ["en", "sw"], "pipeline_tag": "text-classification", "metrics": ["accuracy"],
        "base_model": "someone/encoder", "datasets": ["facebook/xnli"], "library_name": "onnx",
    }  # fmt: skip
    [index] = facts["model-index"]
    told = [(one["dataset"]["name"], one["dataset"]["split"], one["metrics"][0]["value"]) for one in index["results"]]
    assert told == [("xnli (en)", "test", 79.5), ("xnli (sw)", "dev", 61.25)]


def test_a_person_reads_scores_and_cost_before_and_after_and_how_it_was_made():
    _, words = parts()
    assert "| en | test | 10 | 80.00 | 79.50 | +0.50 | 90.0 % |\n| sw | dev | 20 | 60.00 | 61.25 | -1.25 | 85.0 % |" in words
    assert "| on disk | 2.0 MB | 0.5 MB |\n| median latency | 4.00 ms | 1.00 ms |" in words
    assert "on A Processor, 2 of 4 cores; onnxruntime 1.31.1" in words
    assert (
        "- arm: nli\n- seed: 1\n- trained: mnli (0123)\n- vocabulary trimmed to the languages (pieces: 3,500 to 900)"
        in words
    )
    assert "`yes`, `no`" in words


def test_limits_and_licences_are_told():
    _, words = parts()
    assert "held back to try it, a vocabulary so trimmed cuts as the full one does: en 97.5 %.\n" in words
    assert "longer than 96 sub-words" in words
    assert "With 8 bits" in words
    assert "With 8 bits" not in parts(replace(ASKED, int8=False))[1]
    assert "CC BY-NC 4.0" in words.split("## Licence")[1]
    assert "yours to check" in words


def test_the_languages_of_the_world_do_not_pass_for_natural_ones():
    facts, words = parts(replace(ASKED, artificial=True))
    assert not {"language", "datasets"} & set(facts)
    assert facts["model-index"][0]["results"][0]["dataset"]["type"] == "xnli"
    assert "artificial languages" in words
    assert "artificial" not in parts()[1]
    assert "The data of xnli: made by isthmus itself." in words


def test_a_latency_that_was_measured_on_a_busy_machine_is_in_doubt():
    busy = replace(QUIET, noisy=True, why=("other processes used 95% of the processors",))
    found = replace(FOUND, latency=replace(FOUND.latency, noise=busy))
    assert "so doubt these: other processes used 95% of the processors." in parts(found=found)[1]
    assert "doubt" not in parts()[1]


def test_of_a_vocabulary_that_was_trimmed_twice_the_last_time_counts():
    again = {**TRIMMED, "as_before": {"en": 0.5}}
    assert "as the full one does: en 50.0 %" in parts(found=replace(FOUND, changes=(TRIMMED, again)))[1]


@pytest.mark.parametrize(
    ("task", "tag"), [("udpos", "token-classification"), ("xquad", "question-answering"), ("xcopa", "multiple-choice")]
)
def test_each_kind_has_the_hubs_name_of_its_task(task, tag):
    assert parts(replace(ASKED, task=load_task(task)))[0]["pipeline_tag"] == tag


def test_a_folder_for_torch_says_how_the_head_is_applied():
    facts, words = parts(replace(ASKED, onnx=False))
    assert facts["library_name"] == "transformers"
    assert "AutoModel.from_pretrained" in words
    assert "predict.py" not in words


def test_a_loss_of_just_what_is_allowed_is_not_too_much():
    languages = {
        "en": Compared(3, 38.3, 37.3, 1.0),
        "sw": Compared(3, 38.3, 37.29, 1.0),
        "de": Compared(3, 1.0, float("nan"), 0),
    }
    assert replace(FOUND, languages=languages).too_much == ["sw", "de"]
