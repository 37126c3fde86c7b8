"""Translated examples as a file: one JSON object an example, in the order of their source."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from isthmus.sources.example import Answer, Example
from isthmus.tasks.task import load_kind

EXAMPLES, TRANSLATION = "examples.jsonl", "translation.json"


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Write examples of one kind."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in examples)


def read_examples(path: Path, kind: str) -> list[Any]:
    """Return the examples of a kind that were written."""
    record = load_kind(kind).example
    with path.open(encoding="utf-8") as stream:
        return [record(**{key: _value(key, value) for key, value in json.loads(line).items()}) for line in stream]


def _value(key: str, value: Any) -> Any:
    """Return a value as records have it: answers as records, lists as tuples."""
    if key == "answers" and value is not None:
        return tuple(Answer(**answer) for answer in value)
    return tuple(value) if isinstance(value, list) else value
