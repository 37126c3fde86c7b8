"""Shapes: rows of the hub as examples, and each malformed row a fault that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.core.errors import DataError, UnknownName
from isthmus.sources.example import Answer, Choice, OpenQuestion, Question, SentencePair, TaggedSentence, TextPair
from isthmus.sources.json_lines import Record
from isthmus.sources.shape import SHAPES, load_shape

PLACE = Path("some/set@abc/test.parquet")
ASKED = {"id": "q1", "question": "Who?", "context": "It was Ada.", "answers": {"text": ["Ada"], "answer_start": [7]}}
ENDINGS = {"endings": ["a", "b", "c"], "label": 1}
LETTERED = {"id": "c1", "question": "Which?", "choices": {"label": ["A", "B"], "text": ["x", "y"]}, "label": "B"}


def shaped(name, *contents, labels=()):
    return list(load_shape(name)([Record(PLACE, i, dict(content)) for i, content in enumerate(contents, 1)], labels))


def refused(name, *contents, labels=()) -> str:
    with pytest.raises(DataError) as caught:
        shaped(name, *contents, labels=labels)
    return str(caught.value).removeprefix(f"{PLACE}:")


def test_an_unknown_shape_names_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'question'"):
        load_shape("questions")


def test_every_shape_makes_nothing_of_nothing():
    assert [load_shape(name)([], ()) for name in SHAPES.names()] == [[]] * len(SHAPES.names())


def test_texts_stand_alone_or_in_pairs():
    assert shaped("text_pair", {"first": "a", "second": "b", "label": "x"}) == [TextPair("0", "a", "b", "x")]
    assert shaped("text_pair", {"first": "a", "label": None}) == [TextPair("0", "a", None, None)]


def test_a_text_may_be_empty_but_not_missing():
    assert shaped("text_pair", {"first": "", "second": "b", "label": "x"})[0].first == ""
    assert refused("text_pair", {"first": None, "second": "b", "label": "x"}) == "1: 'first' must be str, found None"


def test_a_label_that_is_a_number_has_lost_its_name():
    assert refused("text_pair", {"first": "a", "second": "b", "label": 2}) == "1: 'label' must be str, found 2"


def test_a_split_is_labelled_throughout_or_not_at_all():
    row = {"first": "a", "second": "b"}
    told = refused("text_pair", row | {"label": "x"}, row | {"label": "x"}, row | {"label": None})
    assert told == "3: it has no label, in a split that begins with rows that have a label"


def test_words_have_tags():
    found = shaped("tagged", {"words": ["A", "rose"], "tags": ["DET", "NOUN"]}, labels=("DET", "NOUN"))
    assert found == [TaggedSentence("0", ("A", "rose"), ("DET", "NOUN"))]


@pytest.mark.parametrize(
    ("words", "tags", "told"),
    [
        (["A"], ["DET", "NOUN"], "1 words, but 2 tags"),
        ([], [], "a sentence without words"),
        (["A", ""], ["DET", "DET"], "an empty word: ['A', '']"),
        (["A"], ["DETT"], "unknown label 'DETT'; did you mean 'DET'?"),
        (["A"], [None], "'tags[0]' must be str, found None"),
    ],
)
def test_a_malformed_sentence_is_refused(words, tags, told):
    assert refused("tagged", {"words": words, "tags": tags}, labels=("DET", "NOUN")) == f"1: {told}"


def test_questions_have_answers_in_their_context():
    assert shaped("question", ASKED) == [Question("q1", "Who?", "It was Ada.", (Answer("Ada", 7),))]


@pytest.mark.parametrize("start", [0, 6, 9, 20])
def test_an_answer_near_its_place_is_taken_from_where_it_stands(start):
    found = shaped("question", ASKED | {"answers": {"text": ["Ada"], "answer_start": [start]}})
    assert found[0].answers == (Answer("Ada", 7),)


def test_of_two_places_near_the_nearest_is_meant():
    asked = ASKED | {"context": "Ada or Ada", "answers": {"text": ["Ada", "Ada"], "answer_start": [6, 1]}}
    assert [answer.start for answer in shaped("question", asked)[0].answers] == [7, 0]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"text": ["Bob"], "answer_start": [7]}, "the answer 'Bob' is not at character 7 of the context, nor near it"),
        ({"text": ["Ada"], "answer_start": [90]}, "the answer 'Ada' is not at character 90 of the context, nor near it"),
        ({"text": ["Ada"], "answer_start": []}, "1 answers, but 0 places of answers"),
        ({"text": ["Ada"]}, "the key 'answers.answer_start' is missing"),
        ([{"text": "Ada"}], "'answers' must be dict, found [{'text': 'Ada'}]"),
    ],
)
def test_a_malformed_answer_is_refused(answers, told):
    assert refused("question", ASKED | {"answers": answers}) == f"1: {told}"


def test_questions_without_answers_were_stripped_all_or_none():
    bare = ASKED | {"id": "q2", "answers": {"text": [], "answer_start": []}}
    assert shaped("question", bare)[0].answers is None
    assert refused("question", ASKED, bare) == "2: question 'q2' has no answer, in a split that has answers"


def test_an_id_stands_once():
    assert refused("question", ASKED, ASKED) == "2: the id 'q1' stands already in line 1"
    assert refused("lettered_choice", LETTERED, LETTERED) == "2: the id 'c1' stands already in line 1"


def test_an_open_question_may_have_no_answer():
    bare = ASKED | {"id": "q2", "answers": {"text": [], "answer_start": []}}
    first, second = shaped("open_question", ASKED, bare)
    assert (type(first), first.answers, second.answers) == (OpenQuestion, (Answer("Ada", 7),), ())
    assert shaped("open_question", bare)[0].answers is None


@pytest.mark.parametrize("label", [1, "1"])
def test_a_choice_has_the_number_of_an_ending(label):
    assert shaped("choice", ENDINGS | {"label": label}) == [Choice("0", "", None, ("a", "b", "c"), 1)]


@pytest.mark.parametrize("label", [-1, "", None])
def test_a_choice_without_a_label_was_stripped(label):
    found = shaped("choice", ENDINGS | {"label": label, "context": "It rains.", "question": "Why?"})
    assert found == [Choice("0", "It rains.", "Why?", ("a", "b", "c"), None)]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"label": 3}, "the label 3 is no ending; expected 0 to 2"),
        ({"label": "B"}, "the label must be the number of an ending, found 'B'"),
        ({"label": True}, "the label must be the number of an ending, found True"),
        ({"endings": ["a"], "label": 0}, "1 endings, expected two or more to choose from"),
        ({"endings": ["a", " "]}, "'endings[1]' is empty"),
    ],
)
def test_a_malformed_choice_is_refused(changes, told):
    assert refused("choice", ENDINGS | changes) == f"1: {told}"


def test_copa_asks_in_words():
    item = {"context": "It rained.", "question": "cause", "endings": ["a", "b"], "label": 0}
    asked = [choice.question for choice in shaped("copa", item, item | {"question": "effect"})]
    assert asked == ["What was the cause?", "What was the effect?"]
    assert refused("copa", item | {"question": "causes"}) == "1: unknown question 'causes'; did you mean 'cause'?"


def test_a_lettered_choice_is_answered_by_a_letter():
    assert shaped("lettered_choice", LETTERED) == [Choice("c1", "", "Which?", ("x", "y"), 1)]
    assert shaped("lettered_choice", LETTERED | {"label": ""})[0].label is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"label": "C"}, "the answer 'C' is no choice; known: A, B"),
        ({"choices": {"label": ["A", "A"], "text": ["x", "y"]}}, "the choices A, A of 2 texts: expected two or more"),
        ({"choices": {"label": ["A", "B"], "text": ["x"]}}, "the choices A, B of 1 texts: expected two or more"),
    ],
)
def test_a_malformed_lettered_choice_is_refused(changes, told):
    assert refused("lettered_choice", LETTERED | changes).startswith(f"1: {told}")


def test_a_bitext_pairs_row_by_row_without_line_ends():
    rows = ({"query": "Hello.\n", "candidate": "Hallo.\n"}, {"query": "Yes.", "candidate": "Ja."})
    assert shaped("bitext", *rows) == [SentencePair("0", "Hello.", "Hallo.", 0), SentencePair("1", "Yes.", "Ja.", 1)]
    assert refused("bitext", rows[0], {"query": "\n", "candidate": "Ja."}) == "2: 'query' is empty"


def test_sentences_are_ranked_as_in_files():
    (found,) = shaped("squad_sentences", ASKED | {"context": "It was Ada. She wrote it."})
    assert found.candidates[found.matches[0]][0].startswith("It was Ada.")
    assert len(found.candidates) == 2
