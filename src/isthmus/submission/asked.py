"""What a file of a submission must answer, as its labels or the data say it, and where it does not."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from isthmus.core.errors import nearest
from isthmus.submission.files import Fault, Filed, each
from isthmus.tasks.task import Task

BY_ID = ("span", "ranking")  # kinds whose files answer by id; mining answers as it likes, all others row by row
MANY = 20_000  # known ids beyond which the nearest to a wrong one is not looked for


@dataclass(frozen=True, slots=True)
class Asked:
    """What must be answered, ``source`` being the file that says so.

    ``words`` has every id in order with the number of words to tag (0 where nothing is tagged). ``labels`` are those
    permitted. ``permitted`` holds what an answer may name, a container for each part of it; nothing where that is unknown.
    """

    source: Path
    words: Mapping[str, int]
    labels: Collection[str] = ()
    permitted: tuple[Container[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """All ids that are made as an example is: the same letters first, then digits."""

    example: str

    def __contains__(self, id_: object) -> bool:
        return isinstance(id_, str) and bool(re.fullmatch(re.escape(_head(self.example)) + "[0-9]+", id_))


def _head(id_: str) -> str:
    return id_.rstrip("0123456789")


def asked_by_labels(labels: Filed, task: Task) -> Asked:
    """Return what a file of labels asks for.

    It does not tell which sentences there are to mine or entities to rank, only what their ids look like; nor how many
    candidates a retrieval has when it is an excerpt, its rows fewer than those it names.
    """
    gold = labels.answers
    words = {id_: len(tags) if task.kind == "tagging" else 0 for id_, tags in gold.items()}
    named: set[str] = set()
    permitted: tuple[Container[Any], ...] = ()
    if task.kind == "tagging":
        named = {tag for tags in gold.values() for tag in tags}
    elif task.kind == "classification":
        named = set(gold.values())
    elif task.kind == "retrieval" and max(gold.values(), default=0) < len(gold):
        permitted = (range(len(gold)),)
    elif task.kind == "mining":
        permitted = _alike([list(side) for side in zip(*gold.values(), strict=True)])
    elif task.kind == "ranking":
        permitted = _alike([[id_ for ids in gold.values() for id_ in ids]])
    return Asked(labels.path, words, {*task.labels, *named} if task.labels else (), permitted)


def _alike(sides: Sequence[Sequence[str]]) -> tuple[Container[str], ...]:
    """Return what ids of each side look like, nothing where those of one side differ in more than their digits."""
    found = [Alike(side[0]) for side in sides if side and all(id_ in Alike(side[0]) for id_ in side)]
    return tuple(found) if len(found) == len(sides) else ()


def asked_by_examples(examples: Sequence[Any], task: Task, source: Path) -> Asked:
    """Return what the examples of a test set ask for; ``source`` is the directory of data they are from."""
    ids = [example.id if task.kind in (*BY_ID, "mining") else str(row) for row, example in enumerate(examples)]
    words = {id_: len(example.words) if task.kind == "tagging" else 0 for id_, example in zip(ids, examples, strict=True)}
    permitted: tuple[Container[Any], ...] = ()
    if task.kind == "retrieval":
        permitted = (range(len(ids)),)
    elif task.kind == "mining":
        permitted = (words, examples[0].candidates)
    elif task.kind == "ranking":
        permitted = (examples[0].candidates,)
    return Asked(source, words, task.labels, permitted)


def compare(filed: Filed, asked: Asked, kind: str) -> list[Fault]:
    """Return every fault of a file's answers; faults of its form are found when it is read."""
    if not filed.answers and kind != "mining":
        return []  # it could not be read
    faults = [*(_ids(filed, asked) if kind in BY_ID else () if kind == "mining" else _count(filed, asked, kind))]
    if kind in ("classification", "tagging") and asked.labels:
        faults += _unknown_labels(filed, asked, kind)
    if kind == "tagging":
        faults += _slips(filed, asked)
    if asked.permitted:
        faults += _not_permitted(filed, asked, kind)
    return faults


