"""Answers alone are told from data."""

from __future__ import annotations

import pytest

from isthmus.survey.answers import count_answers


@pytest.mark.parametrize(
    ("name", "content", "number"),
    [
        ("xnli/test-de.tsv", "neutral\nentailment\n", 2),
        ("pawsx/test-de.tsv", "0\n1\n1\n", 3),
        ("udpos/test-de.tsv", "DET\nNOUN\n\nNOUN\nVERB\n\n", 2),
        ("panx/test-de.tsv", "O\nB-PER\nI-PER\n\nO\n", 2),
        ("tatoeba/test-de.tsv", "17\n3\n", 2),
        ("bucc2018/test-de.tsv", "de-0001\ten-0002\nde-0004\ten-0001\n", 2),
        ("xquad/test-de.json", '{"a": "a bridge", "b": ""}', 2),
        ("mewslix/test-de.json", '{"a": ["Q1", "Q2"]}', 1),
        ("xnli/test-de.tsv", "A man sleeps.\tIt rains.\tneutral\n", None),
        ("panx/test-de.tsv", "The\nbridge\n\n", None),
        ("xquad/test-de.json", '{"data": []}', None),
        ("xquad/test-de.json", '{"data": [{"paragraphs": []}]}', None),
        ("xquad/test-de.json", "{", None),
        ("xquad/test-de.jsonl", "0\n", None),
    ],
)
def test_answers_are_counted_and_data_are_not_answers(lay, name, content, number):
    assert count_answers(lay({name: content}) / name) == number


def test_one_line_that_is_no_answer_far_below_makes_it_none(lay):
    root = lay({"a.tsv": "neutral\n" * 500 + "It rains.\n"})
    assert count_answers(root / "a.tsv") is None
