"""SQuAD as retrieval: the sentence that holds the answer among all sentences of the file."""

from __future__ import annotations

import json

import pytest

from isthmus.core.files import find
from isthmus.sources.formats import xquad_r
from isthmus.sources.formats.squad_sentences import read

FIRST = "The bridge was built in 1898. It fell in 1931. Nobody was hurt."
SECOND = " Ships pass below. Dr. Hall counts them. "


def document(*paragraphs):
    entries = [
        {
            "context": context,
            "qas": [
                {
                    "id": id_,
                    "question": f"{id_}?",
                    "answers": [{"answer_start": context.index(a), "text": a} for a in answers],
                }
                for id_, answers in asked.items()
            ],
        }
        for context, asked in paragraphs
    ]
    return json.dumps({"version": "1.1", "data": [{"paragraphs": entries}]})


def test_right_is_the_sentence_in_which_the_first_answer_begins(written):
    path = written(
        document((FIRST, {"a": ["1931", "1898"], "b": ["1898. It fell"]}), (SECOND, {"c": [" Dr. Hall", "Ships"]}))
    )
    questions = read(path)
    assert [(q.id, q.query, q.matches) for q in questions] == [
        ("a", "a?", ("1_1",)),
        ("b", "b?", ("1_0",)),
        ("c", "c?", ("2_1",)),
    ]
    pool = questions[0].candidates
    assert all(q.candidates is pool for q in questions)
    assert {id_: text for id_, (text, _) in pool.items()} == {
        "1_0": "The bridge was built in 1898.",
        "1_1": "It fell in 1931.",
        "1_2": "Nobody was hurt.",
        "2_0": "Ships pass below.",
        "2_1": "Dr. Hall counts them.",
    }
    assert [context for _, context in pool.values()] == [FIRST] * 3 + [SECOND] * 2


def test_a_paragraph_that_stands_twice_is_in_the_pool_once(written):
    questions = read(written(document((FIRST, {"a": ["1931"]}), (SECOND, {"b": ["Ships"]}), (FIRST, {"c": ["1898"]}))))
    assert len(questions[0].candidates) == 5
    assert questions[2].matches == ("1_0",)


def test_a_sentence_that_the_paragraph_says_twice_is_right_both_times(written):
    (question,) = read(written(document(("No. It is. No.", {"a": ["No"]}))))
    assert question.matches == ("1_0", "1_2")


def test_questions_stripped_of_their_answers_have_no_match(written):
    assert [q.matches for q in read(written(document((FIRST, {"a": [], "b": []}))))] == [None, None]


def test_a_faulty_file_is_refused_as_squads_is(written, refused):
    path = written(document((FIRST, {"a": ["1931"]})).replace("fell in 1931", "fell in 1930"), "squad.json")
    assert "it is not in the context at all" in refused(read, path).what


def test_the_rules_find_the_sentences_that_xquad_r_gives_for_its_english_paragraphs(data_dir):
    file = find(data_dir / "xtreme-r/lareqa/xquad-r/en.json") or find(data_dir / "lareqa/xquad-r/en.json")
    if file is None:
        pytest.skip("the data directory has no XQuAD-R")
    ours, theirs = read(file), xquad_r.read(file)
    found = {text for text, _ in ours[0].candidates.values()}
    given = {text for id_, (text, _) in theirs[0].candidates.items() if id_.startswith("en_")}
    assert len(found & given) > 0.98 * len(found | given)
    chosen = [[{e.candidates[id_][0] for id_ in e.matches} for e in side] for side in (ours, theirs)]
    assert sum(a <= b for a, b in zip(*chosen, strict=True)) > 0.98 * len(ours)
