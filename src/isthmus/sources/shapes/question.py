"""Questions about contexts: ``id``, ``question``, ``context`` and ``answers``, the lists ``text`` and ``answer_start``.

Loading scripts of the hub took white space off the ends of contexts and answers and kept the places of the answers as they
were; an answer that stands up to ``SHIFT`` characters beside its place is therefore taken from where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.sources.example import Answer, Question
from isthmus.sources.json_lines import Record, check_single_ids

SHIFT = 16


def shape(rows: list[Record], _labels: Sequence[str] = ()) -> list[Question]:
    """Return the questions of a split, all of which have answers or none has."""
    found = [(row, answers_of(row)) for row in rows]
    check_single_ids(rows)
    bare = next((row for row, answers in found if not answers), None)
    if bare and any(answers for _, answers in found):
        raise bare.fault(f"question {bare.text('id')!r} has no answer, in a split that has answers")
    return [Question(*texts_of(row), answers or None) for row, answers in found]


def texts_of(row: Record) -> tuple[str, str, str]:
    """Return the id, the question and the context of a row."""
    return row.text("id"), row.item("question", str), row.item("context", str)


def answers_of(row: Record) -> tuple[Answer, ...]:
    """Return the answers of a row, each where it stands in the context; raises DataError where it does not."""
    given, context = row.record("answers"), row.item("context", str)
    texts, starts = given.texts("text"), given.items("answer_start", int)
    if len(texts) != len(starts):
        raise row.fault(f"{len(texts)} answers, but {len(starts)} places of answers")
    return tuple(Answer(text, _place(row, context, text, start)) for text, start in zip(texts, starts, strict=True))


def _place(row: Record, context: str, text: str, start: int) -> int:
    for away in sorted(range(-SHIFT, SHIFT + 1), key=abs):
        if start + away >= 0 and context.startswith(text, start + away):
            return start + away
    raise row.fault(f"the answer {text!r} is not at character {start} of the context, nor near it")
