"""What a survey finds: files, the tasks that read them, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from isthmus.sources.example import (
    Choice,
    Example,
    Line,
    MinedSentence,
    OpenQuestion,
    Question,
    Ranked,
    SentencePair,
    TaggedSentence,
    TextPair,
)
from isthmus.survey.through import Fault
from isthmus.tasks.task import Task

FORMS: dict[type[Example], str] = {
    TextPair: "pairs of texts",
    TaggedSentence: "tagged sentences",
    Question: "questions",
    OpenQuestion: "questions",
    SentencePair: "bitext",
    Choice: "choices",
    MinedSentence: "sentences to mine",
    Ranked: "queries to rank for",
    Line: "text",
}
ANSWERS = "answers alone"
PART = "part of another file"
OTHER = "not data"


@dataclass(frozen=True, slots=True)
class Use:
    """A task that has a file as one of its splits; ``data`` is the data directory for that, seen from the root.

    ``layout`` is the pattern that the path ends in, of the set number ``part`` where sets are joined. Where several layouts,
    or folders, hold the same language of a split, the one of the lowest ``rank`` is ``read`` and the others are not.
    """

    task: str
    split: str
    data: str
    layout: str
    part: int
    rank: tuple[int, int]
    read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file read in one way: a file of several languages, or that tasks read differently, is found several times.

    ``form`` is what it holds in words. ``stripped`` of the ``examples`` have no label (or answer, tags, match); raw text has
    none to lack. ``more`` says that not all faults were looked for, and that no example was counted then. ``note`` is what
    else there is to say: of which file this is a part, or where a task would look for it. ``doubt`` is what a task would
    object to in a file that no task looks for, though each of its rows is sound: an id that stands twice.
    """

    path: str
    form: str
    format: str = ""
    language: str = ""
    uses: tuple[Use, ...] = ()
    examples: int = 0
    stripped: int = 0
    faults: tuple[Fault, ...] = ()
    more: bool = False
    note: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found below a root, sorted by path; ``tasks`` are those that were looked for."""

    root: Path
    tasks: tuple[Task, ...]
    files: tuple[Found, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return every fault once, in the order of the files."""
        return tuple(dict.fromkeys(fault for found in self.files for fault in found.faults))

    def of_task(self, task: str) -> tuple[Found, ...]:
        """Return what a task reads."""
        return tuple(found for found in self.files if any(use.task == task for use in found.uses))


def with_what_is_read(files: Sequence[Found]) -> list[Found]:
    """Return files whose uses say whether a study reads this file or the same in an earlier layout."""
    first: dict[tuple[str, str, str, int, str], tuple[int, int]] = {}
    for found in files:
        for use in found.uses:
            key = _key(use, found)
            first[key] = min(first.get(key, use.rank), use.rank)
    return [
        replace(found, uses=tuple(replace(use, read=use.rank == first[_key(use, found)]) for use in found.uses))
        for found in files
    ]


def _key(use: Use, found: Found) -> tuple[str, str, str, int, str]:
    return use.task, use.split, use.data, use.part, found.language
