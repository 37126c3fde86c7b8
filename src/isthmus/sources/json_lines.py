"""Files of one JSON object a line, every fault named by its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from isthmus.core.errors import DataError
from isthmus.core.files import read_lines

T = TypeVar("T")
HALF = re.compile("[\ud800-\udfff]")  # JSON can write it, UTF-8 and tokenizers cannot


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object, or one within it, and the line it stands on; ``where`` leads to it, empty for the whole line."""

    path: Path
    line: int
    content: dict[str, Any]
    where: str = ""

    def fault(self, what: str) -> DataError:
        """Return an error about this line."""
        return DataError(self.path, what, self.line)

    def item(self, key: str, kind: type[T]) -> T:
        """Return the value of a key; raises DataError where it is missing or of another type than ``kind``."""
        if key not in self.content:
            raise self.fault(f"the key {self.where + key!r} is missing")
        return self._checked(self.content[key], kind, key)

    def items(self, key: str, kind: type[T]) -> list[T]:
        """Return the members of the list at a key, all of one type; raises DataError as ``item``."""
        return [self._checked(value, kind, f"{key}[{i}]") for i, value in enumerate(self.item(key, list))]

    def text(self, key: str) -> str:
        """Return a string that is not blank."""
        return self._said(self.item(key, str), key)

    def texts(self, key: str) -> list[str]:
        """Return a list of strings none of which is blank."""
        return [self._said(value, f"{key}[{i}]") for i, value in enumerate(self.items(key, str))]

    def record(self, key: str) -> Record:
        """Return the object at a key."""
        return Record(self.path, self.line, self.item(key, dict), f"{self.where}{key}.")

    def records(self, key: str) -> list[Record]:
        """Return the objects of the list at a key."""
        found = enumerate(self.items(key, dict))
        return [Record(self.path, self.line, content, f"{self.where}{key}[{i}].") for i, content in found]

    def _said(self, value: str, key: str) -> str:
        if not value.strip():
            raise self.fault(f"{self.where + key!r} is empty")
        return value

    def _checked(self, value: Any, kind: type[T], key: str) -> T:
        if type(value) is not kind:  # true is no number here
            raise self.fault(f"{self.where + key!r} must be {kind.__name__}, found {value!r:.60}")
        if isinstance(value, str) and HALF.search(value):
            raise self.fault(f"{self.where + key!r} holds half of a surrogate pair: no character")
        checked: T = value
        return checked


def read_records(path: Path) -> Iterator[Record]:
    """Yield the objects of a file; raises DataError for a line that is no JSON object, a blank one too."""
    for number, line in read_lines(path):
        try:
            content = json.loads(line)
        except json.JSONDecodeError as error:
            what = f"not JSON ({error.msg}, column {error.colno})" if line.strip() else "a blank line"
            raise DataError(path, what, number) from None
        if not isinstance(content, dict):
            raise DataError(path, f"expected a JSON object, found {line[:60]}", number)
        yield Record(path, number, content)


def alike(records: Iterable[Record], *keys: str) -> Iterator[Record]:
    """Yield records that all have a key or all lack it, of several each; raises DataError for the first that differs."""
    first: frozenset[str] | None = None
    for record in records:
        there = frozenset(keys) & record.content.keys()
        first = there if first is None else first
        for key in first ^ there:
            has, others = ("no ", "") if key in first else ("a ", "no ")
            raise record.fault(f"it has {has}{key!r}, in a file that begins with {others}such keys")
        yield record


def check_single_ids(records: list[Record]) -> None:
    """Raise DataError for the first record whose ``id`` stands in an earlier line of the file."""
    seen: dict[str, int] = {}
    for record in records:
        first = seen.setdefault(record.text("id"), record.line)
        if first != record.line:
            raise record.fault(f"the id {record.text('id')!r} stands already in line {first}")
