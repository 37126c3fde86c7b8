"""The idea of a format, and the shelf of all formats; each is one file in ``formats``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from isthmus.core.lookup import Shelf
from isthmus.sources.example import Example

FORMATS = Shelf("format", ("isthmus.sources.formats",), "FORMAT")


@dataclass(frozen=True)
class Format:
    """``read(path, labels)`` gives the examples of a file, ``parts(path)`` every file they come from.

    ``labels`` are the permitted labels, empty for any. An example without an id of its own has its row, from 0, as id.
    ``read`` raises DataError for each malformed row. Where ``by_language``, a file may hold several languages (or say
    something that depends on the language), and ``read`` takes the language wanted as its third argument.
    For estimates of cost, ``mark`` is what stands in a file once an example, and ``again`` how often its text is read;
    ``shared`` stands once a text that several examples have in common, each being read with it.
    """

    read: Callable[..., Sequence[Example]]
    parts: Callable[[Path], tuple[Path, ...]] = lambda path: (path,)
    by_language: bool = False
    mark: bytes = b"\n"
    again: float = 1.0
    shared: bytes = b""

    def examples(self, path: Path, labels: Sequence[str], language: str) -> Sequence[Example]:
        """Return the examples of a file in one language."""
        return self.read(path, labels, language) if self.by_language else self.read(path, labels)


@cache
def load_format(name: str) -> Format:
    """Return a format by name; raises UnknownName with the nearest names."""
    format_: Format = FORMATS.load(name)
    return format_
