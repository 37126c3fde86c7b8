"""Sentences and their English translations in two files: ``xx-en.xx`` and, beside it, ``xx-en.en``, row for row.

XTREME's preparation sorts the English side to withhold the alignment (utils_preprocess.py); such a file has no gold.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.core.errors import DataError
from isthmus.core.files import existing, read_lines
from isthmus.sources.example import SentencePair
from isthmus.sources.format import Format

TELLING = 4  # distinct lines from which on an alphabetical order is no accident


def read(path: Path, _labels: Sequence[str] = ()) -> list[SentencePair]:
    """Return the rows: queries are the English lines, candidates the other language's (XTREME's direction)."""
    english_path = english_side(path)
    english, other = _sentences(english_path), _sentences(path)
    if len(english) != len(other):
        raise DataError(path, f"{len(other)} sentences, but {english_path} has {len(english)}; they must pair row by row")
    aligned = not is_sorted(english)
    return [
        SentencePair(str(row), query, candidate, row if aligned else None)
        for row, (query, candidate) in enumerate(zip(english, other, strict=True))
    ]


def english_side(path: Path) -> Path:
    """Return the English file beside the other language's, plain or ``.gz``; raises DataError where there is none."""
    return existing(path.with_name(path.name.removesuffix(".gz")).with_suffix(".en"))


def is_sorted(lines: Sequence[str]) -> bool:
    """Return whether lines stand in alphabetical order, by code point or ignoring case, and are enough to tell."""
    return len(set(lines)) >= TELLING and any(sorted(lines, key=key) == list(lines) for key in (str, str.casefold))


def _sentences(path: Path) -> list[str]:
    sentences = []
    for number, line in read_lines(path):
        if not line.strip():
            raise DataError(path, "an empty sentence", number)
        sentences.append(line)
    return sentences


FORMAT = Format(read, parts=lambda path: (path, english_side(path)))
