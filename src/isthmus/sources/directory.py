"""A directory in the official XTREME download layout as a source; every file may be plain or ``.gz``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.core.files import existing, find, listing
from isthmus.sources.example import Example
from isthmus.sources.files import SPLITS, Files
from isthmus.sources.format import load_format
from isthmus.sources.source import Fingerprint, fingerprint_of

LANGUAGE = "{language}"


@dataclass(frozen=True)
class Directory:
    """Reads what lies below ``root``; raises DataError at once where that is no directory."""

    root: Path

    def __post_init__(self) -> None:
        if not self.root.is_dir():
            what = "not a directory" if self.root.exists() else "no such directory"
            raise DataError(self.root, f"{what}; expected one in the official XTREME layout")

    def languages(self, files: Files, split: str) -> tuple[str, ...]:
        """Return the languages that exist for a split, sorted; empty where there is none."""
        pattern = files.pattern(split)
        if pattern is None:
            return ()
        if LANGUAGE not in pattern:
            return tuple(sorted(files.languages)) if find(self.root / pattern) else ()
        folder = (self.root / pattern).parent
        name = _matcher(Path(pattern).name)
        names = listing(folder) if folder.is_dir() else ()
        return tuple(sorted({match["language"] for entry in names if (match := name.fullmatch(entry))}))

    def fingerprint(self, files: Files, language: str, split: str) -> Fingerprint:
        """Return the identity of one split without parsing it; raises DataError where it is missing."""
        return fingerprint_of(load_format(files.format).parts(self._path(files, language, split)))

    def read(self, files: Files, language: str, split: str, labels: Sequence[str] = ()) -> list[Example]:
        """Return all examples of a split; raises DataError for each malformed row, as ``file:line: what``."""
        return list(load_format(files.format).read(self._path(files, language, split), labels))

    def _path(self, files: Files, language: str, split: str) -> Path:
        pattern = files.pattern(split)
        if pattern is None:
            there = [name for name in SPLITS if files.pattern(name)]
            raise DataError(self.root, f"these data have no {split} split; {nearest(split, there)}")
        if LANGUAGE not in pattern and language not in files.languages:
            raise DataError(self.root / pattern, f"holds no language {language!r}; {nearest(language, files.languages)}")
        return existing(self.root / pattern.replace(LANGUAGE, language))


def _matcher(name: str) -> re.Pattern[str]:
    """Return what matches a file name of a pattern, plain or ``.gz``; a language named twice must be the same."""
    first, *others = (re.escape(part) for part in name.split(LANGUAGE))
    return re.compile(f"{first}(?P<language>[A-Za-z0-9_-]+){'(?P=language)'.join(others)}(?:[.]gz)?")
