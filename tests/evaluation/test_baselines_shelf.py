"""The baselines as a set: found by name, known to the planner, and deaf to training data without labels."""

from __future__ import annotations

import importlib

import pytest
from sub_words import characters

from isthmus.core.errors import UnknownName, UserError
from isthmus.evaluation.baseline import BASELINES, load_baseline, most_frequent
from isthmus.plan.baselines import NEED_TOKENIZER, SERVES
from isthmus.sources.example import Answer, Choice, OpenQuestion, Question, TaggedSentence, TextPair
from isthmus.tasks.task import KINDS

TOKENIZER = characters()


def test_the_planner_knows_every_baseline_and_the_kinds_it_serves():
    own = {name: importlib.import_module(module).KINDS for name, module in BASELINES.modules().items()}
    assert own == SERVES


def test_a_baseline_serves_only_kinds_that_there_are():
    assert {kind for kinds in SERVES.values() for kind in kinds} <= set(KINDS.names())


def test_a_baseline_that_is_said_to_do_without_a_tokenizer_never_touches_one():
    examples = {
        "choice": Choice("0", "", None, ("a", "b"), 1),
        "classification": TextPair("0", "a", "b", "yes"),
        "span": Question("0", "a?", "b", (Answer("b", 0),)),
        "span_or_none": OpenQuestion("0", "a?", "b", (Answer("b", 0),)),
        "tagging": TaggedSentence("0", ("a",), ("X",)),
    }
    for name in SERVES.keys() - set(NEED_TOKENIZER):
        for kind in SERVES[name]:
            assert len(load_baseline(name)([examples[kind]], [examples[kind]], ("yes", "X"), None)) == 1


def test_a_baseline_that_does_not_exist_is_an_error_with_the_nearest_name():
    with pytest.raises(UnknownName, match="did you mean 'majority'"):
        load_baseline("majorty")


def test_of_equal_labels_the_first_in_their_order_is_the_most_frequent():
    assert most_frequent({"b": 2, "a": 2, "c": 1}, ("c", "b", "a")) == "b"


@pytest.mark.parametrize(
    ("name", "labelled", "bare"),
    [
        ("majority", TextPair("0", "a", "b", "yes"), TextPair("1", "a", "b", None)),
        ("majority", Choice("0", "", None, ("a", "b"), 1), Choice("1", "", None, ("a", "b"), None)),
        ("one_side", TextPair("0", "a", "b", "yes"), TextPair("1", "a", "b", None)),
        ("one_side", Question("0", "a?", "b", (Answer("b", 0),)), Question("1", "a?", "b", None)),
        ("one_side", Choice("0", "", None, ("a", "b"), 1), Choice("1", "", None, ("a", "b"), None)),
        ("overlap", TextPair("0", "a", "b", "yes"), TextPair("1", "a", "b", None)),
        ("overlap", Choice("0", "", None, ("a", "b"), 1), Choice("1", "", None, ("a", "b"), None)),
        ("majority", TaggedSentence("0", ("a",), ("X",)), TaggedSentence("1", ("a",), None)),
        ("lexicon", TaggedSentence("0", ("a",), ("X",)), TaggedSentence("1", ("a",), None)),
        ("majority", OpenQuestion("0", "a?", "b", ()), OpenQuestion("1", "a?", "b", None)),
        ("window", OpenQuestion("0", "a?", "b", ()), OpenQuestion("1", "a?", "b", None)),
        ("window", Question("0", "a?", "b", (Answer("b", 0),)), Question("1", "a?", "b", None)),
    ],
)
def test_training_data_without_labels_are_an_error(name, labelled, bare):
    assert len(load_baseline(name)([labelled], [bare], ("yes", "X"), TOKENIZER)) == 1
    with pytest.raises(UserError, match="1 of 2 training examples have no label"):
        load_baseline(name)([labelled, bare], [labelled], ("yes", "X"), TOKENIZER)
