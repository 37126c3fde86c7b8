"""scores.json: all metrics of a task side by side, no figure for what has no gold, no figure over a part."""

from __future__ import annotations

import pytest

from isthmus.core.errors import UnknownName, UserError
from isthmus.evaluation.score import count_predictions, score_predictions

GOLD = [("NOUN", "VERB"), ("DET", "NOUN")]
GUESS = [["NOUN", "VERB"], ["NOUN", "NOUN"]]


def test_all_metrics_of_a_task_stand_beside_its_main_one():
    scores = score_predictions(("span_f1", "token_accuracy"), "f1", GOLD, GUESS)
    assert scores == {
        "values": {"f1": pytest.approx(100 * 4 / 7), "precision": pytest.approx(200 / 3), "recall": 50.0, "accuracy": 75.0},
        "main": "f1",
        "n": 2,
        "labelled": True,
    }


@pytest.mark.parametrize(
    ("metrics", "main", "gold", "right", "wrong"),
    [
        (("accuracy",), "accuracy", ["yes", "no"], ["yes", "no"], ["no", "yes"]),
        (("accuracy",), "accuracy", [0, 1], [0, 1], [1, 0]),
        (("squad",), "f1", [("Rome", "the city"), ("1900",)], ["city", "1900"], ["Paris", "2000"]),
        (("mlqa",), "f1", [("罗马",), ("1900",)], ["罗马", "1900"], ["巴黎", "2000"]),
        (
            ("squad_v2",),
            "f1",
            [(), ("Rome",)],
            [{"text": "Paris", "null": 1}, {"text": "Rome", "null": -1}],
            [{"text": "Paris", "null": -1}, {"text": "Rome", "null": 1}],
        ),
        (("map_at_20",), "map", [("a",), ("b", "c")], [["a"], ["c", "b"]], [["b"], []]),
        (("span_f1",), "f1", GOLD, [list(tags) for tags in GOLD], [["X", "X"], ["X", "X"]]),
    ],
)
def test_the_main_figure_of_each_kind_runs_from_0_to_100(metrics, main, gold, right, wrong):
    assert score_predictions(metrics, main, gold, right, language="zh")["values"][main] == 100
    assert score_predictions(metrics, main, gold, wrong, language="zh")["values"][main] == 0


def test_a_stripped_test_file_gives_no_score_rather_than_a_zero():
    scores = score_predictions(("accuracy",), "accuracy", [None, None], ["yes", "no"])
    assert scores == {"values": {}, "main": "accuracy", "n": 2, "labelled": False}


def test_a_partly_stripped_test_file_is_an_error_that_names_the_first_gap():
    with pytest.raises(UserError, match=r"1 of 3 examples have no gold, the first is number 2"):
        score_predictions(("accuracy",), "accuracy", ["yes", None, "no"], ["yes", "no", "no"])


def test_gold_that_is_falsy_is_gold():
    assert score_predictions(("accuracy",), "accuracy", [0, 0], [0, 1])["values"] == {"accuracy": 50.0}


def test_a_metric_that_does_not_exist_is_an_error_with_the_nearest_name():
    with pytest.raises(UnknownName, match="token_accuracy"):
        score_predictions(("token_acuracy",), "accuracy", GOLD, GUESS)


def test_two_metrics_that_give_the_same_key_are_a_fault_of_ours():
    with pytest.raises(AssertionError, match="accuracy"):
        score_predictions(("accuracy", "token_accuracy"), "accuracy", GOLD, GUESS)


def test_a_main_figure_that_no_metric_gives_is_a_fault_of_ours():
    with pytest.raises(AssertionError, match="exact_match"):
        score_predictions(("accuracy",), "exact_match", ["yes"], ["yes"])


@pytest.mark.parametrize("gold", [["yes"], [None], []])
def test_predictions_that_do_not_line_up_are_a_fault_of_ours_with_or_without_gold(gold):
    with pytest.raises(AssertionError, match="predictions"):
        score_predictions(("accuracy",), "accuracy", gold, ["yes", "no"])


def test_nothing_at_all_cannot_be_scored():
    with pytest.raises(AssertionError, match="0 examples"):
        score_predictions(("accuracy",), "accuracy", [], [])


def test_a_metric_that_depends_on_the_language_is_told_it_and_the_others_are_not():
    gold, guess = [("die Katze",)], ["Katze"]
    german = score_predictions(("mlqa",), "f1", gold, guess, language="de")
    english = score_predictions(("mlqa", "squad_segmented"), "f1", gold, guess, language="en")
    assert (german["values"]["f1"], round(english["values"]["f1"]), round(english["values"]["f1_segmented"])) == (
        100,
        67,
        67,
    )
    assert count_predictions(("mlqa",), gold, guess, "de") == {"mlqa": [(1.0, 1.0, 1.0)]}


def test_a_metric_that_depends_on_the_language_is_not_computed_without_one():
    with pytest.raises(ValueError, match="depend on the language"):
        score_predictions(("mlqa",), "f1", [("a",)], ["a"])


def test_the_counts_of_every_metric_are_a_row_an_example():
    assert count_predictions(("span_f1", "token_accuracy"), GOLD, GUESS) == {
        "span_f1": [(2.0, 2.0, 2.0), (0.0, 2.0, 1.0)],
        "token_accuracy": [(2.0, 2.0), (1.0, 2.0)],
    }


def test_without_labels_there_are_no_counts():
    assert count_predictions(("accuracy",), [None, None], ["yes", "no"]) == {}


def test_every_layer_is_scored_beside_the_one_that_counts():
    scores = score_predictions(("accuracy",), "accuracy", [0, 1], [0, 0], {"0": [1, 0], "1": [0, 1]})
    assert scores["values"] == {"accuracy": 50.0}
    assert scores["by_layer"] == {"0": {"accuracy": 0.0}, "1": {"accuracy": 100.0}}


def test_layers_without_labels_have_no_score():
    assert "by_layer" not in score_predictions(("accuracy",), "accuracy", [None], [0], {"0": [1]})


def test_a_layer_that_lacks_an_example_is_refused():
    with pytest.raises(ValueError, match="example 1: not in predicted"):
        score_predictions(("accuracy",), "accuracy", [0, 1], [0, 0], {"0": [1]})
