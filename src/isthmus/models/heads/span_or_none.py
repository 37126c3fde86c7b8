"""Extractive question answering that may find nothing: the span head, whose first special token stands for 'no answer'.

As the SQuAD v2.0 scripts have it (transformers' run_squad.py, after Devlin et al. 2019): a window's score of no answer is
the sum of both logits on its first token, an example's the least of its windows', for one window that holds an answer is
enough against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite
from typing import Any

from torch import Tensor

from isthmus.models.feature import Batch, Feature
from isthmus.models.head import Head
from isthmus.models.heads import span
from isthmus.sources.example import OpenQuestion


def outputs(module: span.SpanHead, hidden: Tensor, batch: Batch) -> list[tuple[tuple[float, int, int], float]]:
    """Return the best span of each window, as the span head does, and the window's score of no answer."""
    nulls: list[float] = module(hidden[:, 0]).float().sum(-1).tolist()
    return list(zip(span.outputs(module, hidden, batch), nulls, strict=True))


def read(logits: Tensor, batch: Batch) -> list[tuple[tuple[float, int, int], float]]:
    """Return what ``outputs`` does, of logits B x T x 2."""
    nulls: list[float] = logits[:, 0].float().sum(-1).tolist()
    return list(zip(span.read(logits, batch), nulls, strict=True))


def predictions(
    examples: Sequence[OpenQuestion],
    features: Sequence[Feature],
    outputs: Sequence[tuple[tuple[float, int, int], float]],
    labels: Sequence[str],  # noqa: ARG001
) -> list[dict[str, Any]]:
    """Return the best span over the windows of each question, and how far no answer lies above it.

    Where a context has no sub-word, the span is empty and neither lies above the other.
    """
    nulls = [inf] * len(examples)
    for feature, (_, null) in zip(features, outputs, strict=True):
        nulls[feature.example] = min(nulls[feature.example], null)
    best = span.best_spans(examples, features, [found for found, _ in outputs])
    above = (null - score for null, (score, _) in zip(nulls, best, strict=True))
    return [{"text": text, "null": by if isfinite(by) else 0.0} for by, (_, text) in zip(above, best, strict=True)]


HEAD = Head(span.features, span.SpanHead, span.loss, outputs, predictions, read)
