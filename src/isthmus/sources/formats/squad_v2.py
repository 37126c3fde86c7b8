"""Questions in the JSON layout of SQuAD v2.0: that of v1.1, and ``is_impossible`` where the context holds no answer.

What ``plausible_answers`` such a question may have is left out. Ids may be numbers, as in sets that took over the layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isthmus.sources.example import OpenQuestion
from isthmus.sources.format import Format
from isthmus.sources.formats.squad import Document, answers_of, read_questions


def read(path: Path, _labels: Sequence[str] = ()) -> list[OpenQuestion]:
    """Return the questions of a file; without any answer and any mark of impossibility it was stripped."""
    return read_questions(path, _question)


def _question(entry: Any, context: str, where: str, document: Document) -> OpenQuestion:
    numbered = isinstance(entry, dict) and type(entry.get("id")) is int
    id_ = str(entry["id"]) if numbered else document.item(entry, "id", str, where)
    text = document.item(entry, "question", str, where)
    answers = answers_of(entry, context, id_, where, document)
    if document.item({"is_impossible": False, **entry}, "is_impossible", bool, where):
        if answers:
            raise document.fault(f"it is marked impossible and has the answer {answers[0].text!r}", id_)
        answers = ()
    return OpenQuestion(id_, text, context, answers)


FORMAT = Format(read, mark=b'"question"', shared=b'"context"')
