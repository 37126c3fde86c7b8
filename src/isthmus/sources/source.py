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
    """What identifies one split of one language: the digest of its content; and how much it is, for estimates.

    ``size`` is in bytes of text, what is read several times counted as often; ``examples`` is None where nobody knows.
    Where the content is not ``there`` yet, the digest is that of its absence.
    """

    digest: str
    size: int
    examples: int | None = None
    there: bool = True


def examples_in(paths: Sequence[Path], mark: bytes) -> int:
    """Return how often a mark stands in some files, which is about how many examples they hold."""
    return sum(remembered(f"count {mark!r} in", path, lambda path: read_bytes(path).count(mark)) for path in paths)


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

    def domains(self, files: Files, split: str) -> tuple[str, ...]:
        """Return the domains that files of raw text exist for, sorted: folders where those of no domain lie."""
        ...

    def fingerprint(self, files: Files, language: str, split: str) -> Fingerprint:
        """Return the identity of one split without parsing it; raises DataError where it is missing."""
        ...

    def read(self, files: Files, language: str, split: str, labels: Sequence[str] = ()) -> list[Example]:
        """Return all examples of a split; raises DataError for each malformed row, as ``file:line: what``.

        ``labels`` are the permitted labels or tags (empty: any); an unknown one is an error with the nearest label.
        """
        ...
