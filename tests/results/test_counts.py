"""The counts behind a score survive the disk, as a file that every reader of safetensors understands."""

from __future__ import annotations

import numpy as np
from safetensors import safe_open

from isthmus.results.counts import COUNTS, read_counts, write_counts

ROWS = {"span_f1": [(1.0, 2.0, 3.0), (0.0, 0.0, 1.0)], "accuracy": [(1.0, 1.0), (0.0, 1.0)]}


def test_counts_survive_the_disk(tmp_path):
    write_counts(tmp_path, ROWS)
    found = read_counts(tmp_path)
    assert {metric: rows.tolist() for metric, rows in found.items()} == {
        m: [list(row) for row in rows] for m, rows in ROWS.items()
    }
    assert {rows.dtype for rows in found.values()} == {np.dtype("float32")}


def test_the_same_counts_are_the_same_bytes(tmp_path):
    write_counts(tmp_path, ROWS)
    first = (tmp_path / COUNTS).read_bytes()
    write_counts(tmp_path, dict(reversed(ROWS.items())))
    assert (tmp_path / COUNTS).read_bytes() == first


def test_the_file_is_plain_safetensors(tmp_path):
    write_counts(tmp_path, ROWS)
    with safe_open(tmp_path / COUNTS, "np") as file:
        assert set(file.keys()) == set(ROWS)


def test_a_score_without_labels_has_no_counts(tmp_path):
    assert read_counts(tmp_path) == {}
