"""The texts of examples, whatever their form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isthmus.sources.example import (
    Choice,
    Example,
    Line,
    MinedSentence,
    Question,
    Ranked,
    SentencePair,
    TaggedSentence,
    TextPair,
)


def texts_of(example: Example) -> tuple[str, ...]:
    """Return the texts of an example that are there; the words of a tagged sentence are one, a shared pool is none."""
    texts: tuple[str | None, ...]
    match example:
        case TextPair():
            texts = (example.first, example.second)
        case TaggedSentence():
            texts = (" ".join(example.words),)
        case Question():
            texts = (example.question, example.context)
        case Choice():
            texts = (example.context, example.question, *example.endings)
        case SentencePair():
            texts = (example.query, example.candidate)
        case MinedSentence() | Line():
            texts = (example.text, example.second if isinstance(example, Line) else None)
        case Ranked():
            texts = (example.query,)
    return tuple(text for text in texts if text)


def all_texts(examples: Iterable[Example]) -> Iterator[str]:
    """Yield the texts of examples, and once those of each pool of candidates that they share."""
    pools: set[int] = set()
    for example in examples:
        yield from texts_of(example)
        if isinstance(example, Ranked | MinedSentence) and id(example.candidates) not in pools:
            pools.add(id(example.candidates))
            for candidate in example.candidates.values():
                yield from (part for part in ((candidate,) if isinstance(candidate, str) else candidate) if part)
