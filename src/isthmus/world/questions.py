"""Questions with the contexts that answer them, and the place of the answer."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.world.grammar import Grammar, laid_out, text_of
from isthmus.world.layout import Asked
from isthmus.world.meaning import Meaning, Query


def asked_about(query: Query, facts: Sequence[Meaning], grammar: Grammar, id_: str) -> Asked:
    """Return a question about that one of the facts it is made of; the answer is the phrase of the slot it asks for."""
    pieces: list[str] = []
    at, answer = 0, (0, 0)
    for fact in facts:
        words = grammar.sentence(fact)
        text, spans = laid_out(words, at)
        if fact is query.meaning:
            inside = [span for word, span in zip(words, spans, strict=True) if word.slot == query.slot]
            answer = (inside[0][0], inside[-1][1])
        pieces.append(text)
        at += len(text) + 1
    context = " ".join(pieces)
    assert answer[1], f"the fact that {query} asks about is not in its context"
    return Asked(id_, text_of(grammar.sentence(query)), context, context[answer[0] : answer[1]], answer[0])
