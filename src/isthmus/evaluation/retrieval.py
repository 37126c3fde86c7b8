"""Sentence retrieval: the nearest candidate of each query, at every layer of an encoder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypeVar

from torch import Tensor

from isthmus.evaluation.predict import Tick, sentence_vectors
from isthmus.evaluation.similarity import COSINE, Similarity, nearest_rows
from isthmus.models.head import Encoding
from isthmus.models.network import Network
from isthmus.sources.example import SentencePair

MEMORY = 2**31  # bytes of vectors held at once, where one layer's do not need more
Found = TypeVar("Found")


def retrieve(
    network: Network,
    examples: Sequence[SentencePair],
    encoding: Encoding,
    method: str,
    precision: str,
    tick: Tick,
    similarity: Similarity = COSINE,
) -> list[list[int]]:
    """Return for each layer, from the embeddings to the last, the row of the nearest candidate of each query."""

    def nearest(queries: Tensor, candidates: Tensor) -> list[int]:
        return nearest_rows(queries, candidates, network.device, similarity=similarity)

    sides = [e.query for e in examples], [e.candidate for e in examples]
    return at_layers(network, *sides, encoding, range(network.depth + 1), method, precision, tick, nearest)


def layers_asked(network: Network, layer: int | Literal["chosen"]) -> list[int]:
    """Return the layers, 0 the embeddings, that a study's ``layer`` stands for: all where one is to be chosen.

    Raises UserError for a layer that there is not.
    """
    if layer == "chosen":
        return list(range(network.depth + 1))
    network.check_layer(layer)
    return [layer % (network.depth + 1)]


def at_layers(
    network: Network,
    queries: Sequence[str],
    candidates: Sequence[str],
    encoding: Encoding,
    layers: Sequence[int],
    method: str,
    precision: str,
    tick: Tick,
    compare: Callable[[Tensor, Tensor], Found],
) -> list[Found]:
    """Return ``compare(unit vectors of queries, of candidates)`` at each layer.

    One pass over the texts gives all layers, as long as their vectors fit into MEMORY; beyond it, a pass for as many as do.
    The vectors of a pass are gone before the next begins.
    """

    def one_pass(chosen: Sequence[int]) -> list[Found]:
        sides = (
            sentence_vectors(network, texts, encoding, chosen, method, precision, tick) for texts in (queries, candidates)
        )
        return [compare(*pair) for pair in zip(*sides, strict=True)]

    at_once = max(1, MEMORY // max(1, 4 * (len(queries) + len(candidates)) * network.hidden_size))
    return [found for start in range(0, len(layers), at_once) for found in one_pass(layers[start : start + at_once])]


def write_layers(path: Path, rows: Sequence[Sequence[int]]) -> None:
    """Write ``{"0": [row of each query's candidate], ..., "L": [...]}``, 0 the embeddings and L the last layer."""
    path.write_text(json.dumps({str(layer): list(found) for layer, found in enumerate(rows)}), encoding="utf-8")
