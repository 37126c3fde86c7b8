"""CommonsenseQA's JSON lines: ``id``, ``question`` with its ``stem`` and labelled ``choices``, and the label ``answerKey``.

The official test file has no answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.core.errors import nearest
from isthmus.sources.example import Choice
from isthmus.sources.format import Format
from isthmus.sources.json_lines import Record, alike, check_single_ids, read_records


def read(path: Path, _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the questions of a file, all of which have an answer or none has."""
    records = list(alike(read_records(path), "answerKey"))
    check_single_ids(records)
    return [_choice(record) for record in records]


def _choice(record: Record) -> Choice:
    question = record.record("question")
    choices = question.records("choices")
    letters, endings = [choice.text("label") for choice in choices], [choice.text("text") for choice in choices]
    answer = record.text("answerKey") if "answerKey" in record.content else None
    return choice_of(record, question.text("stem"), letters, endings, answer)


def choice_of(record: Record, question: str, letters: Sequence[str], endings: Sequence[str], answer: str | None) -> Choice:
    """Return a question with its answers, each of which has a letter; raises DataError where the answer is no letter."""
    if len(letters) < 2 or len(set(letters)) < len(letters) or len(letters) != len(endings):
        what = f"the choices {', '.join(letters) or 'none'} of {len(endings)} texts"
        raise record.fault(f"{what}: expected two or more, each with a label of its own")
    if answer is not None and answer not in letters:
        raise record.fault(f"the answer {answer!r} is no choice; {nearest(answer, letters)}")
    return Choice(record.text("id"), "", question, tuple(endings), None if answer is None else letters.index(answer))


FORMAT = Format(read)
