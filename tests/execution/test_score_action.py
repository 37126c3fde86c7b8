"""What the score step writes: figures, the counts behind them, and the figures of other layers where there are any."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "end_to_end"))

from small_world import small_study, write_world

from isthmus.execution.actions import score
from isthmus.execution.context import Context
from isthmus.metrics.accuracy import value
from isthmus.plan.planner import make_plan
from isthmus.results.counts import read_counts
from isthmus.sources.directory import Directory


@pytest.fixture
def run(tmp_path):
    """A function that scores rows as predictions of a task in the small world; returns the artifact's folder and scores."""
    root = write_world(tmp_path / "data")

    def run(rows, layers=None, task="tatoeba"):
        plan = make_plan(small_study(root), Directory(root), {"data": str(root)})
        step = next(step for step in plan if step.name.endswith(f"/{task}/sw/score"))
        predictions, output = tmp_path / "predictions", tmp_path / "out"
        predictions.mkdir()
        output.mkdir()
        lines = (json.dumps({"id": str(number), "prediction": row}) for number, row in enumerate(rows))
        (predictions / "predictions.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        if layers:
            (predictions / "layers.json").write_text(json.dumps(layers), "utf-8")
        score.run(Context(step, {"predictions": predictions}, output, tmp_path, print, lambda: False))
        return output, json.loads((output / "scores.json").read_text("utf-8"))

    return run


def test_the_counts_beside_a_score_sum_up_to_it(run):
    output, scores = run([0, 1, 2, *[0] * 9])
    [(metric, rows)] = read_counts(output).items()
    assert (metric, rows.shape) == ("accuracy", (12, 2))
    assert value(rows.sum(0).tolist()) == scores["values"] == {"accuracy": 25.0}
    assert "by_layer" not in scores


def test_every_layer_of_a_retrieval_has_its_figure(run):
    _, scores = run([0] * 12, layers={"0": [0] * 12, "1": list(range(12))})
    assert scores["by_layer"]["1"] == {"accuracy": 100.0}
    assert scores["by_layer"]["0"] == scores["values"]


def test_a_stripped_test_file_has_no_counts(run, tmp_path):
    file = tmp_path / "data/udpos/test-sw.tsv"
    file.write_text("\n".join(line.partition("\t")[0] for line in file.read_text().split("\n")))
    words = [block.split("\n") for block in file.read_text().strip().split("\n\n")]
    output, scores = run([["NOUN"] * len(sentence) for sentence in words], task="udpos")
    assert scores == {"values": {}, "main": "f1", "n": 12, "labelled": False}
    assert [file.name for file in output.iterdir()] == ["scores.json"]
