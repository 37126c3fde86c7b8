"""TyDiQA-GoldP as it is released: SQuAD's layout with all languages in one file, told apart by the beginning of the id.

XTREME's preparation makes one file a language of it (``utils_preprocess.py``), which the format ``squad`` reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.sources.example import Question
from isthmus.sources.format import Format
from isthmus.sources.formats import squad

NAMES = {
    "ar": "arabic",
    "bn": "bengali",
    "en": "english",
    "fi": "finnish",
    "id": "indonesian",
    "ko": "korean",
    "ru": "russian",
    "sw": "swahili",
    "te": "telugu",
}


def read(path: Path, labels: Sequence[str] = (), language: str = "en") -> list[Question]:
    """Return the questions of one language, whose ids begin with its English name; raises DataError where there is none."""
    questions = squad.read(path, labels)
    name = NAMES.get(language, language)
    own = [question for question in questions if question.id.startswith(f"{name}-")]
    if not own:
        found = {question.id.partition("-")[0] for question in questions}
        raise DataError(path, f"no question in {language!r}, whose ids begin with {name!r}; {nearest(name, found)}")
    return own


FORMAT = Format(read, by_language=True, mark=b'"question"', shared=b'"context"')
