"""Social IQa's JSON lines: ``context``, ``question``, ``answerA`` to ``answerC``, and ``correct``, the letter of one.

So version 1.4, which XTREME-R uses. The leaderboard's release has no ``correct``; for ``train.jsonl`` it has the numbers 1
to 3, one a line, in ``train-labels.lst``, and for its test file nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.core.files import find, read_lines
from isthmus.sources.example import Choice
from isthmus.sources.format import Format
from isthmus.sources.json_lines import Record, alike, read_records

LETTERS = ("A", "B", "C")
NUMBERS = ("1", "2", "3")


def read(path: Path, _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the items of a file, all of which have an answer or none has."""
    records = list(alike(read_records(path), "correct"))
    beside = parts(path)[1:]
    if "correct" in records[0].content:
        labels = [_index(r.path, r.line, r.text("correct"), LETTERS) for r in records]
    else:
        labels = [_index(file, line, text, NUMBERS) for file in beside for line, text in read_lines(file)]
    if labels and len(labels) != len(records):
        raise DataError(beside[0], f"{len(labels)} labels, expected {len(records)}, one for each line of {path.name}")
    return [_choice(str(row), record, labels[row] if labels else None) for row, record in enumerate(records)]


def parts(path: Path) -> tuple[Path, ...]:
    """Return the file and, where there is one, the file of labels beside it."""
    labels = find(path.with_name(path.name.removesuffix(".gz").removesuffix(".jsonl") + "-labels.lst"))
    return (path, labels) if labels else (path,)


def _index(path: Path, line: int, name: str, names: tuple[str, ...]) -> int:
    if name.strip() not in names:
        raise DataError(path, f"the answer {name!r} is no choice; {nearest(name, names)}", line)
    return names.index(name.strip())


def _choice(id_: str, record: Record, label: int | None) -> Choice:
    endings = tuple(record.text(f"answer{letter}") for letter in LETTERS)
    return Choice(id_, record.text("context"), record.text("question"), endings, label)


FORMAT = Format(read, parts)
