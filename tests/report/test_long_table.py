"""The long table survives both forms."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from isthmus.core.errors import SetupError
from isthmus.report.export import to_csv
from isthmus.report.long_table import write_table
from isthmus.results.row import Row


def test_csv_is_that_of_show(rows, tmp_path):
    write_table(rows, tmp_path / "rows.csv")
    assert (tmp_path / "rows.csv").read_text("utf-8") == to_csv(rows)


def test_rows_survive_parquet_with_their_types(rows, tmp_path):
    from pyarrow import parquet

    rows = [replace(rows[0], value=None, layer=7), *rows[1:]]
    write_table(rows, tmp_path / "rows.parquet")
    assert [Row(**row) for row in parquet.read_table(tmp_path / "rows.parquet").to_pylist()] == rows


def test_a_study_without_rows_is_a_table_with_columns(tmp_path):
    from pyarrow import parquet

    write_table([], tmp_path / "rows.parquet")
    assert "step" in parquet.read_table(tmp_path / "rows.parquet").column_names


def test_another_ending_is_refused(rows, tmp_path):
    with pytest.raises(SetupError, match=r"found 'rows.xlsx', expected a file named \*\.csv or \*\.parquet"):
        write_table(rows, tmp_path / "rows.xlsx")


def test_without_pyarrow_the_extra_is_named(rows, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SetupError, match=r"isthmus\[hub\]"):
        write_table(rows, tmp_path / "rows.parquet")


def test_a_place_that_cannot_be_written_is_told(rows, tmp_path):
    with pytest.raises(SetupError, match="--table names another file"):
        write_table(rows, tmp_path / "no/such/rows.csv")
