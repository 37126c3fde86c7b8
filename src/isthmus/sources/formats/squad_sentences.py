"""SQuAD v1.1 as retrieval: which sentence of all paragraphs of a file holds the answer (LAReQA, Roy et al. 2020, section 4).

Sentences are found by the rules of ``sources/sentences``, which are for English. XTREME's processor has rules of its own; on
the English paragraphs of XQuAD-R, whose sentences are given, these here find all but one in a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.sources.example import Question, Ranked
from isthmus.sources.format import Format
from isthmus.sources.formats import squad
from isthmus.sources.sentences import sentence_spans


def read(path: Path, _labels: Sequence[str] = ()) -> list[Ranked]:
    """Return the questions of a file, to rank its sentences for."""
    return ranked(squad.read(path))


def ranked(questions: Sequence[Question]) -> list[Ranked]:
    """Return questions to rank sentences for; the pool is every sentence of every paragraph, with the paragraph around it.

    A candidate's id is ``PARAGRAPH_SENTENCE``, paragraphs counted from 1. Right is the sentence in which the first answer
    begins, and one of the same paragraph that says the same; a paragraph that stands twice is in the pool once.
    """
    pool: dict[str, tuple[str, str]] = {}
    known: dict[str, tuple[list[str], list[tuple[int, int]]]] = {}
    found = []
    for question in questions:
        context = question.context
        if context not in known:
            spans = list(sentence_spans(context))
            ids = [f"{len(known) + 1}_{i}" for i in range(len(spans))]
            known[context] = ids, spans
            pool.update(zip(ids, ((context[start:end], context) for start, end in spans), strict=True))
        ids, spans = known[context]
        matches = None
        if question.answers:
            # An answer that begins with white space begins in the sentence behind it.
            start, end = next(span for span in spans if question.answers[0].start < span[1])
            matches = tuple(id_ for id_ in ids if pool[id_][0] == context[start:end])
        found.append(Ranked(question.id, question.question, pool, matches))
    return found


FORMAT = Format(read, mark=b'"question"', shared=b'"context"')
