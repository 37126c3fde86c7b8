"""The files of a submission and of its labels, one a task and language: what they say, and every fault of their form.

The forms are those of XTREME's evaluate.py, by the kind of task. LAReQA, which has no official form, has here that of
Mewsli-X: JSON, ``{question id: [candidate ids, best first]}``.

| kind | a file of predictions | its labels, where they differ |
|---|---|---|
| classification | a label a line | |
| tagging | a tag a line, a blank line after each sentence | |
| retrieval | a line an English sentence: the row, from 0, of its translation | |
| mining | ``id TAB id`` a line, in any order, English second | |
| span | JSON: ``{question id: answer}`` | SQuAD's JSON |
| choice | a JSON object a line, its ``label`` 0 or 1 | |
| ranking | JSON: ``{query id: [ids, best first, twenty at most]}`` | |
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any, TypeVar

from isthmus.core.errors import DataError
from isthmus.core.files import read_lines, read_text
from isthmus.sources.example import Question
from isthmus.tasks.kinds.ranking import DEEPEST

T = TypeVar("T")
SHOWN = 3  # faults of one sort that are told in full for one file
INDEX = re.compile("0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a folder or a file of it, at one line where there is one; ``sort`` names the sort of fault."""

    sort: str
    path: Path
    what: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}{f':{self.line}' if self.line else ''}: {self.what}"


@dataclass(frozen=True, slots=True)
class Filed:
    """What a file says: answers by id, in its order, and the line each begins in (none for JSON documents).

    Where the form has no ids, the row is the id: "0", "1", ... An answer is a label, a tuple of tags, an int, a pair of
    ids, a string (in labels of span a tuple of strings) or a tuple of ids; where a fault names it, anything.
    """

    path: Path
    answers: Mapping[str, Any]
    lines: Mapping[str, int]
    faults: tuple[Fault, ...] = ()


def read_file(path: Path, kind: str, *, labels: bool = False) -> Filed:
    """Return what a file of predictions, or of labels, says; a file that cannot be read has no answers and one fault."""
    try:
        filed = (LABELS if labels else PREDICTIONS)[kind](path)
    except DataError as error:
        return Filed(path, {}, {}, (Fault("unreadable", path, error.what, error.line),))
    with path.open("rb") as stream:
        marked = not labels and stream.read(len(BOM_UTF8)) == BOM_UTF8
    what = "begins with a byte-order mark, which evaluate.py takes for a part of the first answer, or cannot read"
    return replace(filed, faults=(Fault("byte-order-mark", path, what, 1), *filed.faults)) if marked else filed


def each(sort: str, path: Path, wrong: Sequence[T], tell: Callable[[T], tuple[int | None, str]]) -> Iterator[Fault]:
    """Yield a fault for each of the first things that are wrong in one way, and one for how many more there are.

    ``tell`` says of a thing in which line it stands and what is wrong with it.
    """
    for thing in wrong[:SHOWN]:
        line, what = tell(thing)
        yield Fault(sort, path, what, line)
    if len(wrong) > SHOWN:
        yield Fault(sort, path, f"{len(wrong) - SHOWN:,} more faults of this sort ({sort})", tell(wrong[SHOWN])[0])


def _labels(path: Path) -> Filed:
    rows = [(number, line.strip()) for number, line in read_lines(path)]
    blank = [number for number, label in rows if not label]
    return _in_rows(path, rows, each("blank-line", path, blank, lambda number: (number, "a blank line, expected a label")))


def _indices(path: Path) -> Filed:
    rows = [(number, line.strip()) for number, line in read_lines(path)]
    wrong = [row for row in rows if not INDEX.fullmatch(row[1])]
    faults = each(
        "no-index", path, wrong, lambda row: (row[0], f"expected the row of a sentence, from 0; found {row[1]!r:.60}")
    )
    return _in_rows(path, [(number, int(row) if INDEX.fullmatch(row) else row) for number, row in rows], faults)


