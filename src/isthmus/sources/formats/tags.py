"""Tagged sentences: ``word TAB tag`` lines, a blank line between sentences; a stripped file has the words alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.core.files import read_lines
from isthmus.sources.example import TaggedSentence
from isthmus.sources.format import Format


def read(path: Path, labels: Sequence[str] = ()) -> list[TaggedSentence]:
    """Return the sentences of a file, whose lines all have a tag or none has."""
    return sentences_of(path, read_lines(path), labels)


def sentences_of(path: Path, lines: Iterable[tuple[int, str]], labels: Sequence[str]) -> list[TaggedSentence]:
    """Return the sentences of numbered lines; raises DataError, about ``path``, for each that is malformed."""
    known = frozenset(labels)
    sentences: list[list[list[str]]] = []
    rows: list[list[str]] = []
    width = 0
    gap = 0  # first separator that closes no sentence: a fault unless the file ends here
    for number, line in lines:
        if not line.strip(" "):
            gap = gap if rows else gap or number
            if rows:
                sentences.append(rows)
                rows = []
            continue
        if gap:
            raise DataError(path, "an empty sentence: a blank line that ends no sentence", gap)
        cells = line.split("\t")
        width = width or len(cells)
        if len(cells) != width or width > 2 or not all(cells) or (width == 2 and known and cells[1] not in known):
            raise DataError(path, _fault(cells, width, labels), number)
        rows.append(cells)
    if rows:
        sentences.append(rows)
    return [_sentence(row, rows) for row, rows in enumerate(sentences)]


def _sentence(row: int, rows: list[list[str]]) -> TaggedSentence:
    words, *tags = zip(*rows, strict=True)
    return TaggedSentence(str(row), words, tags[0] if tags else None)


def _fault(cells: list[str], width: int, labels: Sequence[str]) -> str:
    """Say what is wrong with a line, ``width`` being the number of columns of the first one."""
    if len(cells) > 2:
        return f"{len(cells)} columns, expected word TAB tag: {cells!r}"
    if not cells[0]:
        return f"the word is missing: {cells!r}"
    if len(cells) < width or not cells[-1]:
        return f"the tag of {cells[0]!r} is missing, in a file that has tags"
    if len(cells) > width:
        return f"{cells[0]!r} has the tag {cells[1]!r}, in a file that begins without tags"
    return f"unknown tag {cells[1]!r} of {cells[0]!r}; {nearest(cells[1], labels)}"


FORMAT = Format(read, mark=b"\n\n")
