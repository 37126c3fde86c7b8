"""Accuracy over all words of all sentences: what papers report for part-of-speech tagging beside XTREME's span F1."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from isthmus.metrics import accuracy
from isthmus.metrics._aligned import check_tagged


def score(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the percentage of words with the right tag; raises ValueError when the tags do not line up."""
    check_tagged(gold, predicted)
    return accuracy.score(list(chain.from_iterable(gold)), list(chain.from_iterable(predicted)))
