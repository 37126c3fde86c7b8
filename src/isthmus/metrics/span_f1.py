"""Span F1 on raw tags by seqeval's lenient rule: the official figure of PAN-X and, on bare UPOS tags, of udpos.

The rule reads a tag's first character as its role (B, I, E, S, O or none of these) and what follows its last hyphen as
its type. So a bare tag is its own type, equal neighbours merge into one span, and the accidents of initials count:
SCONJ and SYM (role S) always stand alone. A span that opens without B still counts.

This is the rule of seqeval up to 0.0.15 (2020), under which XTREME's figures were computed. Later versions take the type
from the second character on, so that CCONJ and SCONJ are one type and X, left without any, is lost at a sentence end: on
the submission of XTREME's own test they give 70.398, the test expects 70.217. On BIO tags whose types have no hyphen all
versions agree.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from isthmus.metrics._aligned import check_tagged
from isthmus.metrics._sums import Counts, column_sums, micro_f1


def score(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return micro-averaged F1, precision and recall of exact spans with their types, pooled over all sentences.

    A figure without anything to count (no gold span, no predicted span) is 0, as in seqeval.
    Raises ValueError when the tags do not line up.
    """
    return value(column_sums(counts(gold, predicted)))


def counts(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> Counts:
    """Return (hits, spans in gold, spans predicted) for each sentence; raises ValueError when the tags do not line up.

    A span belongs to the sentence it ends in: by the rule a few odd tags (N-O) run on over a sentence end.
    """
    check_tagged(gold, predicted)
    right, guessed = spans(gold), spans(predicted)
    ends = list(accumulate(len(sentence) + 1 for sentence in gold))
    of_sentence = [[0.0, 0.0, 0.0] for _ in gold]
    for column, found in enumerate((right & guessed, right, guessed)):
        for _, _, last in found:
            of_sentence[bisect_right(ends, last)][column] += 1
    return [tuple(row) for row in of_sentence]


def value(totals: Sequence[float]) -> dict[str, float]:
    """Return the figures of summed counts."""
    return micro_f1(totals)


def spans(sentences: Sequence[Sequence[str]]) -> set[tuple[str, int, int]]:
    """Return (type, first, last) of every span; positions run through all sentences, one O after each."""
    found: set[tuple[str, int, int]] = set()
    previous, first, position = "O", 0, 0
    for sentence in sentences:
        for tag in (*sentence, "O"):
            closes, opens = _boundary(previous, tag)
            if closes:
                found.add((_type(previous), first, position - 1))
            if opens:
                first = position
            previous = tag
            position += 1
    return found


@lru_cache(maxsize=1 << 14)
def _boundary(previous: str, tag: str) -> tuple[bool, bool]:
    """Say whether a span closes after ``previous`` and whether one opens at ``tag``."""
    before, now = previous[0], tag[0]
    changed = _type(previous) != _type(tag)
    closes = before in "ES" or (before in "BI" and now in "BSO") or (before not in "O." and changed)
    opens = now in "BS" or (now in "EI" and before in "ESO") or (now not in "O." and changed)
    return closes, opens


def _type(tag: str) -> str:
    return tag.rpartition("-")[2]
