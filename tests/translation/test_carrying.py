"""Every kind of example goes through a translator with its answer, or is dropped for a reason."""

from __future__ import annotations

import pytest

from isthmus.sources.example import Answer, Choice, OpenQuestion, Question, TextPair
from isthmus.translation.carrying import LOST, carry
from isthmus.translation.quality import COPIED, EMPTY, LENGTH, sift

FILTER = {"length_ratio": [0.5, 2.0], "copied": "drop"}


def by(translate):
    return lambda texts: {text: translate(text) for text in texts}


def question(context, answer, id_="q", kind=Question):
    return kind(id_, "who slept?", context, (Answer(answer, context.index(answer)),))


def test_labels_endings_and_ids_stay_and_texts_are_translated():
    pairs = [TextPair("1", "a b", "c", "no"), TextPair("2", "d", None, "yes")]
    assert carry(pairs, by(str.upper)).found == {0: TextPair("1", "A B", "C", "no"), 1: TextPair("2", "D", None, "yes")}
    choice = Choice("3", "", "what?", ("x", "y"), 1)
    assert carry([choice], by(str.upper)).found == {0: Choice("3", "", "WHAT?", ("X", "Y"), 1)}


def test_an_answer_is_carried_by_markers_where_words_change_their_order():
    def backwards(text):
        return " ".join(reversed(text.split()))

    carried = carry([question("the dog slept here", "dog")], by(backwards))
    assert carried.found[0] == Question("q", "slept? who", "here slept dog the", (Answer("dog", 11),))
    assert carried.answers == {"markers": 1, "search": 0}


def test_an_answer_whose_markers_are_lost_is_looked_for_and_dropped_where_it_is_not_there():
    words = {"the dog slept": "der Hund schlief", "dog": "Hund", "the cat slept": "der Kater schlief", "cat": "Katze"}
    examples = [question("the dog slept", "dog", "1"), question("the cat slept", "cat", "2")]
    carried = carry(examples, by(lambda text: words.get(text, text.replace("[", "").replace("]", ""))))
    assert carried.found == {0: Question("1", "who slept?", "der Hund schlief", (Answer("Hund", 4),))}
    assert carried.dropped == {1: LOST}
    assert carried.answers == {"markers": 0, "search": 1}


def test_a_question_without_an_answer_stays_without_one():
    open_ = OpenQuestion("1", "who?", "the dog slept", ())
    carried = carry([open_, question("the dog slept", "dog", "2", OpenQuestion)], by(str.upper))
    assert carried.found[0] == OpenQuestion("1", "WHO?", "THE DOG SLEPT", ())
    assert carried.found[1].answers == (Answer("DOG", 4),)


@pytest.mark.parametrize(
    ("translate", "filter_", "reason"),
    [
        (lambda text: "" if text == "one two 9" else text[::-1], FILTER, EMPTY),
        (lambda text: text if text == "one two 9" else text[::-1], FILTER, COPIED),
        (lambda text: text if text == "one two 9" else text[::-1], FILTER | {"copied": "keep"}, None),
        (lambda text: text[::-1] * 9 if text == "one two 9" else text[::-1], FILTER, LENGTH),
        (lambda text: text[0] if text == "one two 9" else text[::-1], FILTER, LENGTH),
        (lambda text: text[0] if text == "one two 9" else text[::-1], FILTER | {"length_ratio": [0.01, 50.0]}, None),
    ],
)
def test_what_a_filter_drops_is_dropped_for_that_reason_and_nothing_else_is(translate, filter_, reason):
    examples = [TextPair(str(i), f"one two {i}", None, "yes") for i in range(20)]
    carried = carry(examples, by(translate))
    sift(examples, carried, filter_)
    assert carried.dropped == ({9: reason} if reason else {})
    assert len(carried.found) == (19 if reason else 20)


def test_a_script_that_needs_few_characters_is_not_too_short():
    examples = [TextPair(str(i), f"sentence number {i} of some", None, "yes") for i in range(9)]
    carried = carry(examples, by(lambda text: text[16]))
    sift(examples, carried, FILTER)
    assert carried.dropped == {}
