"""The majority baseline says the same of everything."""

from __future__ import annotations

from isthmus.evaluation.baselines.majority import predict
from isthmus.sources.example import Answer, Choice, OpenQuestion, TaggedSentence, TextPair


def pair(label):
    return TextPair("0", "one text", "another", label)


def test_every_example_gets_the_most_frequent_training_label():
    train = [pair("no"), pair("yes"), pair("yes")]
    assert predict(train, [pair("no"), pair(None)], ("no", "yes")) == ["yes", "yes"]


def test_every_word_gets_the_most_frequent_training_tag():
    train = [
        TaggedSentence("0", ("a", "b", "c"), ("DET", "NOUN", "NOUN")),
        TaggedSentence("1", ("d",), ("VERB",)),
        TaggedSentence("2", ("e",), ("VERB",)),
        TaggedSentence("3", ("f",), ("VERB",)),
    ]
    unseen = [TaggedSentence("0", ("x", "y"), None), TaggedSentence("1", ("z",), ("DET",))]
    assert predict(train, unseen, ("DET", "NOUN", "VERB")) == [["VERB", "VERB"], ["VERB"]]


def test_of_equals_the_first_in_the_order_of_labels_is_said():
    train = [pair("yes"), pair("no")]
    assert predict(train, [pair(None)], ("no", "yes")) == ["no"]
    assert predict(train, [pair(None)], ("yes", "no")) == ["yes"]


def test_every_choice_gets_the_place_where_right_endings_stand_most_often_among_its_own():
    train = [Choice(str(i), "", None, ("a", "b", "c"), label) for i, label in enumerate([0, 1, 1, 2, 2, 2])]
    examples = [Choice("0", "", None, ("a", "b", "c"), None), Choice("1", "", None, ("a", "b"), None)]
    assert predict(train, examples, ()) == [2, 1]


def test_a_question_that_may_have_no_answer_gets_none():
    train = [OpenQuestion("0", "who?", "Anna came", (Answer("Anna", 0),))]
    assert predict(train, [OpenQuestion("1", "who?", "Bert", None)], ()) == [{"text": "", "null": 1.0}]
