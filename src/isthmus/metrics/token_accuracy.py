"""Accuracy over all words of all sentences: what papers report for part-of-speech tagging beside XTREME's span F1."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.metrics._aligned import check_tagged
from isthmus.metrics._sums import Counts, column_sums
from isthmus.metrics.accuracy import value

__all__ = ["counts", "score", "value"]


def score(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the percentage of words with the right tag; raises ValueError when the tags do not line up."""
    return value(column_sums(counts(gold, predicted)))


def counts(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> Counts:
    """Return (right words, words) for each sentence; raises ValueError when the tags do not line up."""
    check_tagged(gold, predicted)
    return [
        (float(sum(tag == guess for tag, guess in zip(right, guesses, strict=True))), float(len(right)))
        for right, guesses in zip(gold, predicted, strict=True)
    ]
