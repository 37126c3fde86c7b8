"""The candidate with the nearest bag of sub-words: what names, numbers and loan words alone give, without any encoder."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isthmus.evaluation.baseline import sub_words
from isthmus.sources.example import MinedSentence, Ranked, SentencePair
from isthmus.tasks.kinds.ranking import DEEPEST

KINDS = ("mining", "ranking", "retrieval")

BLOCK = 256  # sentences that are compared with all candidates at a time


def predict(
    train: Sequence[MinedSentence],
    examples: Sequence[SentencePair] | Sequence[MinedSentence] | Sequence[Ranked],
    _labels: Sequence[str],
    tokenizer: Any,
) -> list[int] | list[str] | list[list[str]]:
    """Return for each query the row of the candidate with the highest cosine, the first of equals.

    A text is the set of its sub-words by the fast ``tokenizer``, each weighing its inverse frequency in the texts of both
    sides. For mining, return the id of the candidate where each is the other's nearest, from a cosine on that is tuned on
    the development data ``train``, and empty elsewhere. For ranking, return the ids of the twenty nearest candidates that
    share a sub-word with the query, by their texts without what stands around them; the frequencies are those of the pool.
    """
    if examples and isinstance(examples[0], Ranked):
        return _ranked(examples, tokenizer)  # type: ignore[arg-type]
    if examples and isinstance(examples[0], MinedSentence):
        from isthmus.evaluation.mining import chosen, tune

        threshold = tune(_mined(train, tokenizer), train)
        return chosen(_mined(examples, tokenizer), len(examples), threshold)  # type: ignore[arg-type]
    return _nearest_rows(examples, tokenizer)  # type: ignore[arg-type]


def _nearest_rows(examples: Sequence[SentencePair], tokenizer: Any) -> list[int]:
    queries = _bags([example.query for example in examples], tokenizer)
    candidates = _bags([example.candidate for example in examples], tokenizer)
    rarity = _rarity([*queries, *candidates])
    where: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for row, bag in enumerate(candidates):
        for piece, weight in _unit(bag, rarity).items():
            where[piece].append((row, weight))
    return [_nearest(_unit(bag, rarity), where, len(candidates)) for bag in queries]


def _ranked(examples: Sequence[Ranked], tokenizer: Any) -> list[list[str]]:
    ids, pool = list(examples[0].candidates), _bags([text for text, _ in examples[0].candidates.values()], tokenizer)
    rarity = _rarity(pool)
    candidates = _matrix(pool, rarity).T.tocsr()
    known = [[piece for piece in bag if piece in rarity] for bag in _bags([e.query for e in examples], tokenizer)]
    queries = _matrix(known, rarity)
    found = []
    for row in range(len(examples)):  # one at a time: all cosines of a thousand queries with a million may not fit
        cosines = queries[row] @ candidates
        shared = cosines.data > 0
        values, rows = cosines.data[shared], cosines.indices[shared]
        near = values >= (np.partition(values, -DEEPEST)[-DEEPEST] if len(values) > DEEPEST else 0)
        best = np.lexsort((rows[near], -values[near]))[:DEEPEST]
        found.append([ids[at] for at in rows[near][best]])
    return found


def _mined(examples: Sequence[MinedSentence], tokenizer: Any) -> list[Any]:
    """Return the pairs that are each other's nearest, highest cosine first."""
    from isthmus.evaluation.mining import Mined

    if not examples or not examples[0].candidates:
        return []
    ids, texts = list(examples[0].candidates), list(examples[0].candidates.values())
    sides = [_bags(side, tokenizer) for side in ([example.text for example in examples], texts)]
    rarity = _rarity([*sides[0], *sides[1]])
    nearest, cosines, back = _both_ways(*(_matrix(side, rarity) for side in sides))
    mutual = [i for i, row in enumerate(nearest.tolist()) if cosines[i] > 0 and back[row] == i]
    found = [Mined(i, ids[int(nearest[i])], float(cosines[i])) for i in mutual]
    return sorted(found, key=lambda pair: -pair.score)


def _both_ways(queries: Any, candidates: Any) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Return each query's nearest candidate, its cosine, and each candidate's nearest query; of equals the first."""
    nearest, cosines = np.zeros(queries.shape[0], np.int64), np.zeros(queries.shape[0])
    back, highest = np.zeros(candidates.shape[0], np.int64), np.full(candidates.shape[0], -1.0)
    for start in range(0, queries.shape[0], BLOCK):
        block = (queries[start : start + BLOCK] @ candidates.T).toarray()
        nearest[start : start + BLOCK], cosines[start : start + BLOCK] = block.argmax(1), block.max(1)
        higher = block.max(0) > highest
        back[higher], highest[higher] = block.argmax(0)[higher] + start, block.max(0)[higher]
    return nearest, cosines, back


def _matrix(bags: Sequence[Sequence[int]], rarity: Mapping[int, float]) -> Any:
    from scipy.sparse import csr_matrix

    units = [_unit(bag, rarity) for bag in bags]
    rows = [row for row, unit in enumerate(units) for _ in repeat(None, len(unit))]
    entries = ([weight for unit in units for weight in unit.values()], (rows, [piece for unit in units for piece in unit]))
    return csr_matrix(entries, shape=(len(bags), max(rarity, default=0) + 1))


def _bags(texts: Sequence[str], tokenizer: Any) -> list[list[int]]:
    return [sorted(set(one.ids)) for one in sub_words(texts, tokenizer)]


def _rarity(bags: Sequence[Sequence[int]]) -> dict[int, float]:
    counts = Counter(piece for bag in bags for piece in bag)
    return {piece: math.log(len(bags) / count) for piece, count in counts.items()}


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
