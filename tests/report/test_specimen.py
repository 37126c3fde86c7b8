"""Examples are chosen by a rule that anybody can repeat, and show what each arm said of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.step import Step
from isthmus.report.specimen import LONGEST, LOOKED_AT, specimens
from isthmus.sources.directory import Directory
from isthmus.sources.example import (
    Answer,
    Choice,
    MinedSentence,
    OpenQuestion,
    Question,
    SentencePair,
    TaggedSentence,
    TextPair,
)


class Given:
    """A source of examples given beforehand."""

    def __init__(self, examples):
        self.examples = examples

    def read(self, files, language, split, labels=()):
        return self.examples


@pytest.fixture
def shown(store):
    """The specimen of a task, from its examples and what each arm predicted for them."""

    def show(task: str, examples, predicted: Mapping[str, list], limit=None):
        steps, cells = [], []
        for arm, predictions in predicted.items():
            step = Step("predict", {"arm": arm, "task": task})
            settings = {"data": {"task": task, "language": "de", "split": "test"}, "max_examples": limit, "arm": arm}
            score = Step("score", settings, {"predictions": step.id})
            steps += [step, score]
            cells.append(Cell(arm, 1, task, "de", "test", "f1", True, score.id))
            scratch = store.begin(step.id)
            lines = [json.dumps({"id": str(i), "prediction": one}) for i, one in enumerate(predictions)]
            (scratch.output / "predictions.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
            store.commit(step.id, scratch, step.payload, step.name, {})
        [found] = specimens(Plan(in_order(steps), tuple(cells)), store, Given(examples), tuple(predicted), 1)
        return found

    return show


def pairs(number, text="short"):
    return [TextPair(str(i), text, "second", "entailment") for i in range(number)]


def test_the_first_example_on_which_arms_differ_and_one_is_right_is_shown(shown):
    right, wrong = "entailment", "neutral"
    found = shown("xnli", pairs(4), {"none": [right, wrong, wrong, right], "nli": [right, wrong, right, wrong]})
    assert found.id == "2"
    assert [(said.arm, said.text, said.right) for said in found.said] == [("none", wrong, False), ("nli", right, True)]
    assert found.texts == (("first", "short"), ("second", "second"))


def test_where_arms_agree_the_first_short_example_is_shown(shown):
    examples = [TextPair("long", "x" * 500, None, "neutral"), *pairs(2)]
    assert shown("xnli", examples, {"none": ["neutral"] * 3, "nli": ["neutral"] * 3}).id == "0"


def test_examples_beyond_those_looked_at_are_never_shown(shown):
    wrong = ["neutral"] * LOOKED_AT
    found = shown("xnli", pairs(LOOKED_AT + 1), {"none": [*wrong, "entailment"], "nli": [*wrong, "neutral"]})
    assert found.id == "0"


def test_tags_stand_beside_their_words(shown):
    examples = [TaggedSentence("0", ("Ana", "sails"), ("NOUN", "VERB"))]
    found = shown("udpos", examples, {"none": [["NOUN", "NOUN"]], "nli": [["NOUN", "VERB"]]})
    assert (found.words, found.tags) == (("Ana", "sails"), ("NOUN", "VERB"))
    assert [(said.tags, said.right) for said in found.said] == [(("NOUN", "NOUN"), False), (("NOUN", "VERB"), True)]


def test_the_context_of_a_question_is_cut_around_its_answer(shown):
    context = "a" * 2000 + " bridge " + "b" * 2000
    found = shown("xquad", [Question("0", "What?", context, (Answer("bridge", 2001),))], {"none": ["bridge"], "qa": [""]})
    assert dict(found.texts)["context"].startswith("… a")
    assert "bridge" in dict(found.texts)["context"]
    assert len(dict(found.texts)["context"]) <= LONGEST + 4
    assert [(said.text, said.right) for said in found.said] == [("bridge", True), ("(nothing)", False)]


def test_a_question_without_an_answer_is_rightly_left_without_one(shown):
    said = {"none": [{"text": "sea", "null": -1.0}], "qa": [{"text": "sea", "null": 0.5}]}
    found = shown("squad_v2", [OpenQuestion("0", "What?", "the sea", ())], said)
    assert found.gold == "(no answer)"
    assert [(one.text, one.right) for one in found.said] == [("sea", False), ("(nothing)", True)]
    answered = shown("squad_v2", [OpenQuestion("0", "What?", "the sea", (Answer("sea", 4),))], said)
    assert (answered.gold, [one.right for one in answered.said]) == ("sea", [True, False])


def test_a_row_is_shown_as_the_sentence_that_stands_there(shown):
    examples = [SentencePair("0", "eine", "one", 0), SentencePair("1", "zwei", "two", 1)]
    found = shown("tatoeba", examples, {"none": [1, 1], "nli": [0, 1]})
    assert (found.gold, [said.text for said in found.said]) == ("one", ["two", "one"])


def test_stripped_gold_is_said_and_nobody_is_right(shown):
    found = shown("xnli", [TextPair("0", "a", "b", None)], {"none": ["neutral"]})
    assert found.gold == "stripped from the data"
    assert not found.said[0].right


@pytest.mark.parametrize(
    ("task", "example", "said", "gold", "text"),
    [
        ("xcopa", Choice("0", "It rained.", "effect", ("wet", "dry"), 0), 1, "wet", "dry"),
        ("bucc2018", MinedSentence("0", "eine", {"en-1": "one", "en-2": "two"}, "en-2"), "", "two", "(no translation)"),
    ],
)
def test_an_answer_by_number_or_id_is_shown_in_words(shown, task, example, said, gold, text):
    found = shown(task, [example], {"none": [said]})
    assert (found.gold, found.said[0].text) == (gold, text)


def test_a_limit_of_examples_is_kept(shown):
    assert shown("xnli", pairs(3), {"none": ["neutral"]}, limit=1).id == "0"


def test_real_files_give_one_specimen_for_each_target_and_language(finished):
    source = Directory(Path(finished.study.data))
    found = list(specimens(finished.plan, finished.store, source, ("none", "nli", "qa"), 1))
    assert len(found) == 3 * 5 + 4
    assert {len(one.said) for one in found} == {3}
