"""F1 and exact match of SQuAD v1.1's official script, which XTREME applies to XQuAD and TyDiQA in every language.

Its normalisation is English: ASCII punctuation and English articles go, and words are what whitespace parts. An answer in
Chinese or Thai is therefore mostly one word, and its F1 close to exact match.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import punctuation

from isthmus.metrics._answers import compared
from isthmus.metrics._sums import Counts, column_sums, mean

ARTICLES = re.compile(r"\b(?:a|an|the)\b")
NO_PUNCTUATION = str.maketrans("", "", punctuation)


def score(gold: Sequence[Sequence[str]], predicted: Sequence[str]) -> dict[str, float]:
    """Return the mean F1 and exact match over questions, each the best over the question's accepted answers.

    Raises ValueError when gold and predictions do not line up or a question has no accepted answer.
    """
    return value(column_sums(counts(gold, predicted)))


def counts(gold: Sequence[Sequence[str]], predicted: Sequence[str]) -> Counts:
    """Return (F1 on 0-1, 1 if an exact match else 0, 1) for each question; raises ValueError as ``score`` does."""
    return compared(gold, predicted, normalise)


def value(totals: Sequence[float]) -> dict[str, float]:
    """Return the figures of summed counts."""
    f1, exact, number = totals
    return {"f1": mean(f1, number), "exact_match": mean(exact, number)}


def normalise(text: str) -> list[str]:
    """Return the words of an answer: lower case, without ASCII punctuation, then without English articles."""
    return ARTICLES.sub(" ", text.lower().translate(NO_PUNCTUATION)).split()
