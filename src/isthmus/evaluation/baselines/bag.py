"""The candidate with the nearest bag of sub-words: what names, numbers and loan words alone give, without any encoder."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.sources.example import SentencePair

KINDS = ("retrieval",)


def predict(_train: Sequence[object], examples: Sequence[SentencePair], _labels: Sequence[str], tokenizer: Any) -> list[int]:
    """Return for each query the row of the candidate with the highest cosine, the first of equals.

    A text is the set of its sub-words by the fast ``tokenizer``, each weighing its inverse frequency in the texts of both
    sides.
    """
    queries = _bags([example.query for example in examples], tokenizer)
    candidates = _bags([example.candidate for example in examples], tokenizer)
    counts = Counter(piece for bag in (*queries, *candidates) for piece in bag)
    rarity = {piece: math.log(2 * len(examples) / count) for piece, count in counts.items()}
    where: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for row, bag in enumerate(candidates):
        for piece, weight in _unit(bag, rarity).items():
            where[piece].append((row, weight))
    return [_nearest(_unit(bag, rarity), where, len(candidates)) for bag in queries]


def _bags(texts: Sequence[str], tokenizer: Any) -> list[list[int]]:
    encoded = tokenizer.backend_tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [sorted(set(one.ids)) for one in encoded]


def _unit(bag: Sequence[int], rarity: Mapping[int, float]) -> dict[int, float]:
    """Return the vector of a bag, of length 1, or of zeros where every sub-word is in every text."""
    norm = math.hypot(*(rarity[piece] for piece in bag)) or 1.0
    return {piece: rarity[piece] / norm for piece in bag}


def _nearest(query: Mapping[int, float], where: Mapping[int, list[tuple[int, float]]], rows: int) -> int:
    cosines = [0.0] * rows
    for piece, weight in query.items():
        for row, other in where.get(piece, ()):
            cosines[row] += weight * other
    return cosines.index(max(cosines))
