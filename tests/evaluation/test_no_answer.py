"""The threshold of no answer: tuned where the gold is known, applied by a shift, written beside the predictions."""

from __future__ import annotations

import json

import pytest

from isthmus.core.errors import UserError
from isthmus.evaluation.no_answer import Threshold, shifted, tune, write_threshold
from isthmus.metrics.squad_v2 import score
from isthmus.sources.example import Answer, OpenQuestion

ROME = (Answer("Rome", 0),)
FOUND = [{"text": "Rome", "null": null} for null in (-3.0, 2.0, 4.0)]


def asked(*answers):
    return [OpenQuestion(str(i), "Where?", "Rome", own) for i, own in enumerate(answers)]


def test_predictions_shifted_by_the_tuned_threshold_reach_what_it_says():
    dev = asked(ROME, ROME, ())
    threshold = tune(FOUND, dev)
    assert threshold == Threshold(3.0, 100)
    assert score([["Rome"], ["Rome"], []], FOUND)["f1"] == pytest.approx(200 / 3)
    assert score([["Rome"], ["Rome"], []], shifted(FOUND, threshold))["f1"] == 100


def test_a_shift_changes_no_text_and_keeps_what_it_was_given():
    before = [dict(one) for one in FOUND]
    assert [one["text"] for one in shifted(FOUND, Threshold(1.0, 50))] == ["Rome"] * 3
    assert before == FOUND


def test_development_data_without_gold_are_the_users_mistake():
    with pytest.raises(UserError, match="tuned on development data, whose answers are missing here"):
        tune(FOUND, asked(ROME, None, ()))


def test_the_threshold_is_written_with_what_it_reached(tmp_path):
    write_threshold(tmp_path / "threshold.json", Threshold(-0.5, 75))
    assert json.loads((tmp_path / "threshold.json").read_text()) == {"null": -0.5, "dev_f1": 75}