def _choices(path: Path) -> Filed:
    rows: list[tuple[int, Any]] = []
    for number, line in read_lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        rows.append((number, record.get("label") if isinstance(record, dict) else None))
    wrong = [row for row in rows if type(row[1]) is not int or row[1] not in (0, 1)]
    told = 'expected a JSON object with "label": 0 or 1; found '
    return _in_rows(path, rows, each("bad-label", path, wrong, lambda row: (row[0], told + _short(row[1], "none"))))


def _in_rows(path: Path, rows: Iterable[tuple[int, Any]], faults: Iterable[Fault]) -> Filed:
    """Return the content of a file in which the row is the id; rows are (line, answer)."""
    numbered = {str(row): line_and_answer for row, line_and_answer in enumerate(rows)}
    answers = {id_: answer for id_, (_, answer) in numbered.items()}
    return Filed(path, answers, {id_: line for id_, (line, _) in numbered.items()}, tuple(faults))


def _tags(path: Path) -> Filed:
    sentences: list[tuple[int, tuple[str, ...]]] = []
    tags: list[str] = []
    surplus: list[int] = []
    start = 0
    for number, line in [*read_lines(path), (0, "")]:
        if tag := line.strip():
            start = number if not tags else start
            tags.append(tag)
        elif tags:
            sentences.append((start, tuple(tags)))
            tags = []
        elif number:
            surplus.append(number)
    what = "a blank line that ends no sentence; evaluate.py would count an empty one"
    return _in_rows(path, sentences, each("blank-line", path, surplus, lambda number: (number, what)))


def _pairs(path: Path) -> Filed:
    """Return the pairs of a file by ``id TAB id``; an empty file says that none was found."""
    if path.is_file() and not path.stat().st_size:
        return Filed(path, {}, {})
    lines: dict[str, int] = {}
    wrong, repeated = [], []
    for number, line in read_lines(path):
        pair = line.strip()
        if len(pair.split("\t")) != 2:
            wrong.append((number, f"expected `id TAB id`, found {pair!r:.60}"))
        elif pair in lines:
            repeated.append((number, f"the pair {pair!r} stands already in line {lines[pair]}; evaluate.py counts it once"))
        else:
            lines[pair] = number
    faults = [*each("no-pair", path, wrong, lambda told: told), *each("duplicate", path, repeated, lambda told: told)]
    return Filed(path, {pair: tuple(pair.split("\t")) for pair in lines}, lines, tuple(faults))


def _texts(path: Path) -> Filed:
    answers, faults = _by_id(path)
    wrong = [id_ for id_, answer in answers.items() if not isinstance(answer, str)]
    faults += each("no-text", path, wrong, lambda id_: (None, f"{id_!r}: expected a string, found {_short(answers[id_])}"))
    return Filed(path, answers, {}, tuple(faults))


def _ranked(path: Path, deepest: float = DEEPEST) -> Filed:
    answers, faults = _by_id(path)
    found = {id_: tuple(answer) if _is_list_of_text(answer) else () for id_, answer in answers.items()}
    wrong = [id_ for id_, answer in answers.items() if not _is_list_of_text(answer)]
    deep = [id_ for id_, ids in found.items() if len(ids) > deepest]
    repeated = [(id_, max(ids, key=ids.count)) for id_, ids in found.items() if len(set(ids)) < len(ids)]
    faults += each(
        "no-list", path, wrong, lambda id_: (None, f"{id_!r}: expected a list of ids, found {_short(answers[id_])}")
    )
    faults += each("too-many", path, deep, lambda id_: (None, f"{id_!r}: {len(found[id_])} ids, expected {DEEPEST} at most"))
    faults += each("duplicate", path, repeated, lambda at: (None, f"{at[0]!r}: the id {at[1]!r} stands more than once"))
    return Filed(path, found, {}, tuple(faults))


def _right(path: Path) -> Filed:
    """Return the right candidates of each query, however many."""
    filed = _ranked(path, deepest=inf)
    bare = [id_ for id_, ids in filed.answers.items() if not ids]
    faults = each("no-label", path, bare, lambda id_: (None, f"{id_!r} has no right candidate"))
    return Filed(path, filed.answers, {}, (*filed.faults, *faults))


def _is_list_of_text(answer: Any) -> bool:
    return isinstance(answer, list) and all(isinstance(id_, str) for id_ in answer)


