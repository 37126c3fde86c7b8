"""predictions.jsonl: one ``{"id": ..., "prediction": ...}`` an example, in the order of the source."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from isthmus.core.errors import CorruptArtifact


def write_predictions(path: Path, ids: Sequence[str], predictions: Sequence[Any]) -> None:
    """Write one prediction for each id."""
    rows = ({"id": id_, "prediction": prediction} for id_, prediction in zip(ids, predictions, strict=True))
    text = "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)
    path.write_bytes(text.encode("utf-8"))


def read_predictions(path: Path, ids: Sequence[str]) -> list[Any]:
    """Return the predictions for the examples with these ids.

    Raises CorruptArtifact naming the first line that is no prediction or has another id than the example in its place.
    """
    try:
        lines = path.read_bytes().decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorruptArtifact(f"{path}: cannot be read ({error})") from None
    if lines.pop():
        raise CorruptArtifact(f"{path}:{len(lines) + 1}: the last line has no end: the file was cut off")
    predictions = []
    for number, (id_, line) in enumerate(zip_longest(ids, lines), 1):
        found, prediction = _parsed(line, path, number) if line is not None else (None, None)
        if found != id_:
            raise CorruptArtifact(f"{path}:{number}: expected {_named(id_)}, found {_named(found)}")
        predictions.append(prediction)
    return predictions


def _parsed(line: str, path: Path, number: int) -> tuple[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError:
        row = None
    if not isinstance(row, dict) or row.keys() != {"id", "prediction"} or not isinstance(row["id"], str):
        raise CorruptArtifact(f"{path}:{number}: not a prediction: {line[:80]!r}")
    return row["id"], row["prediction"]


def _named(id_: str | None) -> str:
    return "the end of the file" if id_ is None else f"the id {id_!r}"
