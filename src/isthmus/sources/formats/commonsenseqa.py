"""CommonsenseQA's JSON lines: ``id``, ``question`` with its ``stem`` and labelled ``choices``, and the label ``answerKey``.

The official test file has no answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.core.errors import nearest
from isthmus.sources.example import Choice
from isthmus.sources.format import Format
from isthmus.sources.json_lines import Record, all_or_none, check_single_ids, read_records


def read(path: Path, _labels: Sequence[str] = ()) -> list[Choice]:
    """Return the questions of a file, all of which have an answer or none has."""
    records = list(read_records(path))
    answered = all_or_none(records, "answerKey")
    check_single_ids(records)
    return [_choice(record, answered) for record in records]


def _choice(record: Record, answered: bool) -> Choice:
    question = record.record("question")
    choices = question.records("choices")
    names = [choice.text("label") for choice in choices]
    if len(names) < 2 or len(set(names)) < len(names):
        raise record.fault(f"the choices {', '.join(names) or 'none'}: expected two or more, each with a label of its own")
    answer = record.text("answerKey") if answered else None
    if answer is not None and answer not in names:
        raise record.fault(f"the answer {answer!r} is no choice; {nearest(answer, names)}")
    endings = tuple(choice.text("text") for choice in choices)
    label = None if answer is None else names.index(answer)
    return Choice(record.text("id"), "", question.text("stem"), endings, label)


FORMAT = Format(read)
