"""CosmosQA: the same questions as CSV and as JSON lines, and every way in which a row can be wrong."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from isthmus.sources.example import Choice
from isthmus.sources.formats.cosmosqa import read

ROW = {
    "id": "s1##q1",
    "context": 'She packed, and said "off we go".\nThen it rained.',
    "question": "Why did she pack ?",
    "answer0": "To leave .",
    "answer1": "To stay .",
    "answer2": "To sleep .",
    "answer3": "None of the above choices .",
    "label": "0",
}
ANSWERS = ("To leave .", "To stay .", "To sleep .", "None of the above choices .")


def table(*rows):
    stream = StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def without(row, key):
    return {name: value for name, value in row.items() if name != key}


def test_a_row_of_csv_is_read_with_its_quotes_and_line_ends(written):
    assert read(written(table(ROW, ROW | {"id": "s2", "label": "3"}), "train.csv")) == [
        Choice("s1##q1", ROW["context"], ROW["question"], ANSWERS, 0),
        Choice("s2", ROW["context"], ROW["question"], ANSWERS, 3),
    ]


def test_json_lines_say_the_same_with_labels_as_numbers_or_without(written):
    table_ = read(written(table(ROW), "train.csv"))
    assert read(written(lines(ROW | {"label": 0}), "train.jsonl")) == table_
    (bare,) = read(written(lines(without(ROW, "label")), "test.jsonl"))
    assert (bare.label, bare.endings) == (None, ANSWERS)


def test_a_table_without_the_column_of_labels_is_stripped(written):
    assert [choice.label for choice in read(written(table(without(ROW, "label")), "valid.csv"))] == [None]


OTHER = ROW | {"id": "s2"}


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (OTHER | {"label": "4"}, "the label '4' is no answer; expected 0 to 3"),
        (OTHER | {"label": ""}, "the label '' is no answer"),
        (OTHER | {"answer2": " "}, "'answer2' is empty"),
        (OTHER | {"context": ""}, "'context' is empty"),
        (ROW, "the id 's1##q1' stands already in line"),
    ],
)
def test_a_malformed_row_is_refused_by_the_line_it_begins_at(written, refused, row, what):
    as_table = refused(read, written(table(ROW, row), "train.csv"))
    as_lines = refused(read, written(lines(ROW, row), "train.jsonl"))
    assert (as_table.line, as_lines.line) == (4, 2)  # the first row of the table has a line end in it
    assert what in as_table.what
    assert what in as_lines.what


@pytest.mark.parametrize(
    ("content", "name", "line", "what"),
    [
        ("id,context,question\n1,a,b,c\n", "train.csv", 2, "4 columns, expected 3 as in the header"),
        ("id,context,question\n", "train.csv", 1, "no row below the header"),
        ('id,context\n1,"a\n', "train.csv", 2, "the quotes of this row do not match"),
        (table(without(ROW, "answer3")), "train.csv", 2, "the key 'answer3' is missing"),
        (lines(ROW, without(OTHER, "label")), "test.jsonl", 2, "it has no 'label'"),
        (table(ROW), "test.jsonl", 1, "not JSON"),
    ],
)
def test_a_file_of_another_shape_is_refused(written, refused, content, name, line, what):
    error = refused(read, written(content, name))
    assert error.line == line
    assert what in error.what
