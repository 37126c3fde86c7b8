"""Tagged sentences as WikiANN is released (Rahimi et al. 2019): ``language:word TAB tag``; XTREME drops the prefix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from isthmus.core.errors import DataError
from isthmus.core.files import read_lines
from isthmus.sources.example import TaggedSentence
from isthmus.sources.format import Format
from isthmus.sources.formats.tags import sentences_of


def read(path: Path, labels: Sequence[str] = ()) -> list[TaggedSentence]:
    """Return the sentences of a file without the prefixes: what stands before the first colon of a line."""
    return sentences_of(path, _without_prefix(path), labels)


def _without_prefix(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in read_lines(path):
        prefix, colon, rest = line.partition(":")
        if line.strip() and (not colon or "\t" in prefix):
            raise DataError(path, f"no language before the word, expected language:word TAB tag: {line!r}", number)
        yield number, rest


FORMAT = Format(read, mark=b"\n\n")
