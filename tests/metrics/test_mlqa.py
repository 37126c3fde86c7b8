"""MLQA's figures in each of its languages, against a plain scorer written here, by hand, and beside SQuAD's."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.metrics import mlqa, squad

ARTICLES = {
    "en": "a an the",
    "es": "un una unos unas el la los las",
    "vi": "của là cái chiếc những",
    "de": "ein eine einen einem eines einer der die das den dem des",
}
LANGUAGES = ("ar", "de", "en", "es", "hi", "vi", "zh")
WORDS = [
    "the",
    "a",
    "el",
    "los",
    "der",
    "Des",
    "của",
    "cat",
    "gato",
    "«Katze»",
    "猫",
    "猫在",
    "ab猫",
    "القط",
    "سؤال",
    "बिल्ली।",
    "8",
    "$5",
    "—",
]
ANSWERS = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
QUESTIONS = st.lists(st.tuples(st.lists(ANSWERS, min_size=1, max_size=3), ANSWERS), min_size=1, max_size=6)


def plain_words(text, language):
    """The official rules one character at a time."""
    text = "".join(c for c in text.lower() if c not in string.punctuation and unicodedata.category(c)[0] != "P")
    if language == "zh":
        text = "".join(f" {c} " if 0x4E00 <= ord(c) <= 0x9FA5 else c for c in text)
    if language == "ar":
        text = " ".join(text.split("ال"))
    return [word for word in text.split() if word not in ARTICLES.get(language, "").split()]


def plain_f1(answer, guess):
    left, common = list(answer), 0
    for word in guess:
        if word in left:
            left.remove(word)
            common += 1
    return 2 * common / (len(answer) + len(guess)) if common else 0


@given(QUESTIONS, st.sampled_from(LANGUAGES))
def test_it_agrees_with_a_plain_scorer_in_every_language(questions, language):
    f1 = exact = 0
    for answers, guess in questions:
        words = [plain_words(answer, language) for answer in answers]
        said = plain_words(guess, language)
        f1 += max(plain_f1(answer, said) for answer in words)
        exact += said in words
    expected = {"f1": 100 * f1 / len(questions), "exact_match": 100 * exact / len(questions)}
    assert mlqa.score(*zip(*questions, strict=True), language) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("language", "answer", "guess", "f1", "exact"),
    [
        ("zh", "北京大学", "北京", 200 / 3, 0),
        ("zh", "北京。", "北京", 100, 100),
        ("zh", "1898年", "1898", 200 / 3, 0),
        ("ja", "北京大学", "北京", 0, 0),  # the script parts ideographs in Chinese alone
        ("de", "die Katze", "Katze", 100, 100),
        ("en", "die Katze", "Katze", 200 / 3, 0),
        ("es", "«el gato»", "gato", 100, 100),
        ("vi", "của mèo", "mèo", 100, 100),
        ("hi", "बिल्ली।", "बिल्ली", 100, 100),
        ("ar", "القاهرة", "قاهرة", 100, 100),
        ("ar", "سؤال", "سؤ", 100, 100),  # its pattern takes ال for an article inside a word too
    ],
)
def test_figures_by_hand(language, answer, guess, f1, exact):
    assert mlqa.score([[answer]], [guess], language) == pytest.approx({"f1": f1, "exact_match": exact})


@given(QUESTIONS)
def test_in_english_without_further_punctuation_it_is_squads(questions):
    questions = [([a.translate(str.maketrans("", "", "«»—।")) for a in answers], guess) for answers, guess in questions]
    gold, predicted = zip(*questions, strict=True)
    predicted = [guess.translate(str.maketrans("", "", "«»—।")) for guess in predicted]
    assert mlqa.score(gold, predicted, "en") == squad.score(gold, predicted)


def test_without_a_language_there_is_no_figure():
    with pytest.raises(ValueError, match="depend on the language of the answers, and none was given"):
        mlqa.score([["a"]], ["a"], "")


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [([], [], "no gold question"), ([["a"], []], ["a", "b"], "question 1: no accepted answer")],
)
def test_questions_that_cannot_be_scored_are_refused(gold, predicted, message):
    with pytest.raises(ValueError, match=message):
        mlqa.score(gold, predicted, "en")
