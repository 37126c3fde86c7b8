"""What a source yields: one frozen record for each form of data, the same whatever the task or the model.

A label, tags, answers or a match that is None was stripped from the file (as official test sets are): such an example
can be predicted but never scored.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextPair:
    """A text, or two, with a class label."""

    id: str
    first: str
    second: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """Words with one tag each."""

    id: str
    words: tuple[str, ...]
    tags: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A span of a context: its text and the character it starts at."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a context, with every accepted answer."""

    id: str
    question: str
    context: str
    answers: tuple[Answer, ...] | None


@dataclass(frozen=True, slots=True)
class SentencePair:
    """Row i of a bitext: a query, the candidate that stands on the same row, and which row's candidate translates the query.

    Candidates may repeat; the match counts by row, as XTREME's evaluate.py counts it.
    """

    id: str
    query: str
    candidate: str
    match: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of raw text; lines of several languages with the same id say the same, an empty id is none."""

    id: str
    text: str


Example = TextPair | TaggedSentence | Question | SentencePair | Line
