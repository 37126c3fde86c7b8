"""A directory of official files as a source: XTREME's download layout, or a set's own release; any file plain or ``.gz``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.core.files import existing, find, listing
from isthmus.core.hashing import digest
from isthmus.sources.example import Example
from isthmus.sources.files import DOMAIN, LANGUAGE, SPLITS, Files
from isthmus.sources.format import load_format
from isthmus.sources.source import Fingerprint, examples_in, fingerprint_of

OWN_TEXT, MARKUP = 60, 130  # bytes of a question, and of the ids, answers and names around it, about
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

    def domains(self, files: Files, split: str) -> tuple[str, ...]:
        """Return the domains that files of raw text exist for, sorted: folders where those of no domain lie."""
        places = [
            folder / Path(str(layout.pattern(split))).parent for layout in files.layouts(split) for folder in self._folders()
        ]
        names = {name for place in places if place.is_dir() for name in listing(place) if DOMAIN.fullmatch(name)}
        return tuple(sorted(name for name in names if self.languages(files.of_domain(name), split)))

    def fingerprint(self, files: Files, language: str, split: str) -> Fingerprint:
        """Return the identity of one split without parsing it; raises DataError where it is missing.

        Of a file that several languages share, the language is part of the identity.
        """
        paths = self._paths(files, language, split)
        found = fingerprint_of([file for _, path, layout in paths for file in _parts(layout, path)])
        amounts = [_amount(layout, path, split) for _, path, layout in paths]
        found = replace(found, size=int(sum(size for size, _ in amounts)), examples=int(sum(count for _, count in amounts)))
        if any(_shared(layout, split) for _, _, layout in paths):
            return replace(found, digest=digest([found.digest, language]))
        return found

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
        parts = Path(pattern).parts
        at = next(i for i, part in enumerate(parts) if LANGUAGE in part)
        place, name = folder.joinpath(*parts[:at]), matcher(parts[at])
        names = listing(place) if place.is_dir() else ()
        named = {match["language"] for entry in names if (match := name.fullmatch(entry))}
        whole = parts[at + 1 :] == ()  # otherwise a folder bears the language, and the file is yet to be looked for
        return named if whole else {one for one in named if find(folder / pattern.replace(LANGUAGE, one))}

    def _paths(self, files: Files, language: str, split: str) -> list[tuple[str, Path, Files]]:
        """Return (prefix of ids, path, layout) of what a split is read from; several where sets are joined."""
        if not files.has(split):
            there = [name for name in SPLITS if files.has(name)]
            raise DataError(self.root, f"these data have no {split} split; {nearest(split, there)}")
        if not files.joined:
            return [("", *self._path(files, language, split))]
        parts = [self._paths(part, language, split) for part in files.joined]
        return [(f"{i}.{prefix}", path, layout) for i, own in enumerate(parts) for prefix, path, layout in own]

    def _path(self, files: Files, language: str, split: str) -> tuple[Path, Files]:
        """Return where a split is, and in which layout; raises DataError where it is nowhere, about the first layout."""
        layouts = list(files.layouts(split))
        for layout in layouts:
            for folder in self._folders():
                if language in self._found(layout, folder, split):
                    return existing(folder / str(layout.pattern(split)).replace(LANGUAGE, language)), layout
        patterns = [str(layout.pattern(split)).replace(LANGUAGE, language) for layout in layouts]
        further = f"; nor is there {' or '.join(patterns[1:])}" if patterns[1:] else ""
        further += f". {files.obtain}" if files.obtain else ""
        path = self.root / patterns[0]
        raise DataError(path, self._missing(layouts[0], language, split, path) + further)

    def _missing(self, files: Files, language: str, split: str, path: Path) -> str:
        """Say why a layout has no such split of a language."""
        if LANGUAGE not in str(files.pattern(split)) and language not in files.languages:
            return f"holds no language {language!r}; {nearest(language, files.languages)}"
        try:
            existing(path)
        except DataError as error:
            return error.what
        return "not a file that can be read"


def _parts(files: Files, path: Path) -> tuple[Path, ...]:
    return load_format(files.format).parts(path)


def _amount(files: Files, path: Path, split: str) -> tuple[float, float]:
    """Return about how many bytes of text are read of one language of a file, and how many examples it has."""
    form, parts = load_format(files.format), _parts(files, path)
    languages = len(files.languages) if _shared(files, split) else 1
    # What stands beside the first file are candidates or labels, which are read but are no examples.
    size, examples = float(fingerprint_of(parts).size), examples_in(parts[:1], form.mark)
    if form.shared and (texts := examples_in(parts, form.shared)):
        own = examples * OWN_TEXT
        size = own + max(size - own - examples * MARKUP, 0.0) * examples / texts
    return size * form.again / languages, examples / languages


def _shared(files: Files, split: str) -> bool:
    """Say whether several languages share one file of a layout."""
    return LANGUAGE not in str(files.pattern(split)) and len(files.languages) > 1


def matcher(name: str) -> re.Pattern[str]:
    """Return what matches one name of a path pattern, plain or ``.gz``; a language named twice must be the same."""
    first, *others = (re.escape(part) for part in name.split(LANGUAGE))
    return re.compile(f"{first}(?P<language>[A-Za-z0-9_-]+){'(?P=language)'.join(others)}(?:[.]gz)?")
