"""The mock submission that XTREME's own evaluate_test.py scores, with the averages over languages that it expects."""

from __future__ import annotations

import json

import pytest

from isthmus.core.errors import UnknownName
from isthmus.tasks.task import METRICS

OFFICIAL = {
    "pawsx": ("accuracy", {"accuracy": 51.428571}),
    "xnli": ("accuracy", {"accuracy": 30.666667}),
    "tatoeba": ("accuracy", {"accuracy": 53.611111}),
    "panx": ("span_f1", {"f1": 57.507937, "precision": 54.729167, "recall": 62.75}),
    "udpos": ("span_f1", {"f1": 70.217460, "precision": 71.022326, "recall": 69.549821}),
    "xquad": ("squad", {"exact_match": 77.272727, "f1": 79.958678}),
    "tydiqa": ("squad", {"exact_match": 88.888889, "f1": 97.222222}),
    "mlqa": ("mlqa", {"exact_match": 57.142857, "f1": 81.768707}),
    "mewslix": ("map_at_20", {"map": 14.390252, "mrr": 14.390252}),
}


def read_lines(path):
    return path.read_text("utf-8").split()


def read_tags(path):
    return [block.split() for block in path.read_text("utf-8").split("\n\n") if block.strip()]


def read_answers(labels, predictions):
    paragraphs = [p for article in json.loads(labels.read_text("utf-8"))["data"] for p in article["paragraphs"]]
    questions = [question for paragraph in paragraphs for question in paragraph["qas"]]
    given = json.loads(predictions.read_text("utf-8"))
    return [[a["text"] for a in q["answers"]] for q in questions], [given[q["id"]] for q in questions]


def read_rankings(labels, predictions):
    gold, given = (json.loads(file.read_text("utf-8")) for file in (labels, predictions))
    return [gold[id_] for id_ in gold], [given[id_] for id_ in gold]


@pytest.mark.parametrize("task", OFFICIAL)
def test_the_official_mock_submission_gets_the_official_averages(task, data_dir):
    metric, expected = OFFICIAL[task]
    score = METRICS.load(metric)
    scores = []
    for labels in sorted((data_dir / "xtreme-mock" / "labels" / task).iterdir()):
        predictions = data_dir / "xtreme-mock" / "predictions" / task / labels.name
        if metric == "mlqa":
            scores.append(score(*read_answers(labels, predictions), language=labels.stem.removeprefix("test-")))
        elif metric in ("squad", "map_at_20"):
            read = read_answers if metric == "squad" else read_rankings
            scores.append(score(*read(labels, predictions)))
        else:
            read = read_tags if metric == "span_f1" else read_lines
            scores.append(score(read(labels), read(predictions)))
    averages = {key: sum(values[key] for values in scores) / len(scores) for key in expected}
    assert averages == pytest.approx(expected, abs=1e-6)


def test_every_metric_on_the_shelf_is_a_function_of_gold_and_predictions():
    assert set(METRICS.names()) >= {"accuracy", "token_accuracy", "span_f1", "squad"}
    assert all(callable(METRICS.load(name)) for name in METRICS.names())


def test_a_misspelt_metric_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'accuracy'"):
        METRICS.load("acuracy")
