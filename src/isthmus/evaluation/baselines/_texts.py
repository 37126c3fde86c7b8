"""Pairs and choices as the rows that a classifier learns from: a row for a pair, a row for every ending of a choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from isthmus.core.errors import UserError
from isthmus.evaluation.baseline import labelled
from isthmus.evaluation.learner import MOST, drawn, folds_of
from isthmus.sources.example import Choice, TextPair

# rows of texts, the class of each row, the fold of each row
Rows = tuple[list[tuple[str, str]], NDArray[np.int64], NDArray[np.int64]]


def training_rows(train: Sequence[TextPair | Choice], labels: Sequence[str]) -> Rows:
    """Return (texts, class, fold) of each row; the class is a label's number, or 1 for the right ending and 0 for another.

    Raises UserError for examples without labels and for single texts.
    """
    labelled(example.label for example in train)
    kept = sample(train)
    classes: list[int] = []
    folds: list[int] = []
    for example, fold in zip(kept, folds_of([example.label for example in kept]).tolist(), strict=True):
        right = _classes(example, labels)
        classes += right
        folds += [fold] * len(right)
    return text_rows(kept), np.array(classes), np.array(folds)


def sample(train: Sequence[TextPair | Choice]) -> list[TextPair | Choice]:
    """Return the training examples that are learnt from, all of them or as many as give about ``MOST`` rows."""
    most = max((len(example.endings) for example in train if isinstance(example, Choice)), default=1)
    return drawn(train, MOST // most)


def _classes(example: TextPair | Choice, labels: Sequence[str]) -> list[int]:
    if isinstance(example, Choice):
        return [int(number == example.label) for number in range(len(example.endings))]
    assert example.label is not None, "checked before"
    return [labels.index(example.label)]


def text_rows(examples: Sequence[TextPair | Choice]) -> list[tuple[str, str]]:
    """Return (first, second) of each pair and (context with its question, ending) of each ending."""
    rows: list[tuple[str, str]] = []
    for example in examples:
        if isinstance(example, Choice):
            asked = f"{example.context} {example.question or ''}".strip()
            rows += [(asked, ending) for ending in example.endings]
        elif example.second is None:
            raise UserError(f"example {example.id!r} is a single text, expected two; leave this baseline out of baselines")
        else:
            rows.append((example.first, example.second))
    return rows


def centred(features: NDArray[np.float64], examples: Sequence[TextPair | Choice]) -> NDArray[np.float64]:
    """Return features of text rows; those of an ending are followed by how much they are above its rivals' mean."""
    parts = []
    start = 0
    for example in examples:
        if isinstance(example, Choice):
            own = features[start : start + len(example.endings)]
            parts.append(np.hstack([own, own - own.mean(axis=0)]))
            start += len(example.endings)
    return np.concatenate(parts) if parts else features


def answers(
    examples: Sequence[TextPair | Choice], shares: NDArray[np.float64], classes: Sequence[int], labels: Sequence[str]
) -> list[str | int]:
    """Return the label or the ending with the greatest probability, of equals the first; ``shares`` are by row and class."""
    found: list[str | int] = []
    start = 0
    right = list(classes).index(1) if 1 in classes else 0
    for example in examples:
        if isinstance(example, Choice):
            found.append(int(np.argmax(shares[start : start + len(example.endings), right])))
            start += len(example.endings)
        else:
            found.append(labels[classes[int(np.argmax(shares[start]))]])
            start += 1
    return found
