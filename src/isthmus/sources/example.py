"""What a source yields: one frozen record for each form of data, the same whatever the task or the model.

A label, tags, answers or a match that is None was stripped from the file (as official test sets are): such an example
can be predicted but never scored.
"""

from __future__ import annotations

from collections.abc import Mapping
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
class OpenQuestion(Question):
    """A question that its context may not answer: then its answers are empty; None is still stripped."""


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
class Choice:
    """A context, with a question about it or without, and endings of which one is right; their number may differ."""

    id: str
    context: str
    question: str | None
    endings: tuple[str, ...]
    label: int | None


@dataclass(frozen=True, slots=True)
class MinedSentence:
    """A sentence of one side of a comparable corpus, every sentence of the other side by id, and which one translates it.

    ``match`` is empty for a sentence without a translation, as most are. All examples share one mapping of candidates.
    """

    id: str
    text: str
    candidates: Mapping[str, str]
    match: str | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A query and a pool of candidates to rank, by id: a text and what stands around it (empty where there is nothing).

    ``matches`` are the ids of the candidates that are right. All examples share one mapping of candidates.
    """

    id: str
    query: str
    candidates: Mapping[str, tuple[str, str]]
    matches: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of raw text, or two segments of it.

    Lines of several languages with the same id say the same; an empty id is none.
    """

    id: str
    text: str
    second: str | None = None


Example = TextPair | TaggedSentence | Question | OpenQuestion | SentencePair | Choice | MinedSentence | Ranked | Line
