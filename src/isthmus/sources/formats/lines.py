"""Raw text, one text a line, or ``id TAB text`` on every line: parallel by id. Blank lines are skipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.core.errors import DataError
from isthmus.core.files import read_lines
from isthmus.sources.example import Line
from isthmus.sources.format import Format


def read(path: Path, _labels: Sequence[str] = ()) -> list[Line]:
    """Return the lines of a file; without ids in the file every id is empty."""
    rows = [(number, line) for number, line in read_lines(path) if line.strip()]
    first, opening = rows[0]
    if "\t" not in opening:
        for number, line in rows:
            if "\t" in line:
                raise DataError(path, f"a TAB in {line[:60]!r}, though line {first} has no `id TAB text`", number)
        return [Line("", line) for _, line in rows]
    seen: dict[str, int] = {}
    examples: list[Line] = []
    for number, line in rows:
        id_, _, text = line.partition("\t")
        if not id_.strip() or not text.strip():
            raise DataError(path, f"expected `id TAB text` as in line {first}, found {line[:60]!r}", number)
        if id_ in seen:
            raise DataError(path, f"the id {id_!r} stands already in line {seen[id_]}", number)
        seen[id_] = number
        examples.append(Line(id_, text))
    return examples


FORMAT = Format(read)
