"""F1 and exact match of SQuAD v2.0's official script, where a question may have no answer (Rajpurkar, Jia and Liang 2018).

A prediction is ``{"text": answer, "null": how far no answer lies above it}``: the answer is given where that is not above
0. Words are those of SQuAD v1.1. A question without an answer is right, in both figures, where nothing is answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import fsum
from typing import Any

from isthmus.metrics._aligned import check_aligned
from isthmus.metrics._answers import overlap
from isthmus.metrics._sums import Counts, column_sums
from isthmus.metrics.squad import normalise

Gold = Sequence[Sequence[str]]
Predicted = Sequence[Mapping[str, Any]]


def score(gold: Gold, predicted: Predicted) -> dict[str, float]:
    """Return the mean F1 and exact match over questions, and over those with and those without an answer alone.

    A figure over no question is left out. ``best_f1`` and ``best_exact_match`` are what the best threshold on these very
    questions would give, as the official script reports them: optimistic where it is not the data to tune on.
    Raises ValueError when gold and predictions do not line up.
    """
    best = {f"best_{key}": best_threshold(gold, predicted, key)[1] for key in ("f1", "exact_match")}
    return value(column_sums(counts(gold, predicted))) | best


def counts(gold: Gold, predicted: Predicted) -> Counts:
    """Return (F1, exact match, 1) for questions with an answer, then (right, 1) for those without, 0 for the others.

    All are on 0-1. Raises ValueError as ``score`` does.
    """
    check_aligned(gold, predicted, "question")
    figures = [_figures(answers, given(guess)) for answers, guess in zip(gold, predicted, strict=True)]
    return [
        (f1, exact, 1.0, 0.0, 0.0) if answers else (0.0, 0.0, 0.0, exact, 1.0)
        for answers, (f1, exact) in zip(gold, figures, strict=True)
    ]


def value(totals: Sequence[float]) -> dict[str, float]:
    """Return the figures of summed counts."""
    f1, exact, answered, right, unanswered = totals
    number = answered + unanswered
    figures = {"f1": 100 * (f1 + right) / number, "exact_match": 100 * (exact + right) / number}
    if answered:
        figures |= {"has_answer_f1": 100 * f1 / answered, "has_answer_exact_match": 100 * exact / answered}
    if unanswered:
        figures |= {"no_answer_accuracy": 100 * right / unanswered}
    return figures


def given(guess: Mapping[str, Any]) -> str:
    """Return the answer that a prediction gives, empty for none."""
    text: str = guess["text"]
    return "" if guess["null"] > 0 else text


def best_threshold(gold: Gold, predicted: Predicted, key: str = "f1") -> tuple[float, float]:
    """Return (threshold, figure) of the ``null`` up to which answering makes the mean F1, or exact match, the highest.

    The threshold lies midway between two values of ``null``, half a unit beyond the first or the last where all or none
    is best to answer; of equals the lowest is taken. Raises ValueError when gold and predictions do not line up.
    """
    check_aligned(gold, predicted, "question")
    place = ("f1", "exact_match").index(key)
    gains = defaultdict[float, list[float]](list)
    silent = [_figures(answers, "")[place] for answers in gold]
    for answers, guess, nothing in zip(gold, predicted, silent, strict=True):
        gains[guess["null"]].append(_figures(answers, guess["text"])[place] - nothing)
    total = fsum(silent)
    nulls = sorted(gains)
    best = (nulls[0] - 0.5, total)
    for null, after in pairwise([*nulls, nulls[-1] + 1]):
        total += fsum(gains[null])
        if total > best[1]:
            best = ((null + after) / 2, total)
    return best[0], 100 * best[1] / len(gold)


def _figures(answers: Sequence[str], text: str) -> tuple[float, float]:
    """Return the F1 and exact match (0-1) of one question.

    Answers that normalise to nothing are no answers; where none is left, and where nothing is said, F1 is exact match.
    """
    guess = normalise(text)
    accepted = [words for words in map(normalise, answers) if words] or [[]]
    exact = float(guess in accepted)
    return max((overlap(words, guess) for words in accepted), default=0.0) if guess and accepted != [[]] else exact, exact
