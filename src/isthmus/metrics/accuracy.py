"""Accuracy over examples: the official figure of XNLI, PAWS-X and Tatoeba."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from isthmus.metrics._aligned import check_aligned


def score(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> dict[str, float]:
    """Return the percentage of examples whose prediction equals gold; raises ValueError when they do not line up."""
    check_aligned(gold, predicted)
    right = sum(answer == guess for answer, guess in zip(gold, predicted, strict=True))
    return {"accuracy": 100 * right / len(gold)}
