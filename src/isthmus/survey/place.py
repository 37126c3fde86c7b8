"""Where a file belongs: the tasks, splits and languages whose layouts name its path, or the place where it would be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from isthmus.sources.directory import FOLDERS
from isthmus.sources.files import LANGUAGE, SPLITS, Files
from isthmus.tasks.task import Task

NAMED = "(?P<language>[A-Za-z0-9_-]+)"


@dataclass(frozen=True, slots=True)
class Place:
    """One pattern of a task: a split in one layout; ``path`` matches what ends in it, ``name`` a file name alone.

    ``part`` counts the sets that are joined, ``order`` the layouts of each, of which a source takes the first that is there.
    """

    task: Task
    split: str
    files: Files
    pattern: str
    part: int
    order: int
    path: re.Pattern[str]
    name: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A path that ends in a pattern: ``data`` is the data directory of a study that reads it.

    ``folder`` is the place, among those that a source looks into, of the one it lies in. ``languages`` are those that the
    file may hold.
    """

    place: Place
    data: str
    folder: int
    languages: tuple[str, ...]


def places(tasks: Sequence[Task]) -> tuple[Place, ...]:
    """Return every pattern of some tasks: of each split, in each layout, of each set that is joined."""
    return tuple(
        Place(task, split, layout, pattern, part, order, _matching(rf"(?P<below>.*/)?{_escaped(pattern)}"), _name(pattern))
        for task in tasks
        for part, files in enumerate(_sets(task.files))
        for split in SPLITS
        for order, layout in enumerate(files.layouts(split))
        if (pattern := layout.pattern(split))
    )


def matches(path: str, known: Sequence[Place]) -> list[Match]:
    """Return where a path belongs, which begins with the name of the root; any folders may stand before a pattern.

    Where it ends in two patterns for the same thing, the longer holds: ``anli/anli_v1.0/R1/dev.jsonl``.
    """
    best: dict[tuple[str, str, int], Match] = {}
    for place in known:
        if found := place.path.fullmatch(path):
            match = Match(place, *_data_of(found["below"]), _languages(place, found))
            key = (place.task.name, place.split, place.part)
            if key not in best or len(place.pattern) > len(best[key].place.pattern):
                best[key] = match
    return list(best.values())


def suggestion(path: str, format_: str, known: Sequence[Place], labels: Sequence[str] = ()) -> tuple[str, str]:
    """Return (where a task would read a file of a format, the language it would be), both empty where there is no place.

    ``labels`` are those of the file, which the task must know.
    """
    same = [place for place in known if place.files.format == format_]
    knowing = [place for place in same if not place.task.labels or set(labels) <= set(place.task.labels)]
    if not knowing:
        return "", ""
    plain = path.removesuffix(".gz")
    best = max(knowing, key=lambda place: _nearness(plain, place))
    match = best.name.fullmatch(PurePosixPath(plain).name)
    language = match["language"] if match and LANGUAGE in PurePosixPath(best.pattern).name else ""
    return (best.pattern.replace(LANGUAGE, language) if language else best.pattern), language


def _nearness(path: str, place: Place) -> tuple[bool, float]:
    fits = place.name.fullmatch(PurePosixPath(path).name) is not None
    return fits, SequenceMatcher(None, path, place.pattern.replace(LANGUAGE, "")).ratio()


def _sets(files: Files) -> Iterator[Files]:
    yield files
    for part in files.joined:
        yield from _sets(part)


def _languages(place: Place, match: re.Match[str]) -> tuple[str, ...]:
    return (match["language"],) if LANGUAGE in place.pattern else place.files.languages


def _data_of(below: str | None) -> tuple[str, int]:
    """Return, seen from the root, the data directory of a study that would read the file, and which of its folders that is.

    The directory is what stands before the pattern, without a folder that a source looks into by itself.
    """
    if below is None:
        return "..", 0
    _, *folders = below.rstrip("/").split("/")
    if folders and folders[-1] in FOLDERS:
        return "/".join(folders[:-1]), FOLDERS.index(folders[-1])
    return "/".join(folders), 0


def _name(pattern: str) -> re.Pattern[str]:
    return _matching(_escaped(PurePosixPath(pattern).name))


def _escaped(pattern: str) -> str:
    first, *others = (re.escape(part) for part in pattern.split(LANGUAGE))
    return first + (NAMED + "(?P=language)".join(others) if others else "")


def _matching(expression: str) -> re.Pattern[str]:
    return re.compile(rf"{expression}(?:[.]gz)?")
