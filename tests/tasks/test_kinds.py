"""What each kind compares a prediction with."""

from __future__ import annotations

import json

import pytest

from isthmus.sources.example import Answer, Line, Question, SentencePair, TaggedSentence, TextPair
from isthmus.tasks.task import load_kind

CASES = {
    "classification": (TextPair("0", "a", "b", "yes"), "yes"),
    "tagging": (TaggedSentence("0", ("a", "b"), ("X", "Y")), ("X", "Y")),
    "span": (Question("0", "q", "a b", (Answer("a", 0), Answer("b", 2))), ("a", "b")),
    "retrieval": (SentencePair("0", "q", "c", 0), 0),
}
STRIPPED = {
    "classification": TextPair("0", "a", "b", None),
    "tagging": TaggedSentence("0", ("a", "b"), None),
    "span": Question("0", "q", "a b", None),
    "retrieval": SentencePair("0", "q", "c", None),
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
