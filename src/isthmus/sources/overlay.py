"""The hub, and beside it a directory for what the hub lacks: what may not be downloaded freely, and raw text.

A study can be planned before such data are there, if it is known how much they are. The ids of what hangs on them are then
those of their absence, and reading them is an error that says how to get them; once they are there, so are their own ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from isthmus.core.errors import DataError
from isthmus.core.hashing import digest
from isthmus.sources.directory import Directory
from isthmus.sources.example import Example
from isthmus.sources.files import LANGUAGE, Files
from isthmus.sources.hub import Hub
from isthmus.sources.source import Fingerprint


@dataclass(frozen=True)
class Overlay:
    """Reads from the hub what it has, and everything else from a folder, which need not be there yet."""

    hub: Hub
    folder: Path

    @property
    def root(self) -> Path:
        """Return what this source is called where others have a directory."""
        return self.hub.root

    @property
    def _directory(self) -> Directory | None:
        return Directory(self.folder) if self.folder.is_dir() else None

    def languages(self, files: Files, split: str) -> tuple[str, ...]:
        """Return the languages of a split on the hub, else in the directory, else those that are to be had."""
        found = self.hub.languages(files, split)
        if not found and (directory := self._directory):
            found = directory.languages(files, split)
        return found or _to_be_had(files, split)

    def domains(self, files: Files, split: str) -> tuple[str, ...]:
        """Return the domains of raw text in the directory."""
        directory = self._directory
        return directory.domains(files, split) if directory else ()

    def fingerprint(self, files: Files, language: str, split: str) -> Fingerprint:
        """Return the identity of one split, of its absence where it is still to be had.

        Raises DataError for what is neither on the hub nor in the directory, and of which nobody knows how much it is.
        """
        place = self._place(files, language, split)
        if place is not None:
            return place.fingerprint(files, language, split)
        known, languages = dict(files.by_hand.megabytes if files.by_hand else ()), _to_be_had(files, split)
        if split not in known or (languages and language not in languages):
            raise self._lacking(files, language, split)
        absent = {"absent": files.pattern(split), "language": language}
        return Fingerprint(digest(absent), int(known[split] * 1e6), there=False)

    def read(self, files: Files, language: str, split: str, labels: Sequence[str] = ()) -> list[Example]:
        """Return all examples of a split; raises DataError for each malformed row, and for what is not there yet."""
        place = self._place(files, language, split)
        if place is None:
            raise self._lacking(files, language, split)
        return place.read(files, language, split, labels)

    def _place(self, files: Files, language: str, split: str) -> Hub | Directory | None:
        if language in self.hub.languages(files, split):
            return self.hub
        directory = self._directory
        return directory if directory and language in directory.languages(files, split) else None

    def _lacking(self, files: Files, language: str, split: str) -> DataError:
        """Say of data that they are neither on the hub nor in the directory, and how they are to be had."""
        pattern = files.pattern(split)
        if pattern is None:
            return DataError(self.folder, f"these data have no {split} split, neither on the hub nor here")
        how = f". {files.obtain}" if files.obtain else ""
        return DataError(self.folder / pattern.replace(LANGUAGE, language), f"not on the hub, and no such file{how}")


def _to_be_had(files: Files, split: str) -> tuple[str, ...]:
    return files.by_hand.languages if files.by_hand and split in dict(files.by_hand.megabytes) else ()
