"""COPA's XML as its authors released it: an ``item`` with ``p``, ``a1`` and ``a2``, asking for a cause or an effect.

``most-plausible-alternative`` is 1 or 2. The files name a DTD, which is not read; one that declares entities is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.parsers import expat

from isthmus.core.errors import DataError
from isthmus.core.files import read_text
from isthmus.sources.example import Choice
from isthmus.sources.format import Format
from isthmus.sources.formats.copa import choice_of
from isthmus.sources.json_lines import Record, alike

GOLD = "most-plausible-alternative"
KEYS = {"p": "premise", "a1": "choice1", "a2": "choice2", "asks-for": "question", GOLD: GOLD}  # as COPA's JSON lines have it


def read(path: Path, _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the items of a file, all of which have a label or none has; a fault names the line its item begins at."""
    records = _items(path)
    if not records:
        raise DataError(path, "no item in the file")
    return [choice_of(str(row), record, _label(record)) for row, record in enumerate(alike(records, GOLD))]


def _label(record: Record) -> int | None:
    if GOLD not in record.content:
        return None
    label = record.text(GOLD)
    if label not in ("1", "2"):
        raise record.fault(f"the {GOLD} {label!r} is neither 1 (a1) nor 2 (a2)")
    return int(label) - 1


def _items(path: Path) -> list[Record]:
    """Return each item as a record with the keys of COPA's JSON lines."""
    records: list[Record] = []
    inside: list[str] = []
    parser = expat.ParserCreate()

    def begin(name: str, attributes: dict[str, str]) -> None:
        inside.append(name)
        if name == "item":
            content = {KEYS[key]: value for key, value in attributes.items() if key in KEYS}
            records.append(Record(path, parser.CurrentLineNumber, content))

    def text(characters: str) -> None:
        if inside[-2:-1] == ["item"] and inside[-1] in KEYS:
            content, key = records[-1].content, KEYS[inside[-1]]
            content[key] = content.get(key, "") + characters

    def refuse(name: str, *_: Any) -> None:
        raise DataError(path, f"the entity {name!r} is declared, in a file that needs none", parser.CurrentLineNumber)

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _: inside.pop()
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(read_text(path), True)
    except expat.ExpatError as error:
        raise DataError(path, f"not XML ({expat.ErrorString(error.code)})", error.lineno) from None
    return records


FORMAT = Format(read, mark=b"<item")
