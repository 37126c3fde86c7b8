"""Predictions of a trained model, and sentence vectors of any encoder, computed in batches of like lengths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import torch
from torch import Tensor

from isthmus.compute.device import autocast, micro_tokens
from isthmus.models import pooling
from isthmus.models.feature import Batch, Feature, packed, pad
from isthmus.models.head import Encoding
from isthmus.models.network import Network
from isthmus.models.running import Answering

Output = TypeVar("Output")
Tick = Callable[[int, int], None]
PART = 2**15  # texts of sentence vectors that are cut into sub-words at a time


def predict(
    model: Answering, examples: Sequence[Any], labels: Sequence[str], encoding: Encoding, precision: str, tick: Tick
) -> list[Any]:
    """Return one prediction an example, in the form that the kind of task states; ``tick(done, total)`` counts features."""
    features = model.head.features(examples, labels, encoding)
    outputs = answers(model, features, encoding.tokenizer.pad_token_id, precision, tick)
    return model.head.predictions(examples, features, outputs, labels)


def answers(model: Answering, features: Sequence[Feature], padding: int, precision: str, tick: Tick) -> list[Any]:
    """Return a model's output of each feature; ``precision`` is followed where the model has none of its own."""
    model.eval()
    # What was made for a precision is not cast again.
    asked = precision if model.precision is None else "fp32"
    return in_batches(features, padding, model.device, asked, model.outputs, tick)


def in_batches(
    features: Sequence[Feature],
    padding: int,
    device: torch.device,
    precision: str,
    run: Callable[[Batch], Sequence[Output]],
    tick: Tick,
    tokens: int | None = None,
) -> list[Output]:
    """Return ``run`` of each feature, in their order, computed in batches of like lengths, of ``tokens`` at most."""
    results: dict[int, Output] = {}
    for chosen in packed(features, tokens or micro_tokens(device)):
        batch = pad([features[i] for i in chosen], padding).to(device)
        with torch.no_grad(), autocast(device, precision):
            results.update(zip(chosen, run(batch), strict=True))
        tick(len(results), len(features))
    return [results[i] for i in range(len(features))]


def sentence_vectors(
    network: Network,
    texts: Sequence[str],
    encoding: Encoding,
    layers: Sequence[int],
    method: str,
    precision: str,
    tick: Tick,
) -> Tensor:
    """Return unit vectors K x texts x H on the CPU: states of K layers pooled by ``mean`` or ``first``, in one pass.

    Layer 0 is the embeddings, -1 the last; ``tick(done, total)`` counts texts. No more than PART texts are held as
    sub-words, so that the vectors are what takes memory.
    """
    network.body.eval()
    totals = torch.zeros(len(layers), len(texts), network.hidden_size + 1)
    for start in range(0, len(texts), PART):
        part = texts[start : start + PART]
        features = pooling.features(part, encoding)

        def run(batch: Batch, start: int = start) -> Sequence[None]:
            rows = torch.tensor([start + feature.example for feature in batch.features])
            states = network.layers(batch)
            for total, layer in zip(totals, layers, strict=True):
                total.index_add_(0, rows, pooling.window_sums(states[layer], batch, method))
            return [None] * len(rows)

        def tick_texts(done: int, total: int, start: int = start, size: int = len(part)) -> None:
            tick(start + size * done // total, len(texts))

        in_batches(features, encoding.tokenizer.pad_token_id, network.device, precision, run, tick_texts)
    return pooling.unit_vectors(totals)
