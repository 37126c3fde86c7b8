"""Bitext mining: pairs of sentences nearer to each other than to the rest, above a threshold tuned on development data.

The task of BUCC (Zweigenbaum, Sharoff and Rapp 2018) as XTREME means it to be run: each sentence's best among its k nearest
by margin (Artetxe and Schwenk 2019, section 3, strategy "max"), each sentence in one pair at most, the threshold midway
between two scores where F1 on the development data is highest. Neither it nor the layer is looked for on what is judged.

Sentences that repeat on their side are compared once, under the id of the first of them, by which gold names them too (see
``sources/formats/bucc``). LASER's and XTREME's scorers let no repeated sentence count at all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor

from isthmus.core.errors import UserError
from isthmus.evaluation import approximate
from isthmus.evaluation.neighbours import BLOCK, CPU, top_both_ways
from isthmus.evaluation.predict import Tick
from isthmus.evaluation.retrieval import at_layers
from isthmus.evaluation.similarity import RATIO, Similarity
from isthmus.models.head import Encoding
from isthmus.models.network import Network
from isthmus.sources.example import MinedSentence


@dataclass(frozen=True, slots=True)
class Mined:
    """A pair that was found: the index of an example, the id of its candidate, and how similar they are."""

    index: int
    candidate: str
    score: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """The score from which on pairs are kept (infinite: none is), and the F1 it reaches on the data it was tuned on."""

    score: float
    f1: float


def mine(
    network: Network,
    examples: Sequence[MinedSentence],
    encoding: Encoding,
    layers: Sequence[int],
    method: str,
    precision: str,
    tick: Tick,
    similarity: Similarity = RATIO,
) -> list[list[Mined]]:
    """Return for each layer the pairs found, highest score first; no sentence is in two of them.

    Raises SetupError, before anything is encoded, where faiss is to search and is not installed.
    """
    if similarity.search == "faiss":
        approximate.faiss()
    if not examples or not examples[0].candidates:
        return [[] for _ in layers]
    queries, candidates = _first_of_equals(e.text for e in examples), _first_of_equals(examples[0].candidates.values())
    indices, ids = list(queries.values()), list(examples[0].candidates)
    ids = [ids[i] for i in candidates.values()]

    def pairs(ours: Tensor, theirs: Tensor) -> list[Mined]:
        found = one_to_one(ours, theirs, similarity, network.device)
        return [Mined(indices[i], ids[j], score) for i, j, score in found]

    return at_layers(network, list(queries), list(candidates), encoding, layers, method, precision, tick, pairs)


def _first_of_equals(texts: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for i, text in enumerate(texts):
        found.setdefault(text, i)
    return found


def one_to_one(
    queries: Tensor, candidates: Tensor, similarity: Similarity, device: torch.device = CPU, block: int = BLOCK
) -> list[tuple[int, int, float]]:
    """Return pairs (query, candidate, score) of two sides of unit vectors, highest score first, no row in two of them.

    Each row of either side proposes the most similar of its k nearest by cosine; proposals are taken by falling score, of
    equals the queries' own and then the first, while both rows are free.
    """
    search = approximate.top_both_ways if similarity.search == "faiss" else top_both_ways
    forth, back = search(queries, candidates, similarity.neighbours, device, block)
    near, near_back = forth.values.mean(1), back.values.mean(1)
    scores, best = similarity.of(forth.values, near[:, None], near_back[forth.rows]).max(1)
    scores_back, best_back = similarity.of(back.values, near_back[:, None], near[back.rows]).max(1)
    chosen, chosen_back = forth.rows.gather(1, best[:, None]), back.rows.gather(1, best_back[:, None])
    ours = torch.cat([torch.arange(len(queries), device=device), chosen_back[:, 0]]).tolist()
    theirs = torch.cat([chosen[:, 0], torch.arange(len(candidates), device=device)]).tolist()
    proposed = torch.cat([scores, scores_back])
    order, values = proposed.argsort(descending=True, stable=True).tolist(), proposed.tolist()
    taken: list[tuple[int, int, float]] = []
    used, used_back = set[int](), set[int]()
    for n in order:
        i, j = ours[n], theirs[n]
        if i not in used and j not in used_back:
            used.add(i)
            used_back.add(j)
            taken.append((i, j, values[n]))
    return taken


def tune(found: Sequence[Mined], examples: Sequence[MinedSentence]) -> Threshold:
    """Return the threshold with the highest F1 on mined pairs, highest score first: midway between two of their scores.

    Raises UserError where an example has no gold, or none has a translation.
    """
    if any(e.match is None for e in examples):
        raise UserError("the threshold of mining is tuned on development data, whose gold pairs are missing here")
    gold = sum(bool(e.match) for e in examples)
    if not gold:
        raise UserError("the development data of mining hold no pair of translations to tune the threshold on")
    best, right = Threshold(math.inf, 0.0), 0
    for kept, (pair, after) in enumerate(pairwise([*found, None]), 1):
        assert pair is not None
        right += examples[pair.index].match == pair.candidate
        f1 = 200 * right / (kept + gold)
        if f1 > best.f1 and (after is None or after.score < pair.score):
            best = Threshold(pair.score if after is None else (pair.score + after.score) / 2, f1)
    return best


def thresholds(
    network: Network,
    dev: Sequence[MinedSentence],
    encoding: Encoding,
    layers: Sequence[int],
    method: str,
    precision: str,
    tick: Tick,
    similarity: Similarity = RATIO,
) -> dict[int, Threshold]:
    """Return the threshold that serves development data best at each layer; raises UserError as ``tune`` does."""
    found = mine(network, dev, encoding, layers, method, precision, tick, similarity)
    return {layer: tune(pairs, dev) for layer, pairs in zip(layers, found, strict=True)}


def best_layer(tuned: dict[int, Threshold]) -> int:
    """Return the layer whose threshold reaches the highest F1 on development data; the lowest of equals."""
    return max(sorted(tuned), key=lambda layer: tuned[layer].f1)


def chosen(found: Sequence[Mined], size: int, threshold: Threshold) -> list[str]:
    """Return for each of ``size`` examples the id of its candidate in a pair from the threshold on, empty for none."""
    answers = [""] * size
    for pair in found:
        if pair.score >= threshold.score:
            answers[pair.index] = pair.candidate
    return answers


def write_threshold(path: Path, tuned: dict[int, Threshold], layer: int) -> None:
    """Write ``{"layer": ..., "threshold": ..., "dev_f1": {layer: ...}}``; the threshold is null where no pair is kept.

    ``dev_f1`` has every layer that was tried, ``layer`` is the one taken.
    """
    score = tuned[layer].score
    told = {"layer": layer, "threshold": score if math.isfinite(score) else None}
    curve = {str(tried): threshold.f1 for tried, threshold in tuned.items()}
    path.write_text(json.dumps(told | {"dev_f1": curve}), encoding="utf-8")
