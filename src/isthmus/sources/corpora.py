"""Raw text to pretrain on: files of lines, and folders with one file a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from isthmus.core.errors import DataError
from isthmus.core.files import existing, listing
from isthmus.sources.example import Line
from isthmus.sources.formats.lines import read
from isthmus.sources.source import Fingerprint, fingerprint_of

SUFFIXES = (".txt", ".tsv")


@dataclass(frozen=True)
class Corpus:
    """The text of one language: lines of one segment, those of two, and the text of what has an id, by id."""

    lines: tuple[str, ...]
    parallel: Mapping[str, str]
    segments: tuple[tuple[str, str], ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every segment by itself."""
        return (*self.lines, *(segment for both in self.segments for segment in both))


def read_corpus(paths: Sequence[Path]) -> Corpus:
    """Return the text of some files (plain or ``.gz``) in order; of two files with the same id the first is parallel."""
    return corpus_of([line for path in paths for line in read(existing(path))])


def corpus_of(lines: Sequence[Line]) -> Corpus:
    """Return the text that lines hold; what is parallel by id is both segments of a line."""
    parallel: dict[str, str] = {}
    for line in lines:
        if line.id:
            parallel.setdefault(line.id, line.text if line.second is None else f"{line.text} {line.second}")
    segments = tuple((line.text, line.second) for line in lines if line.second is not None)
    return Corpus(tuple(line.text for line in lines if line.second is None), parallel, segments)


def corpus_fingerprint(paths: Sequence[Path]) -> Fingerprint:
    """Return the identity of the text of some files (plain or ``.gz``)."""
    return fingerprint_of([existing(path) for path in paths])


def corpus_folder(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return {language: names of its files in the folder, without ``.gz``}; the stem of a name is the language.

    Raises DataError for what is no directory or holds no ``.txt`` or ``.tsv`` file.
    """
    found: dict[str, list[str]] = {}
    for name in sorted({entry.removesuffix(".gz") for entry in listing(folder)}):
        if name.endswith(SUFFIXES) and not name.startswith("."):
            found.setdefault(Path(name).stem, []).append(name)
    if not found:
        raise DataError(folder, f"no {' or '.join(SUFFIXES)} file, plain or .gz, that names a language")
    return {language: tuple(files) for language, files in found.items()}
