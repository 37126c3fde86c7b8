"""Sentence retrieval: the nearest candidate of each query by cosine, at every layer of an encoder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from isthmus.evaluation.predict import Tick, sentence_vectors
from isthmus.models.head import Encoding
from isthmus.models.network import Network
from isthmus.sources.example import SentencePair

MEMORY = 2**31  # bytes of vectors held at once, where one layer's do not need more
CPU = torch.device("cpu")
BLOCK = 4096  # rows of either side whose cosines are held at once


def retrieve(
    network: Network, examples: Sequence[SentencePair], encoding: Encoding, method: str, precision: str, tick: Tick
) -> list[list[int]]:
    """Return for each layer, from the embeddings to the last, the row of the nearest candidate of each query.

    One pass over the texts gives all layers, as long as their vectors fit into MEMORY; beyond it, a pass for as many as do.
    """
    layers = range(network.depth + 1)
    at_once = max(1, MEMORY // max(1, 8 * len(examples) * network.hidden_size))
    found: list[list[int]] = []
    for start in range(0, len(layers), at_once):
        chosen = layers[start : start + at_once]
        queries = sentence_vectors(network, [e.query for e in examples], encoding, chosen, method, precision, tick)
        candidates = sentence_vectors(network, [e.candidate for e in examples], encoding, chosen, method, precision, tick)
        found += [nearest_rows(*sides, network.device) for sides in zip(queries, candidates, strict=True)]
    return found


def nearest_rows(queries: Tensor, candidates: Tensor, device: torch.device = CPU, block: int = BLOCK) -> list[int]:
    """Return for each query the row of the candidate with the highest cosine; the first of equals. Exact, in blocks."""
    rows: list[int] = nearest_both_ways(queries, candidates, device, block)[0].tolist()
    return rows


def nearest_both_ways(
    queries: Tensor, candidates: Tensor, device: torch.device = CPU, block: int = BLOCK
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the nearest candidate of each of N queries, its cosine, and the nearest query of each of M candidates.

    Exact; ``queries`` N x H and ``candidates`` M x H hold unit vectors; never more than ``block`` squared cosines are held,
    on ``device``. Of equals the first is nearest.
    """
    forth = torch.full((len(queries),), -torch.inf)
    back = torch.full((len(candidates),), -torch.inf)
    nearest, nearest_back = (torch.zeros(len(side), dtype=torch.long) for side in (queries, candidates))
    for i in range(0, len(queries), block):
        rows = queries[i : i + block].to(device)
        for j in range(0, len(candidates), block):
            cosines = rows @ candidates[j : j + block].to(device).T
            _keep(forth[i : i + block], nearest[i : i + block], cosines, 1, j)
            _keep(back[j : j + block], nearest_back[j : j + block], cosines, 0, i)
    return nearest, forth, nearest_back


def _keep(best: Tensor, where: Tensor, cosines: Tensor, side: int, offset: int) -> None:
    """Put what is higher than ``best`` along one side of a block of cosines, and where it stands, in their places."""
    value, at = (found.to(best.device) for found in cosines.max(side))
    higher = value > best
    best[higher], where[higher] = value[higher], at[higher] + offset


def write_layers(path: Path, rows: Sequence[Sequence[int]]) -> None:
    """Write ``{"0": [row of each query's candidate], ..., "L": [...]}``, 0 the embeddings and L the last layer."""
    path.write_text(json.dumps({str(layer): list(found) for layer, found in enumerate(rows)}), encoding="utf-8")
