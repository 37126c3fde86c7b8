"""What each kind compares a prediction with."""

from __future__ import annotations

import json

import pytest

from isthmus.sources.example import Answer, Choice, Line, MinedSentence, Question, SentencePair, TaggedSentence, TextPair
from isthmus.tasks.task import KINDS, labels_of, load_kind

CASES = {
    "classification": (TextPair("0", "a", "b", "yes"), "yes"),
    "tagging": (TaggedSentence("0", ("a", "b"), ("X", "Y")), ("X", "Y")),
    "span": (Question("0", "q", "a b", (Answer("a", 0), Answer("b", 2))), ("a", "b")),
    "retrieval": (SentencePair("0", "q", "c", 0), 0),
    "choice": (Choice("0", "c", None, ("a", "b"), 0), 0),
    "mining": (MinedSentence("0", "a", {"x": "b"}, "x"), "x"),
}
STRIPPED = {
    "classification": TextPair("0", "a", "b", None),
    "tagging": TaggedSentence("0", ("a", "b"), None),
    "span": Question("0", "q", "a b", None),
    "retrieval": SentencePair("0", "q", "c", None),
    "choice": Choice("0", "c", None, ("a", "b"), None),
    "mining": MinedSentence("0", "a", {"x": "b"}, None),
    "mlm": Line("", "a"),
}


@pytest.mark.parametrize("name", CASES)
def test_gold_is_what_the_example_holds(name):
    example, gold = CASES[name]
    kind = load_kind(name)
    assert isinstance(example, kind.example)
    assert kind.gold(example) == gold
    json.dumps(gold)


@pytest.mark.parametrize("name", STRIPPED)
def test_a_stripped_example_has_no_gold(name):
    kind = load_kind(name)
    assert kind.gold(STRIPPED[name]) is None


def test_a_sentence_without_a_translation_has_an_empty_match_as_gold():
    assert load_kind("mining").gold(MinedSentence("0", "a", {"x": "b"}, "")) == ""


def test_the_labels_of_examples_are_those_in_their_gold_where_the_kind_has_labels():
    pairs = [TextPair(str(i), "a", None, label) for i, label in enumerate(["yes", None, "no", "yes"])]
    assert labels_of(load_kind("classification"), pairs) == ("no", "yes")
    sentences = [TaggedSentence("0", ("a", "b"), ("Y", "X")), TaggedSentence("1", ("c",), None), CASES["tagging"][0]]
    assert labels_of(load_kind("tagging"), sentences) == ("X", "Y")
    for name in set(KINDS.names()) - {"classification", "tagging"}:
        assert labels_of(load_kind(name), [STRIPPED[name], *(CASES[name][:1] if name in CASES else [])]) == ()
