"""Every faulty question of a JSON tree is told."""

from __future__ import annotations

import json

import pytest

from isthmus.survey.through import MOST, read_through


@pytest.fixture
def told(lay):
    """A function that reads a tree through and returns the ids that are read, and the (line, what) of the faults."""

    def told(text, format_="squad", language=""):
        path = lay({"xquad/xquad.de.json": text}) / "xquad/xquad.de.json"
        reading = read_through(format_, path, language=language)
        return [example.id for example in reading.examples], [(fault.line, fault.what) for fault in reading.faults]

    return told


def changed(text, change):
    tree = json.loads(text)
    change(tree["data"][0]["paragraphs"])
    return json.dumps(tree, indent=1)


def test_a_sound_tree_is_read(told, squad):
    assert told(squad("a bridge", "a river")) == (["q0", "q1"], [])


def test_each_faulty_question_is_told_at_its_line_and_the_others_are_read(told, squad):
    def change(paragraphs):
        paragraphs[1]["qas"][0]["answers"][0]["answer_start"] = 3
        del paragraphs[4]["qas"][0]["question"]

    text = changed(squad(*(f"bridge {n}" for n in range(7))), change)
    ids, faults = told(text)
    lines = text.splitlines()
    assert ids == ["q0", "q2", "q3", "q5", "q6"]
    assert [lines[line - 1].strip() for line, _ in faults] == ['"id": "q1",', '"id": "q4",']
    assert "is not at character 3" in faults[0][1]
    assert faults[1][1] == "data[0].paragraphs[4].qas[0]: the key 'question' is missing"


def test_a_paragraph_without_a_context_is_told_by_its_place(told, squad):
    ids, faults = told(changed(squad("a", "b", "c"), lambda paragraphs: paragraphs[2].pop("context")))
    assert ids == ["q0", "q1"]
    assert [what for _, what in faults] == ["data[0].paragraphs[2]: the key 'context' is missing"]


def test_what_is_wrong_with_several_questions_together_is_told_apart(lay, squad):
    def change(paragraphs):
        paragraphs[2]["qas"][0]["id"] = "q0"

    path = lay({"xquad.json": changed(squad("a", "b", "c"), change)}) / "xquad.json"
    reading = read_through("squad", path)
    assert (len(reading.examples), reading.faults) == (3, ())
    assert "stands more than once" in reading.together.what


@pytest.mark.parametrize("text", ["{", "[]", '{"data": 3}', '{"data": [{"paragraphs": [7]}]}', "null"])
def test_what_is_no_tree_is_one_fault(told, text):
    ids, faults = told(text)
    assert (ids, len(faults)) == ([], 1)


def test_a_file_of_another_language_is_one_fault_of_no_line(told, squad):
    ids, faults = told(squad("a"), "tydiqa", "fi")
    assert (ids, [line for line, _ in faults]) == ([], [None])


def test_no_more_than_some_faults_are_looked_for(lay, squad):
    text = squad(*"abcdefghijklmnopqrstuvwxyz" * 2, answers=[{"text": "9", "answer_start": 0}])
    reading = read_through("squad", lay({"a.json": text}) / "a.json")
    assert (len(reading.faults), reading.more, len(reading.examples)) == (MOST, True, 0)
