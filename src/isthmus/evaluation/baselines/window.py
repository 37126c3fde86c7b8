"""The span whose surroundings share most with the question: the sliding window of reading comprehension, without a model.

After Richardson et al. 2013 (MCTest, section 4) and Rajpurkar et al. 2016 (SQuAD, section 5): word types of the question
that stand around a span weigh by their inverse frequency, here over the contexts given. Where spaces do not part words,
character n-grams take the place of words, and a candidate is a whole stretch of letters that repeats nothing of the
question, since how many characters an answer has cannot be learnt from English.
"""

from __future__ import annotations

import math
import statistics
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from isthmus.evaluation.baseline import labelled
from isthmus.sources.example import OpenQuestion, Question
from isthmus.tasks.kinds import span_or_none

KINDS = ("span", "span_or_none")

REACH = 7  # words on either side of a span that are compared with the question
GRAM = 3  # characters that take the place of a word
SPACED = 12  # characters from one space to the next, on average, below which spaces are taken to part words


class Piece(NamedTuple):
    """A word or a character n-gram, and where it stands."""

    start: int
    end: int
    type: str


def predict(
    train: Sequence[Question], examples: Sequence[Question], _labels: Sequence[str] = (), _tokenizer: object = None
) -> list[Any]:
    """Return a span of each context, where spaces part words as long in words as the median training answer.

    Of equal spans the one whose own words are rarest is taken, then the first; a context that has no span free of the
    question's words is its own answer. A question that may have no answer is given one all the same.
    Raises UserError for training questions without answers.
    """
    golds = labelled(question.answers for question in train)
    lengths = [len(list(words(answer.text))) for answers in golds for answer in answers]
    length = max(1, statistics.median_low(lengths or [1]))
    contexts = {example.context for example in examples}
    spaced = sum(map(len, contexts)) < SPACED * sum(len(context.split()) for context in contexts)
    parted = {context: pieces(context, spaced) for context in contexts}
    counts = Counter(type_ for found in parted.values() for type_ in {piece.type for piece in found})
    rarity = {type_: math.log((len(contexts) + 1) / count) for type_, count in counts.items()}
    reach = REACH if spaced else REACH * GRAM
    spans: list[Any] = []
    for example in examples:
        asked = {piece.type for piece in pieces(example.question, spaced)}
        found = parted[example.context]
        candidates = _runs(found, asked, length) if spaced else _stretches(example.context, found, asked)
        start, end = _best(candidates, found, asked, rarity, reach) or (0, len(example.context))
        span = example.context[start:end]
        spans.append(span_or_none.perfect((span,)) if isinstance(example, OpenQuestion) else span)
    return spans


def words(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every run of letters, marks and digits, in any script."""
    start = 0
    for inside, run in groupby(text, key=lambda character: unicodedata.category(character)[0] in "LMN"):
        end = start + len(list(run))
        if inside:
            yield start, end
        start = end


def pieces(text: str, spaced: bool) -> list[Piece]:
    """Return the words of a text or, where spaces do not part words, the n-grams of its runs of letters."""
    found = words(text)
    if not spaced:
        found = ((i, min(i + GRAM, end)) for start, end in found for i in range(start, max(start + 1, end - GRAM + 1)))
    return [Piece(start, end, text[start:end].casefold()) for start, end in found]


def _runs(found: Sequence[Piece], asked: set[str], length: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every ``length`` neighbouring words of which the question has none."""
    for i in range(len(found) - length + 1):
        run = found[i : i + length]
        if not any(piece.type in asked for piece in run):
            yield run[0].start, run[-1].end


def _stretches(context: str, found: Sequence[Piece], asked: set[str]) -> Iterator[tuple[int, int]]:
    """Return (start, end) of the runs of letters that are left without the n-grams that the question has too."""
    left = list(context)
    for piece in found:
        if piece.type in asked:
            left[piece.start : piece.end] = " " * (piece.end - piece.start)
    return words("".join(left))


def _best(
    candidates: Iterable[tuple[int, int]],
    found: Sequence[Piece],
    asked: set[str],
    rarity: Mapping[str, float],
    reach: int,
) -> tuple[int, int] | None:
    """Return the candidate with the most weight of question types among the ``reach`` pieces on its either side."""
    starts = [piece.start for piece in found]
    types = [piece.type for piece in found]

    def worth(span: tuple[int, int]) -> tuple[float, float]:
        first, last = bisect_left(starts, span[0]), bisect_left(starts, span[1])
        near = asked.intersection(types[max(0, first - reach) : first] + types[last : last + reach])
        own = math.fsum(rarity[type_] for type_ in types[first:last]) / max(1, last - first)
        return math.fsum(rarity[type_] for type_ in near), own

    return max(candidates, key=worth, default=None)
