"""Every file below a directory: links are followed, but none into a folder that leads to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from isthmus.core.errors import DataError
from isthmus.core.files import listing


@dataclass(frozen=True, slots=True)
class Met:
    """What a walk met: a path, and what is wrong with it, empty for a file; ``fault`` where that is no accident.

    ``folder`` says that it is a folder, told only where its name is like a file's.
    """

    path: Path
    wrong: str = ""
    fault: bool = False
    folder: bool = False


def walk(folder: Path, above: frozenset[tuple[int, int]] = frozenset()) -> Iterator[Met]:
    """Yield the files below a directory, sorted by name; what is hidden (a name that begins with a dot) is passed over.

    A folder with a suffix (``dev-en.tsv``) is met before its files. A link to a folder above is met as such and not
    followed; a link that leads nowhere and a folder that cannot be listed are faults.
    """
    state = folder.stat()
    above = above | {(state.st_dev, state.st_ino)}
    try:
        names = listing(folder)
    except DataError as error:
        yield Met(folder, error.what, fault=True)
        return
    for name in names:
        if not name.startswith("."):
            yield from _met(folder / name, above)


def _met(path: Path, above: frozenset[tuple[int, int]]) -> Iterator[Met]:
    try:
        state = path.stat()
    except OSError as error:
        yield Met(path, f"cannot be read ({error.strerror})", fault=True)
        return
    if os.path.isfile(path):  # noqa: PTH113 - as everywhere: Path.is_file may raise
        yield Met(path)
    elif not path.is_dir():
        yield Met(path, "neither a file nor a folder")
    elif (state.st_dev, state.st_ino) in above:
        yield Met(path, "a link to a folder above it, not followed")
    else:
        if path.suffix:
            yield Met(path, folder=True)
        yield from walk(path, above)
