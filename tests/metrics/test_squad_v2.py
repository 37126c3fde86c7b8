"""SQuAD v2.0: answers where there are any, silence where there are none, and the threshold between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.metrics import squad
from isthmus.metrics.squad_v2 import best_threshold, score

ANSWERS = st.sampled_from(["the", "Rome", "the city of Rome", "in 1900", "1900!"])
SPANS = st.fixed_dictionaries(
    {"text": st.one_of(ANSWERS, st.just("")), "null": st.sampled_from([-3.0, -1.0, 0.0, 0.5, 2.0])}
)
QUESTIONS = st.lists(st.tuples(st.lists(ANSWERS, max_size=3), SPANS), min_size=1, max_size=8)


def plain_scores(answers, text):
    """Return (F1, exact) as the official script words it: no answer is the answer '' alone."""
    kept = [answer for answer in answers if squad.normalise(answer)] or [""]
    if not squad.normalise(text) or kept == [""]:
        right = float(any(squad.normalise(answer) == squad.normalise(text) for answer in kept))
        return right, right
    found = squad.score([kept], [text])
    return found["f1"] / 100, found["exact_match"] / 100


def answered_up_to(questions, threshold):
    return [(answers, said["text"] if said["null"] <= threshold else "") for answers, said in questions]


@given(QUESTIONS)
def test_it_agrees_with_the_official_definition(questions):
    f1, exact = zip(*(plain_scores(*one) for one in answered_up_to(questions, 0)), strict=True)
    found = score(*zip(*questions, strict=True))
    assert found["f1"] == pytest.approx(100 * sum(f1) / len(f1))
    assert found["exact_match"] == pytest.approx(100 * sum(exact) / len(exact))
    with_answer = [row for row, (answers, _) in enumerate(questions) if answers]
    if with_answer:
        assert found["has_answer_f1"] == pytest.approx(100 * sum(f1[row] for row in with_answer) / len(with_answer))
    assert ("has_answer_f1" in found) == bool(with_answer)
    assert ("no_answer_accuracy" in found) == (len(with_answer) < len(questions))


@given(QUESTIONS, st.sampled_from(["f1", "exact_match"]))
def test_the_best_threshold_is_the_best_of_all_and_reaches_what_it_says(questions, key):
    place = ("f1", "exact_match").index(key)

    def figure(threshold):
        scores = [plain_scores(*one)[place] for one in answered_up_to(questions, threshold)]
        return 100 * sum(scores) / len(scores)

    gold, predicted = zip(*questions, strict=True)
    threshold, reached = best_threshold(gold, predicted, key)
    assert reached == pytest.approx(max(map(figure, (-9, -3, -1, 0, 0.5, 2))))
    assert figure(threshold) == pytest.approx(reached)
    moved = [said | {"null": said["null"] - threshold} for said in predicted]
    assert score(gold, moved)[key] == pytest.approx(reached)
    assert score(gold, predicted)[f"best_{key}"] == reached >= score(gold, predicted)[key] - 1e-9


@pytest.mark.parametrize(
    ("answers", "text", "null", "f1", "exact"),
    [
        (["Rome"], "Rome", -1, 100, 100),
        (["Rome"], "Rome", 0, 100, 100),  # an answer, unless no answer lies above it
        (["Rome"], "Rome", 1, 0, 0),
        (["the city of Rome"], "Rome", -1, 50, 0),
        ([], "Rome", 1, 100, 100),
        ([], "Rome", -1, 0, 0),
        ([], "", -1, 100, 100),
        ([], "the", -1, 100, 100),  # an article alone says nothing
        (["the"], "", -1, 100, 100),  # nor is it an answer
        (["the"], "Rome", -1, 0, 0),
    ],
)
def test_figures_by_hand(answers, text, null, f1, exact):
    found = score([answers], [{"text": text, "null": null}])
    assert (found["f1"], found["exact_match"]) == pytest.approx((f1, exact))


def test_a_threshold_lies_between_what_is_answered_and_what_is_not():
    predicted = [{"text": "Rome", "null": null} for null in (-4.0, -2.0, 1.0)]
    assert best_threshold([["Rome"], ["Rome"], []], predicted) == (-0.5, 100)
    assert best_threshold([[], [], []], predicted) == (-4.5, 100)
    assert best_threshold([["Rome"]] * 3, predicted) == (1.5, 100)


@pytest.mark.parametrize(("gold", "message"), [([], "no gold question"), ([[], []], "question 1: not in predicted")])
def test_questions_that_cannot_be_scored_are_refused(gold, message):
    predicted = [{"text": "", "null": 0.0}] * min(1, len(gold))
    for function in (score, best_threshold):
        with pytest.raises(ValueError, match=message):
            function(gold, predicted)
