"""Predictions of a trained model, and sentence vectors of any encoder, computed in batches of like lengths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import torch
from torch import Tensor

from isthmus.compute.device import autocast, micro_tokens
from isthmus.models import pooling
from isthmus.models.feature import Batch, Feature, pad, width_of
from isthmus.models.head import Encoding
from isthmus.models.network import Network
from isthmus.models.task_model import TaskModel

Output = TypeVar("Output")
Tick = Callable[[int, int], None]


def predict(
    model: TaskModel, examples: Sequence[Any], labels: Sequence[str], encoding: Encoding, precision: str, tick: Tick
) -> list[Any]:
    """Return one prediction an example, in the form that the kind of task states; ``tick(done, total)`` counts features."""
    model.eval()
    features = model.head.features(examples, labels, encoding)
    outputs = in_batches(
        features, encoding.tokenizer.pad_token_id, next(model.parameters()).device, precision, model.outputs, tick
    )
    return model.head.predictions(examples, features, outputs, labels)


def in_batches(
    features: Sequence[Feature],
    padding: int,
    device: torch.device,
    precision: str,
    run: Callable[[Batch], Sequence[Output]],
    tick: Tick,
) -> list[Output]:
    """Return ``run`` of each feature, in their order, computed in batches of like lengths."""
    order = sorted(range(len(features)), key=lambda i: len(features[i].ids), reverse=True)
    results: dict[int, Output] = {}
    start = 0
    while start < len(order):
        rows = micro_tokens(device) // width_of(features[order[start]])
        chosen = order[start : start + max(1, rows)]
        batch = pad([features[i] for i in chosen], padding).to(device)
        with torch.no_grad(), autocast(device, precision):
            results.update(zip(chosen, run(batch), strict=True))
        start += len(chosen)
        tick(start, len(order))
    return [results[i] for i in range(len(features))]


def sentence_vectors(
    network: Network, texts: Sequence[str], encoding: Encoding, layer: int, method: str, precision: str, tick: Tick
) -> Tensor:
    """Return unit vectors, one a text: states of one layer pooled by ``mean`` or ``first``."""
    network.body.eval()
    device = next(network.body.parameters()).device
    features = pooling.features(texts, encoding)

    def run(batch: Batch) -> Sequence[Tensor]:
        return list(pooling.window_sums(network.hidden(network.body, batch, layer), batch, method))

    sums = in_batches(features, encoding.tokenizer.pad_token_id, device, precision, run, tick)
    return pooling.sentence_vectors(features, sums, len(texts))


def nearest_rows(queries: Tensor, candidates: Tensor, chunk: int = 1024) -> list[int]:
    """Return for each query the row of the candidate with the highest cosine; the first of equals. Exact, in chunks."""
    best = [(queries[i : i + chunk] @ candidates.T).argmax(-1) for i in range(0, len(queries), chunk)]
    return [int(i) for part in best for i in part]
