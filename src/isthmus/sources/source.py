"""The idea of a source; its kinds stand beside it, one a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from isthmus.core.files import read_bytes
from isthmus.core.hashing import digest
from isthmus.core.remembered import remembered
from isthmus.sources.example import Example
from isthmus.sources.files import Files


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What identifies one split of one language: the digest of its content, and its size in bytes of raw text."""

    digest: str
    size: int


def fingerprint_of(paths: Sequence[Path]) -> Fingerprint:
    """Return the identity of some files read one after another; a plain file and its ``.gz`` are the same data."""
    contents = [remembered("content", path, _content) for path in paths]
    return Fingerprint(digest([sha256 for sha256, _ in contents]), sum(size for _, size in contents))


def _content(path: Path) -> tuple[str, int]:
    content = read_bytes(path)
    return hashlib.sha256(content).hexdigest(), len(content)


class Source(Protocol):
    """Lists and reads examples; the same examples in the same order every time."""

    def languages(self, files: Files, split: str) -> tuple[str, ...]:
        """Return the languages that exist for a split, sorted; empty where there is none."""
        ...

    def fingerprint(self, files: Files, language: str, split: str) -> Fingerprint:
        """Return the identity of one split without parsing it; raises DataError where it is missing."""
        ...

    def read(self, files: Files, language: str, split: str, labels: Sequence[str] = ()) -> list[Example]:
        """Return all examples of a split; raises DataError for each malformed row, as ``file:line: what``.

        ``labels`` are the permitted labels or tags (empty: any); an unknown one is an error with the nearest label.
        """
        ...