def _count(filed: Filed, asked: Asked, kind: str) -> Iterator[Fault]:
    found, expected = len(filed.answers), len(asked.words)
    if found != expected:
        noun = "sentences" if kind == "tagging" else "rows"
        yield Fault("wrong-count", filed.path, f"{found:,} {noun}, expected {expected:,} as in {asked.source}")


def _slips(filed: Filed, asked: Asked) -> Iterator[Fault]:
    """Yield a fault for each sentence with too few or too many tags; where sentences are missing, for the first alone."""
    slipped = [id_ for id_, tags in filed.answers.items() if id_ in asked.words and len(tags) != asked.words[id_]]
    if len(filed.answers) != len(asked.words):
        slipped = slipped[:1]

    def tell(id_: str) -> tuple[int, str]:
        found, expected = len(filed.answers[id_]), asked.words[id_]
        return filed.lines[id_], f"sentence {int(id_) + 1} has {found} tags, expected {expected} as in {asked.source}"

    return each("token-slip", filed.path, slipped, tell)


def _unknown_labels(filed: Filed, asked: Asked, kind: str) -> Iterator[Fault]:
    rows = [(id_, tags if kind == "tagging" else (tags,)) for id_, tags in filed.answers.items()]
    known = frozenset(asked.labels)
    wrong = [
        (filed.lines[id_] + offset, label)
        for id_, labels in rows
        for offset, label in enumerate(labels)
        if label not in known and label  # an empty one is a fault of form
    ]
    noun = "tag" if kind == "tagging" else "label"

    def tell(at: tuple[int, str]) -> tuple[int, str]:
        line, label = at
        if "\t" in label:
            return line, f"expected a {noun} alone on each line, found {label!r:.60}"
        return line, f"unknown {noun} {label!r:.60}; {nearest(label, known)}"

    return each("bad-label", filed.path, wrong, tell)


def _ids(filed: Filed, asked: Asked) -> Iterator[Fault]:
    missing = [id_ for id_ in asked.words if id_ not in filed.answers]
    unknown = [id_ for id_ in filed.answers if id_ not in asked.words]
    yield from each("missing-id", filed.path, missing, lambda id_: (None, f"no answer to {id_!r}, which {asked.source} has"))
    yield from each("unknown-id", filed.path, unknown, lambda id_: (None, _unknown(id_, asked.words, asked.source)))


def _not_permitted(filed: Filed, asked: Asked, kind: str) -> Iterator[Fault]:
    """Yield a fault for each answer that names what is not there to be named."""
    named: Mapping[str, Sequence[Any]] = filed.answers if kind in BY_ID or kind == "mining" else _singly(filed)
    wrong = [
        (id_, part, permitted)
        for id_, answer in named.items()
        for part, permitted in zip(answer, asked.permitted * (len(answer) if kind == "ranking" else 1), strict=True)
        if part not in permitted
    ]

    def tell(at: tuple[str, Any, Container[Any]]) -> tuple[int | None, str]:
        id_, part, permitted = at
        place = "" if id_ in filed.lines else f"{id_!r}: "
        return filed.lines.get(id_), place + _unknown(part, permitted, asked.source)

    return each("out-of-range" if kind == "retrieval" else "unknown-id", filed.path, wrong, tell)


def _singly(filed: Filed) -> dict[str, tuple[Any]]:
    """Return answers as tuples of one, without those that are no row at all, which the form knows as faults."""
    return {id_: (row,) for id_, row in filed.answers.items() if isinstance(row, int)}


def _unknown(name: Any, known: Container[Any], source: Path) -> str:
    """Say that something is unknown, and what is known that is like it."""
    if isinstance(known, range):
        return f"there is no row {name}, expected 0 to {len(known) - 1:,} as in {source}"
    if isinstance(known, Alike):
        return f"{name!r} is no such id as those of {source}, which has {known.example!r}"
    assert isinstance(known, Collection)
    near = get_close_matches(name, known, n=1) if len(known) <= MANY else []
    like = f"did you mean {near[0]!r}?" if near else f"it has {next(iter(known))!r}"
    return f"{source} has no id {name!r}; {like}"
