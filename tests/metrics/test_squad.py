"""SQuAD F1 and exact match, against a plain scorer written here, by hand, and by their properties."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.metrics.squad import score

WORDS = [
    "the",
    "The",
    "a",
    "An",
    "cat",
    "Cat's",
    "sat",
    "théâtre",
    "a-the",
    "8",
    "U.S.",
    ",",
    "北京",
    "กรุงเทพ",
    "«ja»",
    "",
    "\u3000",
]
ANSWERS = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
QUESTIONS = st.lists(st.tuples(st.lists(ANSWERS, min_size=1, max_size=3), ANSWERS), min_size=1, max_size=6)


def plain_words(text):
    """The official normalisation one character at a time: articles stand between characters that are no part of a word."""
    kept = "".join(character for character in text.lower() if character not in string.punctuation)
    runs, words = [], ""
    for character in kept + " ":
        if character.isalnum():
            runs.append(character)
        else:
            words += "" if "".join(runs) in ("a", "an", "the") else "".join(runs)
            words, runs = words + character, []
    return words.split()


def plain_scores(answers, guess):
    guess_words, best = plain_words(guess), [0.0, 0.0]
    for answer in answers:
        left, common = plain_words(answer), 0
        total = len(left) + len(guess_words)
        best[1] = max(best[1], float(left == guess_words))
        for word in guess_words:
            if word in left:
                left.remove(word)
                common += 1
        best[0] = max(best[0], 2 * common / total if common else 0.0)
    return best


@given(QUESTIONS)
def test_it_agrees_with_a_plain_scorer(questions):
    gold, predicted = zip(*questions, strict=True)
    f1, exact = zip(*(plain_scores(*question) for question in questions), strict=True)
    expected = {"f1": 100 * sum(f1) / len(f1), "exact_match": 100 * sum(exact) / len(exact)}
    assert score(gold, predicted) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("answers", "guess", "f1", "exact"),
    [
        (["Denver Broncos"], "the denver broncos!", 100, 100),
        (["Denver Broncos"], "Broncos", 200 / 3, 0),
        (["Broncos", "Denver Broncos"], "Denver Broncos", 100, 100),  # the best accepted answer counts
        (["Santa Clara, California"], "Levi's Stadium in Santa Clara", 50, 0),
        (["cat cat"], "cat dog", 50, 0),  # a repeated word is matched as often as it is there
        (["the"], "a", 0, 100),  # both normalise to nothing: exact, but without a common word
        (["another"], "other", 0, 0),  # articles are whole words
        (["well-known"], "wellknown", 100, 100),  # punctuation goes without leaving a space
        (["北京大学"], "北京", 0, 0),  # unspaced scripts are one word
        (["北京。"], "北京", 0, 0),  # only ASCII punctuation goes
        (["ΑΘΗΝΑ"], "αθηνα", 100, 100),
        (["308"], "", 0, 0),
    ],
)
def test_figures_by_hand(answers, guess, f1, exact):
    assert score([answers], [guess]) == pytest.approx({"f1": f1, "exact_match": exact})


@given(QUESTIONS)
def test_a_further_accepted_answer_never_hurts_and_the_prediction_itself_gives_exact_match(questions):
    gold, predicted = zip(*questions, strict=True)
    before = score(gold, predicted)
    after = score([[*answers, guess] for answers, guess in questions], predicted)
    assert after["exact_match"] == 100
    assert after["f1"] >= before["f1"] - 1e-9


@given(QUESTIONS, st.randoms(use_true_random=False))
def test_the_order_of_questions_does_not_matter(questions, random):
    shuffled = random.sample(questions, len(questions))
    assert score(*zip(*questions, strict=True)) == pytest.approx(score(*zip(*shuffled, strict=True)))


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        ([], [], "no gold question"),
        ([["a"], []], ["a", "b"], "question 1: no accepted answer"),
        ([["a"], ["b"]], ["a"], "question 1: not in predicted"),
    ],
)
def test_questions_that_cannot_be_scored_are_refused(gold, predicted, message):
    with pytest.raises(ValueError, match=message):
        score(gold, predicted)
