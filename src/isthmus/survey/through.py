"""Reading a file past its faults, so that every malformed line is told, not the first alone.

A format raises at the first fault. Here the file is then read again from a temporary copy in which that row is left out, and
so on; of a tree of JSON, in which a line is no row, the questions are halved until each faulty one stands alone.
"""

from __future__ import annotations

import csv
import os
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from isthmus.core.errors import DataError
from isthmus.core.files import read_bytes
from isthmus.sources.example import Example
from isthmus.sources.format import Format, load_format
from isthmus.survey.tree import faulty_questions

MOST = 20  # faults of one file that are told
BLOCKS = ("tags", "wikiann")  # a blank line ends a sentence, of which nothing may be left
SENTENCES = ("conllu",)  # a sentence that lacks a line is wrong in what follows
HEADED = ("table", "cosmosqa")  # without its first line the next is taken for the header
ABREAST = ("bitext", "siqa")  # row i of every part belongs together
OF_ALL = {"tydiqa": "squad"}  # the format that reads all languages of a file that the first reads one of
Number = re.compile(r"(?<=\bline )\d+")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file, at one line where it is a line that is wrong."""

    path: Path
    line: int | None
    what: str

    def __str__(self) -> str:
        """Return ``file:line: what``."""
        return str(DataError(self.path, self.what, self.line))


@dataclass(frozen=True, slots=True)
class Reading:
    """The examples of a file without its faulty rows, and the faults; ``more`` where some of them were not looked for.

    ``together`` is a fault of no row by itself, but of several: an id that stands twice.
    """

    examples: Sequence[Example]
    faults: tuple[Fault, ...] = ()
    more: bool = False
    together: Fault | None = None


def read_through(
    name: str,
    path: Path,
    labels: Sequence[str] = (),
    language: str = "",
    *,
    files: Mapping[str, Path] | None = None,
    most: int = MOST,
) -> Reading:
    """Return what a file holds in the format of a name, and every fault in it, ``most`` at the most.

    ``files`` are {name that the format wants: file} where the files of an example are called otherwise, the main one first.
    A fault of the whole file (empty, damaged, UTF-16, no header) is told alone.
    """
    format_ = load_format(name)
    if files is None:
        try:
            return Reading(format_.examples(path, labels, language))
        except DataError as error:
            fault = Fault(error.path, error.line, error.what)
        if path.name.removesuffix(".gz").endswith(".json"):
            return _tree(name, path, labels, language, fault, most)
        if fault.line is None or read_bytes(fault.path).startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
            return Reading((), (fault,))
    with TemporaryDirectory() as folder:
        try:
            copy = _Copy(name, Path(folder), files or _files(format_, path))
        except DataError as error:
            return Reading((), (Fault(error.path, error.line, error.what),))
        return _past(copy, labels, language, most)


def _files(format_: Format, path: Path) -> dict[str, Path]:
    parts = format_.parts(path)
    top = os.path.commonpath([part.parent for part in parts])
    return {str(part.relative_to(top)).removesuffix(".gz"): part for part in parts}


def _tree(name: str, path: Path, labels: Sequence[str], language: str, fault: Fault, most: int) -> Reading:
    def read(file: Path, called: str = name) -> Sequence[Example]:
        return load_format(called).examples(file, labels, language)

    examples, found = faulty_questions(path, lambda file: read(file, OF_ALL.get(name, name)), read, most + 1)
    if examples and not found:  # where a file has languages, what lacks a line is that it lacks this one
        by_language = load_format(name).by_language and fault.line is None
        return Reading((), (fault,)) if by_language else Reading(examples, together=fault)
    faults = tuple(Fault(path, line, what) for line, what in found) or (fault,)
    return Reading(() if len(faults) > most else examples, faults[:most], len(faults) > most)


def _past(copy: _Copy, labels: Sequence[str], language: str, most: int) -> Reading:
    """Return what is read of a copy with the faulty rows left out one after another.

    Where that leaves little, the first line may be the odd one out: then only it is told.
    """
    whole = dict(copy.lines)
    reading = _leaving_out(copy, labels, language, most)
    first = reading.faults[0] if reading.faults else None
    if first and first.line and len(reading.faults) > max(1, len(reading.examples)) and copy.name not in HEADED:
        copy.lines = {file: lines[1:] if file == copy.main else lines for file, lines in whole.items()}
        other = _leaving_out(copy, labels, language, most)
        if len(other.faults) + 1 < len(reading.faults) and first.line > 1:
            odd = Fault(first.path, 1, f"no line below is like this one; line {first.line}: {first.what}")
            return Reading(other.examples, (odd, *other.faults), other.more)
    return reading


def _leaving_out(copy: _Copy, labels: Sequence[str], language: str, most: int) -> Reading:
    faults: list[Fault] = []
    while True:
        copy.write()
        try:
            return Reading(copy.format.examples(copy.path, labels, language), tuple(faults))
        except DataError as error:
            if error.line is None and faults:
                return Reading((), tuple(faults))  # it follows from what was left out
            if len(faults) == most:
                return Reading((), tuple(faults), more=True)
            fault, at = copy.told(error)
            faults.append(fault)
            if at is None or (at == 0 and copy.name in HEADED):
                return Reading((), tuple(faults))
            copy.leave_out(error.path, at)


class _Copy:
    """Copies of the files of one example file, each a list of (number in the original, line), under the names given."""

    def __init__(self, name: str, folder: Path, files: Mapping[str, Path]) -> None:
        self.name, self.format = name, load_format(name)
        self.originals = {folder / called: original for called, original in files.items()}
        self.main = self.path = next(iter(self.originals))
        self.lines = {file: _numbered(original) for file, original in self.originals.items()}

    def write(self) -> None:
        """Write what is left of the lines."""
        for file, lines in self.lines.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"".join(line + b"\n" for _, line in lines))

    def told(self, error: DataError) -> tuple[Fault, int | None]:
        """Return a fault of a copy as one of its original, and the index of its line."""
        lines = self.lines[error.path]
        what = Number.sub(lambda match: str(lines[int(match[0]) - 1][0]), error.what) if error.line else error.what
        for file, original in self.originals.items():
            what = what.replace(str(file), str(original))
        if error.line is None:
            return Fault(self.originals[error.path], None, what), None
        at = min(error.line, len(lines)) - 1
        return Fault(self.originals[error.path], lines[at][0], what), at

    def leave_out(self, file: Path, at: int) -> None:
        """Leave out the row that begins at an index, and what cannot stand without it."""
        lines = self.lines[file]
        first, last = at, at + self._height(lines[at:])
        if self.name in SENTENCES:
            while first > 0 and lines[first - 1][1].strip():
                first -= 1
            while last < len(lines) and lines[last - 1][1].strip():
                last += 1
        elif self.name in BLOCKS and not any(line.strip() for _, line in lines[max(first - 1, 0) : first]):
            last += last < len(lines) and not lines[last][1].strip()
        for other in self.lines if self.name in ABREAST else (file,):
            self.lines[other] = self.lines[other][:first] + self.lines[other][last:]

    def _height(self, lines: Sequence[tuple[int, bytes]]) -> int:
        """Return how many lines the first row has: one, if it is not quoted."""
        delimiter = {"pairs": "\t", "cosmosqa": ","}.get(self.name)
        if self.name == "table" and b"question1" in self.lines[self.main][0][1]:
            delimiter = "\t"  # GLUE's QQP
        if delimiter is None or (delimiter == "," and self.main.suffix != ".csv"):
            return 1
        text = b"\n".join(line for _, line in lines).decode("utf-8", "replace")
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            next(reader)
        except csv.Error:
            return 1
        return reader.line_num


def _numbered(path: Path) -> list[tuple[int, bytes]]:
    content = read_bytes(path).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return list(enumerate(content.removesuffix(b"\n").split(b"\n"), 1))
