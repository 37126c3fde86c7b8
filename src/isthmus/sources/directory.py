"""A directory of official files as a source: XTREME's download layout, or a set's own release; any file plain or ``.gz``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.core.files import existing, find, listing
from isthmus.sources.example import Example
from isthmus.sources.files import LANGUAGE, SPLITS, Files
from isthmus.sources.format import load_format
from isthmus.sources.source import Fingerprint, fingerprint_of

FOLDERS = ("", "intermediate", "xtreme-r")  # below the root of a data directory sets may also be kept in one of these


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
        if files.joined:
            return tuple(sorted(set.intersection(*(set(self.languages(part, split)) for part in files.joined))))
        found = (self._found(layout, folder, split) for layout in files.layouts(split) for folder in self._folders())
        return tuple(sorted(set().union(*found)))

    def fingerprint(self, files: Files, language: str, split: str) -> Fingerprint:
        """Return the identity of one split without parsing it; raises DataError where it is missing."""
        return fingerprint_of(
            [file for _, path, layout in self._paths(files, language, split) for file in _parts(layout, path)]
        )

    def read(self, files: Files, language: str, split: str, labels: Sequence[str] = ()) -> list[Example]:
        """Return all examples of a split; raises DataError for each malformed row, as ``file:line: what``."""
        found: list[Example] = []
        for prefix, path, layout in self._paths(files, language, split):
            examples = load_format(layout.format).examples(path, labels, language)
            found += [replace(e, id=f"{prefix}{e.id}") for e in examples] if prefix else examples
        return found

    def _folders(self) -> Iterator[Path]:
        yield from (self.root / name for name in FOLDERS if not name or (self.root / name).is_dir())

    def _found(self, files: Files, folder: Path, split: str) -> set[str]:
        """Return the languages of one layout below one folder."""
        pattern = files.pattern(split)
        assert pattern is not None, "a layout without the split"
        if LANGUAGE not in pattern:
            return set(files.languages) if find(folder / pattern) else set()
        place = (folder / pattern).parent
        name = matcher(Path(pattern).name)
        names = listing(place) if place.is_dir() else ()
        return {match["language"] for entry in names if (match := name.fullmatch(entry))}

    def _paths(self, files: Files, language: str, split: str) -> list[tuple[str, Path, Files]]:
        """Return (prefix of ids, path, layout) of what a split is read from; several where sets are joined."""
        if not files.joined:
            return [("", *self._path(files, language, split))]
        parts = [self._paths(part, language, split) for part in files.joined]
        return [(f"{i}.{prefix}", path, layout) for i, own in enumerate(parts) for prefix, path, layout in own]

    def _path(self, files: Files, language: str, split: str) -> tuple[Path, Files]:
        """Return where a split is, and in which layout; raises DataError where it is nowhere, about the first layout."""
        layouts = list(files.layouts(split))
        if not layouts:
            there = [name for name in SPLITS if any(files.layouts(name))]
            raise DataError(self.root, f"these data have no {split} split; {nearest(split, there)}")
        for layout in layouts:
            for folder in self._folders():
                if language in self._found(layout, folder, split):
                    return existing(folder / str(layout.pattern(split)).replace(LANGUAGE, language)), layout
        raise self._missing(layouts[0], language, split, files.obtain, len(layouts) - 1)

    def _missing(self, files: Files, language: str, split: str, obtain: str, others: int) -> DataError:
        pattern = str(files.pattern(split))
        path = self.root / pattern.replace(LANGUAGE, language)
        further = f"; nor in any of {others} other layouts" if others else ""
        if LANGUAGE not in pattern and language not in files.languages:
            what = f"holds no language {language!r}; {nearest(language, files.languages)}"
            return DataError(self.root / pattern, what + further)
        try:
            existing(path)
        except DataError as error:
            return DataError(path, error.what + further + (f". {obtain}" if obtain else ""))
        return DataError(path, "not a file that can be read")


def _parts(files: Files, path: Path) -> tuple[Path, ...]:
    return load_format(files.format).parts(path)


def matcher(name: str) -> re.Pattern[str]:
    """Return what matches a file name of a pattern, plain or ``.gz``; a language named twice must be the same."""
    first, *others = (re.escape(part) for part in name.split(LANGUAGE))
    return re.compile(f"{first}(?P<language>[A-Za-z0-9_-]+){'(?P=language)'.join(others)}(?:[.]gz)?")
