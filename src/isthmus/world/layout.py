"""Writing examples as the official files have them; each form is read back by the format of the same name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from isthmus.world.grammar import Word


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a context; ``start`` is the character of the context that the answer begins at.

    An empty answer says that the context does not answer the question.
    """

    id: str
    question: str
    context: str
    answer: str
    start: int


def tags(sentences: Iterable[Sequence[Word]], field: str) -> str:
    """Return ``word TAB tag`` lines, a blank line after each sentence; ``field`` names the tag of a word."""
    return "".join("".join(f"{word.text}\t{getattr(word, field)}\n" for word in words) + "\n" for words in sentences)


def pairs(rows: Iterable[Sequence[str]]) -> str:
    """Return tab-separated cells, as ``first second label``, quoted as Python's csv writer quotes."""
    stream = io.StringIO()
    csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(rows)
    return stream.getvalue()


def squad(asked: Iterable[Asked]) -> str:
    """Return the JSON of SQuAD v1.1, one paragraph a question."""
    paragraphs = [
        {
            "context": one.context,
            "qas": [
                {"id": one.id, "question": one.question, "answers": [{"text": one.answer, "answer_start": one.start}]},
            ],
        }
        for one in asked
    ]
    document = {"version": "1.1", "data": [{"title": "world", "paragraphs": paragraphs}]}
    return json.dumps(document, ensure_ascii=False, indent=0) + "\n"


def squad_v2(asked: Iterable[Asked]) -> str:
    """Return the JSON of SQuAD v2.0, one paragraph a question; one without an answer is marked impossible."""
    paragraphs = [
        {
            "context": one.context,
            "qas": [
                {
                    "question": one.question,
                    "id": one.id,
                    "answers": [{"text": one.answer, "answer_start": one.start}] if one.answer else [],
                    "is_impossible": not one.answer,
                }
            ],
        }
        for one in asked
    ]
    document = {"version": "v2.0", "data": [{"title": "world", "paragraphs": paragraphs}]}
    return json.dumps(document, ensure_ascii=False, indent=0) + "\n"


def squad_sentences(paragraphs: Iterable[tuple[Sequence[str], Sequence[Asked]]]) -> str:
    """Return the JSON of XQuAD-R: contexts with the questions about them, and where each of their sentences stands."""
    made = []
    for sentences, asked in paragraphs:
        ends = [*accumulate(len(sentence) + 1 for sentence in sentences)]
        qas = [
            {"id": one.id, "question": one.question, "answers": [{"text": one.answer, "answer_start": one.start}]}
            for one in asked
        ]
        breaks = [[end - 1 - len(sentence), end - 1] for end, sentence in zip(ends, sentences, strict=True)]
        made.append({"context": " ".join(sentences), "qas": qas, "sentence_breaks": breaks})
    document = {"version": "1.1", "data": [{"title": "world", "paragraphs": made}]}
    return json.dumps(document, ensure_ascii=False, indent=0) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return comma-separated cells below their header, quoted as Python's csv writer quotes."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return stream.getvalue()


def lines(texts: Iterable[str]) -> str:
    """Return one text a line."""
    return "".join(f"{text}\n" for text in texts)


def json_lines(records: Iterable[Mapping[str, Any]]) -> str:
    """Return one JSON object a line."""
    return lines(json.dumps(record, ensure_ascii=False) for record in records)
