"""Raw text, one text a line, or on every line ``id TAB text``, or ``id TAB first TAB second`` for two segments.

Lines of several languages with the same id say the same; an empty id is none. Blank lines are skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.core.errors import DataError
from isthmus.core.files import read_lines
from isthmus.sources.example import Line
from isthmus.sources.format import Format


def read(path: Path, _labels: Sequence[str] = ()) -> list[Line]:
    """Return the lines of a file; without columns in the file every id is empty."""
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
        id_, *segments = line.split("\t")
        if len(segments) not in (1, 2) or not all(map(str.strip, segments)):
            what = f"expected `id TAB text` or `id TAB first TAB second` as in line {first}, found {line[:60]!r}"
            raise DataError(path, what, number)
        if id_ and id_ in seen:
            raise DataError(path, f"the id {id_!r} stands already in line {seen[id_]}", number)
        seen[id_] = number
        examples.append(Line(id_, *segments))
    return examples


FORMAT = Format(read)
