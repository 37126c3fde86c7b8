"""SQuAD v2.0's layout: questions with answers, questions without any, stripped files, and what contradicts itself."""

from __future__ import annotations

import json

import pytest

from isthmus.sources.example import Answer, OpenQuestion
from isthmus.sources.formats.squad_v2 import read

CONTEXT = "The bridge was built in 1898."
THERE = [{"text": "1898", "answer_start": 24}]


def question(id_="q1", **more):
    return {"id": id_, "question": "When?", "answers": [], **more}


def document(*questions) -> str:
    return json.dumps({"version": "v2.0", "data": [{"paragraphs": [{"context": CONTEXT, "qas": questions}]}]}, indent=1)


def test_a_question_has_its_answers_or_none_at_all(written):
    path = written(
        document(
            question("q1", answers=THERE, is_impossible=False),
            question("q2", is_impossible=True, plausible_answers=THERE),
            question("q3", answers=THERE),
        )
    )
    assert read(path) == [
        OpenQuestion("q1", "When?", CONTEXT, (Answer("1898", 24),)),
        OpenQuestion("q2", "When?", CONTEXT, ()),
        OpenQuestion("q3", "When?", CONTEXT, (Answer("1898", 24),)),
    ]


def test_a_file_whose_questions_are_all_impossible_is_not_a_stripped_one(written):
    path = written(document(question("q1", is_impossible=True), question("q2", is_impossible=True)))
    assert [q.answers for q in read(path)] == [(), ()]


def test_without_answers_and_without_marks_the_file_was_stripped(written):
    path = written(document(question("q1"), question("q2", is_impossible=False)))
    assert [q.answers for q in read(path)] == [None, None]


def test_a_number_is_an_id_as_good_as_a_string(written):
    path = written(document(question(9101, is_impossible=True), question("q2", is_impossible=True)))
    assert [q.id for q in read(path)] == ["9101", "q2"]


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (question("bad", answers=THERE, is_impossible=True), "it is marked impossible and has the answer '1898'"),
        (question("bad"), "it has no answer, in a file that has answers"),
        (question("bad", answers=[{"text": "1898", "answer_start": 3}]), "the answer '1898' is not at character 3"),
        (question("q1", is_impossible=True), "this id stands more than once"),
        (question(7, answers=THERE, is_impossible=True), "it is marked impossible and has the answer '1898'"),
    ],
)
def test_a_wrong_question_is_refused_by_id_and_line(written, refused, bad, what):
    path = written(document(question(answers=THERE), bad))
    error = refused(read, path)
    assert error.what.startswith(f"question {str(bad['id'])!r}: {what}")
    lines = path.read_text("utf-8").splitlines()
    assert error.line == max(i for i, line in enumerate(lines, 1) if f'"id": {json.dumps(bad["id"])}' in line)


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (question(is_impossible="no"), "data[0].paragraphs[0].qas[0]: 'is_impossible' must be bool, found str"),
        (question(True), "qas[0]: 'id' must be str, found bool"),
        ("q", "qas[0]: expected an object with the key 'id'"),
        ({"id": 1}, "qas[0]: the key 'question' is missing"),
    ],
)
def test_a_wrong_shape_is_refused_by_its_place_in_the_tree(written, refused, bad, what):
    assert what in refused(read, written(document(bad))).what


@pytest.mark.parametrize(("name", "questions", "impossible"), [("dev-small", 626, 333), ("persianqa_test", 930, 279)])
def test_real_files_are_read_whole(data_dir, name, questions, impossible):
    path = data_dir / f"intermediate/squad_v2.0/{name}.json.gz"
    if not path.is_file():
        pytest.skip("the data directory has no intermediate/squad_v2.0")
    answers = [question.answers for question in read(path)]
    assert (len(answers), answers.count(())) == (questions, impossible)
    assert None not in answers
