"""SQuAD's layout: answers that stand where they say, stripped files, and every way in which a file can be wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.sources.example import Answer, Question
from isthmus.sources.formats.squad import read

CONTEXT = "The bridge was built in 1898."
BLANK = [{"answer_start": 0, "text": ""}]
words = st.text(st.characters(codec="utf-8"), min_size=1)


def question(id_="q1", answers=((24, "1898"),), **more):
    return {"id": id_, "question": "When?", "answers": [{"answer_start": s, "text": t} for s, t in answers], **more}


def document(*questions, context=CONTEXT) -> str:
    return json.dumps({"version": "1.1", "data": [{"paragraphs": [{"context": context, "qas": questions}]}]}, indent=1)


def test_questions_are_read_with_every_accepted_answer(written):
    path = written(document(question(answers=[(24, "1898"), (21, "in 1898")])))
    assert read(path) == [Question("q1", "When?", CONTEXT, (Answer("1898", 24), Answer("in 1898", 21)))]


def test_characters_are_counted_not_bytes(written):
    path = written(document(question(answers=[(3, "🌉在")]), context="桥梁 🌉在1898年"))
    assert read(path)[0].answers == (Answer("🌉在", 3),)


@pytest.mark.parametrize("answers", [BLANK, [], None])
def test_stripped_questions_have_no_answers(written, answers):
    stripped = [{"id": name, "question": "When?", "answers": answers} for name in "ab"]
    for entry in stripped:
        if answers is None:
            del entry["answers"]
    assert [q.answers for q in read(written(document(*stripped)))] == [None, None]


def test_numbers_that_repeat_as_ids_are_replaced_by_rows(written):
    path = written(document(question("12"), question("0"), question("0")))
    assert [q.id for q in read(path)] == ["0", "1", "2"]


@given(st.lists(st.tuples(words, words, words, words), min_size=1), st.booleans())
def test_what_is_written_is_read_back(tmp_path_factory, parts, ascii_only):
    path = tmp_path_factory.getbasetemp() / "squad.json"
    questions = [
        Question(f"q{i}", ask, before + answer + after, (Answer(answer, len(before)),))
        for i, (ask, before, answer, after) in enumerate(parts)
    ]
    paragraphs = [
        {"context": q.context, "qas": [question(q.id, [(a.start, a.text) for a in q.answers]) | {"question": q.question}]}
        for q in questions
    ]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}, ensure_ascii=ascii_only), "utf-8", newline="")
    assert read(path) == questions


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (question("bad", [(23, "1898")]), "the answer '1898' is not at character 23, where ' 189' stands; it stands at 24"),
        (question("bad", [(24, "1899")]), "the answer '1899' is not at character 24, where '1898' stands; it is not in"),
        (question("bad", [(-5, "1898")]), "not at character -5"),
        (question("bad", [(999, "1898")]), "not at character 999, where '' stands"),
        (question("bad", [(24, "1898"), (0, "")]), "one of its answers is empty"),
        (question("bad", []), "it has no answer, in a file that has answers"),
        (question("q1"), "this id stands more than once"),
        (question("bad", [], is_impossible=True), "marked impossible"),
    ],
)
def test_a_wrong_question_is_refused_by_id_and_line(written, refused, bad, what):
    path = written(document(question(), bad))
    error = refused(read, path)
    assert f"question {bad['id']!r}: " in error.what
    assert what in error.what
    lines = path.read_text("utf-8").splitlines()
    assert error.line == max(i for i, line in enumerate(lines, 1) if f'"id": "{bad["id"]}"' in line)


@pytest.mark.parametrize(
    ("tree", "what"),
    [
        ([], "the file: expected an object with the key 'data', found list"),
        ({"Data": []}, "the file: the key 'data' is missing"),
        ({"data": {}}, "the file: 'data' must be list, found dict"),
        ({"data": []}, "no question in the file"),
        ({"data": [{}]}, "data[0]: the key 'paragraphs' is missing"),
        ({"data": [{"paragraphs": [{"qas": []}]}]}, "data[0].paragraphs[0]: the key 'context' is missing"),
        ({"data": [{"paragraphs": [{"context": "c", "qas": [{"id": 1}]}]}]}, "qas[0]: 'id' must be str, found int"),
        ({"data": [{"paragraphs": [{"context": "c", "qas": [{"id": "1"}]}]}]}, "qas[0]: the key 'question' is missing"),
        ({"data": [{"paragraphs": [{"context": "c", "qas": ["q"]}]}]}, "qas[0]: expected an object with the key 'id'"),
        (json.loads(document(question() | {"answers": None})), "qas[0]: 'answers' must be list, found NoneType"),
        (json.loads(document(question() | {"answers": [{"text": "1898"}]})), "answers: the key 'answer_start' is missing"),
        (json.loads(document(question(answers=[("24", "1898")]))), "'answer_start' must be int, found str"),
        (json.loads(document(question(), context="half \ud83c")), "'context' holds half of a surrogate pair, \\ud83c"),
    ],
)
def test_a_wrong_shape_is_refused_by_its_place_in_the_tree(written, refused, tree, what):
    assert what in refused(read, written(json.dumps(tree))).what


def test_what_is_not_json_is_refused_by_line(written, refused):
    error = refused(read, written('{"data": [\n  {"paragraphs": oops}\n]}'))
    assert (error.line, error.what) == (2, "not JSON (Expecting value, column 18)")


def test_a_file_cut_short_is_refused(written, refused):
    whole = document(question())
    assert "not JSON" in refused(read, written(whole[: len(whole) // 2])).what
