"""What each kind compares a prediction with."""

from __future__ import annotations

import json

import pytest

from isthmus.evaluation.score import score_predictions
from isthmus.sources.example import (
    Answer,
    Choice,
    Line,
    MinedSentence,
    OpenQuestion,
    Question,
    Ranked,
    SentencePair,
    TaggedSentence,
    TextPair,
)
from isthmus.tasks.task import KINDS, TASKS, labels_of, load_kind, load_task

CASES = {
    "classification": (TextPair("0", "a", "b", "yes"), "yes"),
    "tagging": (TaggedSentence("0", ("a", "b"), ("X", "Y")), ("X", "Y")),
    "span": (Question("0", "q", "one two", (Answer("one", 0), Answer("two", 4))), ("one", "two")),
    "span_or_none": (OpenQuestion("0", "q", "one two", (Answer("one", 0),)), ("one",)),
    "retrieval": (SentencePair("0", "q", "c", 0), 0),
    "choice": (Choice("0", "c", None, ("a", "b"), 0), 0),
    "mining": (MinedSentence("0", "a", {"x": "b"}, "x"), "x"),
    "ranking": (Ranked("0", "q", {"x": ("b", ""), "y": ("c", "d")}, ("y", "x")), ("y", "x")),
}
STRIPPED = {
    "classification": TextPair("0", "a", "b", None),
    "tagging": TaggedSentence("0", ("a", "b"), None),
    "span": Question("0", "q", "a b", None),
    "span_or_none": OpenQuestion("0", "q", "a b", None),
    "retrieval": SentencePair("0", "q", "c", None),
    "choice": Choice("0", "c", None, ("a", "b"), None),
    "mining": MinedSentence("0", "a", {"x": "b"}, None),
    "ranking": Ranked("0", "q", {"x": ("b", "")}, None),
    "mlm": Line("", "a"),
    "tlm": Line("1", "a"),
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


@pytest.mark.parametrize("name", [name for name in TASKS.names() if load_task(name).metrics])
def test_the_perfect_prediction_scores_100_by_every_metric_of_a_task(name):
    task = load_task(name)
    kind = load_kind(task.kind)
    gold = kind.gold(CASES[kind.name][0])
    prediction = json.loads(json.dumps(kind.perfect(gold)))  # as it is kept and read again
    values = score_predictions(task.metrics, task.main, [gold], [prediction], language="en")["values"]
    assert set(values.values()) == {100.0}, values


def test_a_perfect_ranking_goes_no_deeper_than_the_official_figures_look():
    matches = tuple(f"c{i}" for i in range(30))
    assert load_kind("ranking").perfect(matches) == list(matches[:20])


def test_a_sentence_without_a_translation_has_an_empty_match_as_gold():
    assert load_kind("mining").gold(MinedSentence("0", "a", {"x": "b"}, "")) == ""


def test_a_question_without_an_answer_has_empty_gold_and_silence_is_perfect():
    kind = load_kind("span_or_none")
    assert kind.gold(OpenQuestion("0", "q", "a b", ())) == ()
    assert (
        score_predictions(("squad_v2",), "f1", [(), ("a",)], [kind.perfect(()), kind.perfect(("a",))])["values"]["f1"] == 100
    )


def test_the_labels_of_examples_are_those_in_their_gold_where_the_kind_has_labels():
    pairs = [TextPair(str(i), "a", None, label) for i, label in enumerate(["yes", None, "no", "yes"])]
    assert labels_of(load_kind("classification"), pairs) == ("no", "yes")
    sentences = [TaggedSentence("0", ("a", "b"), ("Y", "X")), TaggedSentence("1", ("c",), None), CASES["tagging"][0]]
    assert labels_of(load_kind("tagging"), sentences) == ("X", "Y")
    for name in set(KINDS.names()) - {"classification", "tagging"}:
        assert labels_of(load_kind(name), [STRIPPED[name], *(CASES[name][:1] if name in CASES else [])]) == ()
