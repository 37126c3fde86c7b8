"""Ranking the candidates of a pool by a trained model: all are encoded once, and each query looks at every one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from isthmus.evaluation.neighbours import top_rows
from isthmus.evaluation.predict import Tick, answers
from isthmus.models.feature import Feature
from isthmus.models.head import Encoding
from isthmus.models.heads.ranking import candidate_windows, query_windows
from isthmus.models.running import Answering
from isthmus.sources.example import Ranked
from isthmus.tasks.kinds.ranking import DEEPEST

Candidates = Mapping[str, tuple[str, str]]
CHUNK = 50_000  # candidates whose sub-words are held at once


def encode_pool(model: Answering, candidates: Candidates, encoding: Encoding, precision: str, tick: Tick) -> Tensor:
    """Return the unit vectors M x H of all candidates, in their order, on the CPU."""
    given = list(candidates.values())
    vectors = torch.empty(len(given), model.network.hidden_size)
    for start in range(0, len(given), CHUNK):
        windows = candidate_windows(given[start : start + CHUNK], encoding)

        def ticked(done: int, _total: int, start: int = start) -> None:
            tick(start + done, len(given))

        vectors[start : start + len(windows)] = _encode(model, windows, encoding, precision, ticked)
    return vectors


def rank(
    model: Answering, examples: Sequence[Ranked], pool: Tensor, encoding: Encoding, precision: str, tick: Tick
) -> list[list[str]]:
    """Return for each example the ids of the nearest candidates, best first, twenty at most.

    ``pool`` is what ``encode_pool`` gives of the candidates that all examples share.
    """
    ids = list(examples[0].candidates)
    queries = _encode(model, query_windows([e.query for e in examples], encoding), encoding, precision, tick)
    _, rows = top_rows(queries, pool, DEEPEST, model.device)
    return [[ids[row] for row in found] for found in rows.tolist()]


def _encode(model: Answering, windows: Sequence[Feature], encoding: Encoding, precision: str, tick: Tick) -> Tensor:
    """Return the unit vectors of single windows, on the CPU."""
    return torch.cat(answers(model, windows, encoding.tokenizer.pad_token_id, precision, tick))
