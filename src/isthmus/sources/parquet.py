"""Parquet files as the Hugging Face hub has them: rows as records, numbers of classes as the names of the classes.

Reading parquet runs no code of the file's author. pyarrow comes with the extra ``hub`` and is imported when a file is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from isthmus.core.errors import DataError, SetupError, nearest
from isthmus.sources.json_lines import Record

FEATURES = b"huggingface"  # key of the metadata that says which columns are classes
UNKNOWN = -1  # the class of a row whose label was withheld


def read_rows(file: Path, shown: Path, columns: Mapping[str, tuple[str, ...]]) -> Iterator[Record]:
    """Yield the rows of a file, a group of rows in memory at a time; ``line`` is the row, from 1.

    ``columns`` are {name in the record: names in the file}; a name for several columns gets the list of their values.
    ``shown`` is what the file is called in faults. Raises DataError for a file that cannot be read, a missing column
    and a class that has no name.
    """
    pyarrow, parquet = _pyarrow()
    wanted = list(dict.fromkeys(column for names in columns.values() for column in names))
    try:
        with parquet.ParquetFile(file) as opened:
            schema = opened.schema_arrow
            for column in wanted:
                if column not in schema.names:
                    raise DataError(shown, f"no column {column!r}; {nearest(column, schema.names)}")
            classes = _classes(schema.metadata, wanted)
            number = 0
            for batch in opened.iter_batches(columns=wanted):
                for row in batch.to_pylist():
                    number += 1
                    record = Record(shown, number, row)
                    named = {c: _named(record, row[c], classes[c]) if c in classes else row[c] for c in wanted}
                    values = {name: [named[column] for column in names] for name, names in columns.items()}
                    yield Record(shown, number, {k: v[0] if len(columns[k]) == 1 else v for k, v in values.items()})
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(shown, f"cannot be read as parquet ({str(error).splitlines()[0]})") from error


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        what = f"data: hub reads parquet files with pyarrow ({error}); install it: pip install 'isthmus[hub]'"
        raise SetupError(what) from None
    return pyarrow, parquet


def _classes(metadata: Mapping[bytes, bytes] | None, columns: list[str]) -> dict[str, list[str]]:
    """Return {column: names of its classes} of those columns that are classes, or lists of them."""
    features = json.loads((metadata or {}).get(FEATURES, b"{}")).get("info", {}).get("features", {})
    found = {column: _names_of(features.get(column)) for column in columns}
    return {column: names for column, names in found.items() if names}


def _names_of(feature: Any) -> list[str] | None:
    """Return the names of a class label; lists are written as ``{"feature": ...}`` and were once written as ``[...]``."""
    if isinstance(feature, list):
        return _names_of(feature[0]) if feature else None
    if not isinstance(feature, dict):
        return None
    return feature.get("names") if feature.get("_type") == "ClassLabel" else _names_of(feature.get("feature"))


def _named(record: Record, value: Any, names: list[str]) -> Any:
    """Return the name of a class, None where it was withheld, and of a list those of its members."""
    if isinstance(value, list):
        return [_named(record, member, names) for member in value]
    if value is None or value == UNKNOWN:
        return None
    if type(value) is not int or not 0 <= value < len(names):
        raise record.fault(f"the class {value!r} has no name; expected 0 to {len(names) - 1} ({', '.join(names)[:60]})")
    return names[value]
