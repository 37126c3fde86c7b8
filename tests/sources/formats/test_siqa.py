"""Social IQa: answers by letter in the row, or by number in a file beside it."""

from __future__ import annotations

import gzip
import json

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.directory import Directory
from isthmus.sources.example import Choice
from isthmus.sources.files import Files
from isthmus.sources.formats.siqa import read

ROW = {
    "context": "Kim lent Lee a pen.",
    "question": "How would Lee feel?",
    "answerA": "angry",
    "answerB": "thankful",
    "answerC": "tired",
}


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def choices(*labels):
    return [Choice(str(i), ROW["context"], ROW["question"], ("angry", "thankful", "tired"), x) for i, x in enumerate(labels)]


def test_the_letter_of_the_answer_is_read(written):
    rows = [ROW | {"correct": letter} for letter in "BCA"]
    assert read(written(lines(*rows), "siqa.jsonl")) == choices(1, 2, 0)


@pytest.mark.parametrize("name", ["train-labels.lst", "train-labels.lst.gz"])
def test_the_numbers_of_the_answers_may_lie_in_a_file_beside_it(written, name):
    numbers = b"2\n3\n1\n"
    written(gzip.compress(numbers) if name.endswith("gz") else numbers, name)
    assert read(written(lines(ROW, ROW, ROW), "train.jsonl")) == choices(1, 2, 0)


def test_a_file_without_any_answers_is_stripped(written):
    written("1\n", "train-labels.lst")
    assert read(written(lines(ROW, ROW), "test.jsonl")) == choices(None, None)


def test_changed_labels_are_other_data(written):
    path, files = written(lines(ROW), "train.jsonl"), Files(format="siqa", train="train.jsonl")
    source = Directory(path.parent)
    prints = []
    for label in "12":
        written(f"{label}\n", "train-labels.lst")
        prints.append(source.fingerprint(files, "en", "train").digest)
    assert prints[0] != prints[1]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (ROW | {"correct": "D"}, "the answer 'D' is no choice; known: A, B, C"),
        (ROW | {"correct": 1}, "'correct' must be str, found 1"),
        (ROW | {"correct": ""}, "'correct' is empty"),
        (ROW, "it has no 'correct', in a file that begins with such keys"),
        (ROW | {"correct": "A", "answerB": ""}, "'answerB' is empty"),
        ({name: ROW[name] for name in ("question", "answerA")} | {"correct": "A"}, "the key 'answerB' is missing"),
    ],
)
def test_a_malformed_row_is_refused_by_its_line(written, refused, row, what):
    error = refused(read, written(lines(ROW | {"correct": "A"}, row), "dev.jsonl"))
    assert error.line == 2
    assert what in error.what


@pytest.mark.parametrize(
    ("labels", "line", "what"),
    [
        ("1\n4\n", 2, "the answer '4' is no choice; known: 1, 2, 3"),
        ("1\n\n", 2, "the answer '' is no choice"),
        ("1\n", None, "1 labels, expected 2, one for each line of train.jsonl"),
        ("1\n2\n3\n", None, "3 labels, expected 2"),
    ],
)
def test_a_file_of_labels_that_does_not_fit_is_named(written, labels, line, what):
    beside = written(labels, "train-labels.lst")
    with pytest.raises(DataError, match=what) as caught:
        read(written(lines(ROW, ROW), "train.jsonl"))
    assert (caught.value.path, caught.value.line) == (beside, line)