def _accepted(path: Path) -> Filed:
    """Return the accepted answers of each question of a file in SQuAD's layout, wherever they stand in the context."""
    tree, _ = _document(path)
    try:
        articles = tree["data"] if isinstance(tree, dict) else tree
        questions = [entry for article in articles for paragraph in article["paragraphs"] for entry in paragraph["qas"]]
        found = [(str(entry["id"]), tuple(str(answer["text"]) for answer in entry["answers"])) for entry in questions]
    except (KeyError, TypeError) as error:
        what = "not in SQuAD's layout: data, paragraphs, qas, each with an id and answers"
        raise DataError(path, f"{what} ({type(error).__name__}: {error})") from None
    if not found or not any(text for _, texts in found for text in texts):
        raise DataError(path, "no question has an answer: the labels were stripped from this file")
    bare = [id_ for id_, texts in found if not texts]
    repeated = [id_ for id_, times in Counter(id_ for id_, _ in found).items() if times > 1]
    faults = [
        *each("no-label", path, bare, lambda id_: (None, f"question {id_!r} has no accepted answer")),
        *each("duplicate", path, repeated, lambda id_: (None, f"question {id_!r} stands more than once")),
    ]
    return Filed(path, dict(found), {}, tuple(faults))


def _by_id(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """Return the object that a JSON file holds, and the faults of ids that stand in it more than once."""
    tree, repeated = _document(path)
    if not isinstance(tree, dict):
        raise DataError(path, f"expected a JSON object, an answer by id; found {_short(tree)}")
    if not tree:
        raise DataError(path, "the JSON object is empty, expected an answer by id")
    return tree, list(each("duplicate", path, repeated, lambda id_: (None, f"the id {id_!r} stands more than once")))


def _document(path: Path) -> tuple[Any, list[str]]:
    """Return a JSON document and the keys that repeat within one object of it."""
    repeated: list[str] = []

    def checked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        repeated.extend(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        return dict(pairs)

    try:
        return json.loads(read_text(path), object_pairs_hook=checked), repeated
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a fault of value, not of grammar
        raise DataError(path, f"not JSON ({error})", getattr(error, "lineno", None)) from None


def _short(value: Any, nothing: str = "null") -> str:
    return nothing if value is None else f"{value!r:.60}"


def answers_text(kind: str, ids: Sequence[str], answers: Sequence[Any]) -> str:
    """Return the content of a file of predictions, or of labels other than a question's, in the official form."""
    if kind in ("span", "ranking"):
        return json.dumps(dict(zip(ids, answers, strict=True)), ensure_ascii=False, indent=1) + "\n"
    return "".join(_lines(kind, ids, answers))


def _lines(kind: str, ids: Sequence[str], answers: Sequence[Any]) -> Iterator[str]:
    for id_, answer in zip(ids, answers, strict=True):
        if kind == "tagging":
            yield "".join(f"{tag}\n" for tag in answer) + "\n"
        elif kind == "choice":
            yield json.dumps({"label": answer}) + "\n"
        elif kind != "mining":
            yield f"{answer}\n"
        elif answer:
            yield f"{id_}\t{answer}\n"


def accepted_text(questions: Sequence[Question]) -> str:
    """Return questions with their answers in SQuAD's layout."""
    paragraphs = [
        {
            "context": question.context,
            "qas": [
                {
                    "id": question.id,
                    "question": question.question,
                    "answers": [{"text": answer.text, "answer_start": answer.start} for answer in question.answers or ()],
                }
            ],
        }
        for question in questions
    ]
    return json.dumps({"version": "1.1", "data": [{"title": "", "paragraphs": paragraphs}]}, ensure_ascii=False) + "\n"


PREDICTIONS: Mapping[str, Callable[[Path], Filed]] = {
    "classification": _labels,
    "tagging": _tags,
    "retrieval": _indices,
    "mining": _pairs,
    "span": _texts,
    "choice": _choices,
    "ranking": _ranked,
}
LABELS: Mapping[str, Callable[[Path], Filed]] = {**PREDICTIONS, "span": _accepted, "ranking": _right}
