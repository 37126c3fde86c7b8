"""Questions about contexts in the JSON layout of SQuAD v1.1: data -> paragraphs -> qas -> answers.

In a stripped file every question has no answers, or the one blank answer that XTREME's preparation leaves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from isthmus.core.errors import DataError
from isthmus.core.files import read_text
from isthmus.sources.example import Answer, Question
from isthmus.sources.format import Format
from isthmus.sources.json_lines import HALF

T = TypeVar("T")
Asked = TypeVar("Asked", bound=Question)


@dataclass(frozen=True)
class Document:
    """The text of a file, to find the line of a question in."""

    path: Path
    text: str

    def fault(self, what: str, id_: str | None = None) -> DataError:
        """Return an error about the last question with an id; its line is where the id stands."""
        if id_ is None:
            return DataError(self.path, what)
        written = "|".join(re.escape(json.dumps(id_, ensure_ascii=ascii_)) for ascii_ in (True, False))
        *_, start = [0, *(m.start() for m in re.finditer(rf'"id"\s*:\s*(?:{written}|{re.escape(id_)}\b)', self.text))]
        return DataError(self.path, f"question {id_!r}: {what}", self.text.count("\n", 0, start) + 1)

    def item(self, holder: Any, key: str, kind: type[T], where: str) -> T:
        """Return ``holder[key]``, which must be of a kind."""
        if not isinstance(holder, dict):
            raise self.fault(f"{where}: expected an object with the key {key!r}, found {type(holder).__name__}")
        if key not in holder:
            raise self.fault(f"{where}: the key {key!r} is missing")
        value = holder[key]
        if not isinstance(value, kind):
            raise self.fault(f"{where}: {key!r} must be {kind.__name__}, found {type(value).__name__}")
        if isinstance(value, str) and (half := HALF.search(value)):
            raise self.fault(f"{where}: {key!r} holds half of a surrogate pair, \\u{ord(half[0]):04x}: no character")
        return value


def read(path: Path, _labels: Sequence[str] = ()) -> list[Question]:
    """Return the questions of a file, all of which have answers or none has."""
    return read_questions(path, _question)


def read_questions(path: Path, question_of: Callable[[Any, str, str, Document], Asked]) -> list[Asked]:
    """Return the questions of a file, all of which have their answers or none has.

    ``question_of(entry, context, where, document)`` makes one of its entry, whose place in the tree ``where`` names.
    """
    document = Document(path, read_text(path))
    try:
        tree = json.loads(document.text)
    except json.JSONDecodeError as error:
        raise DataError(path, f"not JSON ({error.msg}, column {error.colno})", error.lineno) from None
    questions = list(_questions(tree, document, question_of))
    if not questions:
        raise document.fault("no question in the file")
    bare = [q.id for q in questions if q.answers is None]
    if 0 < len(bare) < len(questions):
        raise document.fault("it has no answer, in a file that has answers", bare[0])
    return _with_single_ids(questions, document)


def _questions(tree: Any, document: Document, question_of: Callable[[Any, str, str, Document], Asked]) -> Iterator[Asked]:
    for i, article in enumerate(document.item(tree, "data", list, "the file")):
        for j, paragraph in enumerate(document.item(article, "paragraphs", list, f"data[{i}]")):
            place = f"data[{i}].paragraphs[{j}]"
            context = document.item(paragraph, "context", str, place)
            for k, entry in enumerate(document.item(paragraph, "qas", list, place)):
                yield question_of(entry, context, f"{place}.qas[{k}]", document)


def _question(entry: Any, context: str, where: str, document: Document) -> Question:
    id_ = document.item(entry, "id", str, where)
    text = document.item(entry, "question", str, where)
    if entry.get("is_impossible"):
        raise document.fault("it is marked impossible, which SQuAD v1.1 does not know", id_)
    return Question(id_, text, context, answers_of(entry, context, id_, where, document))


def answers_of(entry: Any, context: str, id_: str, where: str, document: Document) -> tuple[Answer, ...] | None:
    """Return the answers of an entry, None where it has none but blank ones; raises DataError for one that is not there."""
    answers = []
    for given in document.item({"answers": [], **entry}, "answers", list, where):
        text = document.item(given, "text", str, f"{where}.answers")
        start = document.item(given, "answer_start", int, f"{where}.answers")
        found = context[max(start, 0) : max(start, 0) + len(text)]
        if start < 0 or found != text:
            elsewhere = context.find(text)
            hint = f"; it stands at {elsewhere}" if elsewhere >= 0 else "; it is not in the context at all"
            raise document.fault(f"the answer {text!r} is not at character {start}, where {found!r} stands{hint}", id_)
        answers.append(Answer(text, start))
    if not any(answer.text for answer in answers):
        return None
    if not all(answer.text for answer in answers):
        raise document.fault("one of its answers is empty", id_)
    return tuple(answers)


def _with_single_ids(questions: list[Asked], document: Document) -> list[Asked]:
    """Return questions whose ids differ: as they are or, where the ids are but numbers that repeat, by row.

    XTREME's preparation of TyDiQA cuts training ids down to a number that says little (utils_preprocess.py).
    """
    seen: set[str] = set()
    repeated = [q.id for q in questions if q.id in seen or seen.add(q.id)]  # type: ignore[func-returns-value]
    if not repeated:
        return questions
    if not all(q.id.isdigit() for q in questions):
        raise document.fault("this id stands more than once", repeated[0])
    return [replace(q, id=str(row)) for row, q in enumerate(questions)]


FORMAT = Format(read, mark=b'"question"', shared=b'"context"')
