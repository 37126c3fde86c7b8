"""predictions.jsonl comes back as it was written, and never under the id of another example."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.core.errors import CorruptArtifact
from isthmus.evaluation.predictions import read_predictions, write_predictions

PREDICTIONS = st.one_of(st.text(), st.integers(min_value=0), st.lists(st.text()))


@pytest.fixture
def file(tmp_path) -> Path:
    """Predictions of three questions."""
    path = tmp_path / "predictions.jsonl"
    write_predictions(path, ["a", "b", "c"], ["Rome", "Paris", "北京"])
    return path


@given(rows=st.lists(st.tuples(st.text(), PREDICTIONS), max_size=6))
def test_what_is_written_is_read_back(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("round") / "predictions.jsonl"
    ids, predictions = [id_ for id_, _ in rows], [prediction for _, prediction in rows]
    write_predictions(path, ids, predictions)
    assert read_predictions(path, ids) == predictions
    assert path.read_bytes().count(b"\n") == len(rows)


def test_a_line_can_be_read_by_people_and_by_anything_that_knows_json(file):
    lines = file.read_text("utf-8").splitlines()
    assert lines[2] == '{"id": "c", "prediction": "北京"}'
    assert json.loads(lines[0]) == {"id": "a", "prediction": "Rome"}


def test_a_prediction_too_few_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="shorter"):
        write_predictions(tmp_path / "predictions.jsonl", ["a", "b"], ["Rome"])


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["a", "x", "c"], r":2: expected the id 'x', found the id 'b'"),
        (["a", "c", "b"], r":2: expected the id 'c', found the id 'b'"),
        (["a", "b"], r":3: expected the end of the file, found the id 'c'"),
        (["a", "b", "c", "d"], r":4: expected the id 'd', found the end of the file"),
    ],
)
def test_predictions_for_other_examples_are_refused_at_the_first_difference(file, ids, message):
    with pytest.raises(CorruptArtifact, match=message):
        read_predictions(file, ids)


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "b"}',
        '{"id": "b", "prediction": 1, "score": 2}',
        '{"id": 2, "prediction": 1}',
        '["b", 1]',
        '"b"',
        "{",
        "",
    ],
)
def test_a_line_that_is_no_prediction_is_named(file, line):
    lines = file.read_text("utf-8").split("\n")
    file.write_text("\n".join([lines[0], line, *lines[2:]]), "utf-8")
    with pytest.raises(CorruptArtifact, match=r"predictions\.jsonl:2: not a prediction"):
        read_predictions(file, ["a", "b", "c"])


def test_a_file_cut_off_within_a_line_is_refused(file):
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(CorruptArtifact, match=r":3: .*cut off"):
        read_predictions(file, ["a", "b", "c"])


def test_a_missing_or_binary_file_is_refused(file, tmp_path):
    with pytest.raises(CorruptArtifact, match=r"none\.jsonl: cannot be read"):
        read_predictions(tmp_path / "none.jsonl", [])
    file.write_bytes(b"\xff\xfe\n")
    with pytest.raises(CorruptArtifact, match="cannot be read"):
        read_predictions(file, ["a"])
