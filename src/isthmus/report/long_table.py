"""Every row of a study as one file for other programs: CSV, or Parquet where pyarrow is installed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from types import ModuleType

from isthmus.core.errors import SetupError
from isthmus.core.files import write_atomic
from isthmus.report.export import to_csv
from isthmus.results.row import Row

CSV, PARQUET = ".csv", ".parquet"


def write_table(rows: Sequence[Row], path: Path) -> None:
    """Write one line a row, by the ending of ``path``; the id of the step that computed a row leads to its provenance.

    Raises SetupError for another ending, for Parquet without pyarrow, and where the file cannot be written.
    """
    if path.suffix not in (CSV, PARQUET):
        raise SetupError(f"found {path.name!r}, expected a file named *{CSV} or *{PARQUET}")
    content = to_csv(rows).encode("utf-8") if path.suffix == CSV else _parquet(rows)
    try:
        write_atomic(path, content)
    except OSError as error:
        raise SetupError(f"the table {path} cannot be written ({error.strerror}); --table names another file") from None


def _parquet(rows: Sequence[Row]) -> bytes:
    pyarrow = _pyarrow()
    from pyarrow import parquet

    types = {
        "seed": pyarrow.int64(),
        "zero_shot": pyarrow.bool_(),
        "main": pyarrow.bool_(),
        "value": pyarrow.float64(),
        "n": pyarrow.int64(),
        "layer": pyarrow.int64(),
    }
    schema = pyarrow.schema([(field.name, types.get(field.name, pyarrow.string())) for field in fields(Row)])
    stream = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist([asdict(row) for row in rows], schema=schema), stream)
    return stream.getvalue()


def _pyarrow() -> ModuleType:
    try:
        import pyarrow
    except ImportError as error:
        what = f"--table writes Parquet with pyarrow ({error}); install it: pip install 'isthmus[hub]', or name a {CSV} file"
        raise SetupError(what) from None
    found: ModuleType = pyarrow
    return found
