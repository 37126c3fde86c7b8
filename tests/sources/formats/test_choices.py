"""The formats of multiple choice: HellaSwag, COPA and CommonsenseQA, each as its authors released it."""

from __future__ import annotations

import json

import pytest

from isthmus.sources.example import Choice
from isthmus.sources.formats import commonsenseqa, copa, hellaswag

SCENE = {
    "ind": 4,
    "ctx_a": "A man sits.",
    "ctx_b": "he",
    "ctx": "A man sits. he",
    "endings": ["stands.", "flies."],
    "label": 1,
}
CAUSE = {
    "premise": "It rains.",
    "choice1": "Clouds came.",
    "choice2": "A dog barks.",
    "question": "cause",
    "label": 0,
    "idx": 7,
}
ASKED = {
    "answerKey": "B",
    "id": "x1",
    "question": {"stem": "Where?", "choices": [{"label": "A", "text": "here"}, {"label": "B", "text": "there"}]},
}
READ = {"hellaswag": (hellaswag.read, SCENE), "copa": (copa.read, CAUSE), "commonsenseqa": (commonsenseqa.read, ASKED)}


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def without(row, key):
    return {name: value for name, value in row.items() if name != key}


@pytest.mark.parametrize(("start", "endings"), [("he", ("he stands.", "he flies.")), ("", ("stands.", "flies."))])
def test_the_second_half_of_a_scene_begins_each_of_its_endings(written, start, endings):
    row = SCENE | {"ctx_b": start}
    assert hellaswag.read(written(lines(row, row))) == [Choice(id_, "A man sits.", None, endings, 1) for id_ in ("0", "1")]


def test_a_scene_without_halves_is_the_context(written):
    row = without(without(SCENE, "ctx_a"), "ctx_b")
    assert hellaswag.read(written(lines(row))) == [Choice("0", "A man sits. he", None, ("stands.", "flies."), 1)]


@pytest.mark.parametrize(("asked", "words"), [("cause", "What was the cause?"), ("effect", "What was the effect?")])
def test_a_premise_is_asked_for_its_cause_or_effect(written, asked, words):
    assert copa.read(written(lines(CAUSE | {"question": asked}))) == [
        Choice("0", "It rains.", words, ("Clouds came.", "A dog barks."), 0)
    ]


def test_a_question_is_read_with_the_place_of_its_answer(written):
    assert commonsenseqa.read(written(lines(ASKED))) == [Choice("x1", "", "Where?", ("here", "there"), 1)]


@pytest.mark.parametrize(("name", "key"), [("hellaswag", "label"), ("copa", "label"), ("commonsenseqa", "answerKey")])
def test_a_stripped_file_has_no_labels_and_a_half_stripped_one_is_refused(name, key, written, refused):
    read, row = READ[name]
    other = row | {"id": "x2"}
    assert [choice.label for choice in read(written(lines(without(row, key), without(other, key))))] == [None, None]
    assert refused(read, written(lines(row, without(other, key)))).line == 2


@pytest.mark.parametrize(("labels", "known"), [([0] * 20, False), ([0] * 19, True), ([0] * 19 + [1], True)])
def test_labels_that_preparation_made_all_zero_are_none(written, labels, known):
    rows = [CAUSE | {"label": label} for label in labels]
    assert [choice.label for choice in copa.read(written(lines(*rows)))] == (labels if known else [None] * len(labels))


QUESTION = ASKED["question"]
FAULTS = {
    "a scene without text": ("hellaswag", SCENE | {"ctx_a": ""}, "'ctx_a' is empty"),
    "no scene": ("hellaswag", {"endings": ["a", "b"], "label": 0}, "the key 'ctx' is missing"),
    "a scene of one half": ("hellaswag", without(SCENE, "ctx_b"), "the key 'ctx_b' is missing"),
    "one ending": ("hellaswag", SCENE | {"endings": ["a"], "label": 0}, "1 endings, expected two or more to choose from"),
    "an empty ending": ("hellaswag", SCENE | {"endings": ["a", " "]}, "'endings[1]' is empty"),
    "a label past the endings": ("hellaswag", SCENE | {"label": 2}, "the label 2 is no ending; expected 0 to 1"),
    "a negative label": ("hellaswag", SCENE | {"label": -1}, "the label -1 is no ending"),
    "a label as text": ("hellaswag", SCENE | {"label": "1"}, "'label' must be int, found '1'"),
    "another question": ("copa", CAUSE | {"question": "efect"}, "unknown question 'efect'; did you mean 'effect'?"),
    "a third choice": ("copa", CAUSE | {"label": 2}, "the label 2 is neither 0 (choice1) nor 1 (choice2)"),
    "no second choice": ("copa", without(CAUSE, "choice2"), "the key 'choice2' is missing"),
    "an answer that is no choice": (
        "commonsenseqa",
        ASKED | {"answerKey": "C", "id": "y"},
        "the answer 'C' is no choice; known: A, B",
    ),
    "an id twice": ("commonsenseqa", ASKED, "the id 'x1' stands already in line 1"),
    "a question without its stem": (
        "commonsenseqa",
        ASKED | {"id": "y", "question": without(QUESTION, "stem")},
        "the key 'question.stem' is missing",
    ),
    "labels of choices that repeat": (
        "commonsenseqa",
        ASKED | {"id": "y", "question": QUESTION | {"choices": QUESTION["choices"][:1] * 2}},
        "the choices A, A of 2 texts: expected two or more, each with a label of its own",
    ),
    "a choice without text": (
        "commonsenseqa",
        ASKED | {"id": "y", "question": QUESTION | {"choices": [{"label": "A"}, {"label": "B", "text": "b"}]}},
        "the key 'question.choices[0].text' is missing",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_malformed_row_is_refused_by_its_line(case, written, refused):
    name, row, what = FAULTS[case]
    read, sound = READ[name]
    error = refused(read, written(lines(sound, row)))
    assert error.line == 2
    assert what in error.what
