"""Bitext mining: pairs of sentences that are each other's nearest by cosine, above a threshold tuned on development data.

The task of BUCC (Zweigenbaum, Sharoff and Rapp 2018) as XTREME runs it: the best layer and threshold are not looked for on
the data that are judged. Its margin (Artetxe and Schwenk 2019) is left out: the score is the cosine itself.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch

from isthmus.core.errors import UserError
from isthmus.evaluation.predict import Tick, sentence_vectors
from isthmus.evaluation.retrieval import nearest_both_ways
from isthmus.models.head import Encoding
from isthmus.models.network import Network
from isthmus.sources.example import MinedSentence


@dataclass(frozen=True, slots=True)
class Mined:
    """A pair that was found: the index of an example, the id of its candidate, and their cosine."""

    index: int
    candidate: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """The cosine from which on pairs are kept (infinite: none is), and the F1 it reaches on the data it was tuned on."""

    cosine: float
    f1: float


def mine(
    network: Network,
    examples: Sequence[MinedSentence],
    encoding: Encoding,
    layer: int,
    method: str,
    precision: str,
    tick: Tick,
) -> list[Mined]:
    """Return the pairs of which each sentence is the other's nearest, highest cosine first; no sentence is in two."""
    if not examples:
        return []
    ids, texts = list(examples[0].candidates), list(examples[0].candidates.values())
    queries = sentence_vectors(network, [e.text for e in examples], encoding, [layer], method, precision, tick)[0]
    candidates = sentence_vectors(network, texts, encoding, [layer], method, precision, tick)[0]
    nearest, cosines, back = nearest_both_ways(queries, candidates, network.device)
    mutual = (back[nearest] == torch.arange(len(nearest))).nonzero().flatten().tolist()
    found = [Mined(i, ids[int(nearest[i])], float(cosines[i])) for i in mutual]
    return sorted(found, key=lambda pair: -pair.cosine)


def tune(found: Sequence[Mined], examples: Sequence[MinedSentence]) -> Threshold:
    """Return the threshold with the highest F1 on mined pairs, highest cosine first: midway between two of their cosines.

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
        if f1 > best.f1 and (after is None or after.cosine < pair.cosine):
            best = Threshold(pair.cosine if after is None else (pair.cosine + after.cosine) / 2, f1)
    return best


def chosen(found: Sequence[Mined], size: int, threshold: Threshold) -> list[str]:
    """Return for each of ``size`` examples the id of its candidate in a pair from the threshold on, empty for none."""
    answers = [""] * size
    for pair in found:
        if pair.cosine >= threshold.cosine:
            answers[pair.index] = pair.candidate
    return answers


def write_threshold(path: Path, threshold: Threshold) -> None:
    """Write ``{"cosine": ..., "dev_f1": ...}``; the cosine is null where no pair is kept."""
    cosine = threshold.cosine if math.isfinite(threshold.cosine) else None
    path.write_text(json.dumps({"cosine": cosine, "dev_f1": threshold.f1}), encoding="utf-8")
