"""Ranking candidates of a pool: one tower for queries and candidates, learnt by a softmax over the candidates of a batch.

After XTREME's BertForRetrieval (third_party/bert.py), which LAReQA and Mewsli-X are trained with. Different here: the dense
layer above the first sub-word is new where those scripts take a network's own pooler; a candidate's text and what stands
around it are a pair to the tokenizer, not one run of characters; and a candidate that is right for a query counts as no
wrong one of it, though it stands in the batch for another query.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from isthmus.models.feature import Batch, Feature
from isthmus.models.head import Encoding, Head, Loss
from isthmus.sources.example import Ranked
from isthmus.tasks.kinds.ranking import DEEPEST

SCALE = 100.0  # what cosines are multiplied by when training begins


class RankingHead(nn.Module):
    """Dense and tanh on the first sub-word, to length 1; and the scale of the cosines, which is learnt too."""

    def __init__(self, hidden: int, num_labels: int, dropout: float) -> None:  # noqa: ARG002
        super().__init__()
        assert num_labels == 0, "candidates have no labels"
        self.dense = nn.Linear(hidden, hidden)
        self.scale = nn.Parameter(torch.tensor([SCALE]))

    def forward(self, hidden: Tensor) -> Tensor:
        """Return unit vectors B x H of hidden states B x T x H."""
        return nn.functional.normalize(torch.tanh(self.dense(hidden[:, 0])).float(), dim=-1)


def features(examples: Sequence[Ranked], labels: Sequence[str], encoding: Encoding) -> list[Feature]:  # noqa: ARG001
    """Return a feature for each right candidate of each example: a window of the query, then one of the candidate.

    ``places`` is (pool, id) of the candidate, ``target`` those of all candidates that are right for the query.
    """
    number = {id(example.candidates): i for i, example in enumerate(examples)}
    pools = {number[id(example.candidates)]: example.candidates for example in examples}
    right = [tuple((number[id(e.candidates)], match) for match in e.matches or ()) for e in examples]
    wanted = list(dict.fromkeys(key for keys in right for key in keys))
    windows = candidate_windows([pools[pool][match] for pool, match in wanted], encoding)
    answers = dict(zip(wanted, windows, strict=True))
    made: list[Feature] = []
    for index, (query, keys) in enumerate(zip(query_windows([e.query for e in examples], encoding), right, strict=True)):
        for key in keys:
            answer = answers[key]
            ids, types = [*query.ids, *answer.ids], [*query.types, *answer.types]
            made.append(Feature(ids, types, index, frozenset(keys), key, (len(query.ids), len(answer.ids))))
    return made


def query_windows(queries: Sequence[str], encoding: Encoding) -> list[Feature]:
    """Return a window of each query; what does not fit is left out at its end."""
    room = encoding.max_length - encoding.frame.size
    framed = (encoding.frame.one(ids[:room]) for ids in encoding.ids(queries))
    return [Feature(ids, types, index, None) for index, (ids, types) in enumerate(framed)]


def candidate_windows(candidates: Sequence[tuple[str, str]], encoding: Encoding) -> list[Feature]:
    """Return a window of each candidate: its text, then as much of what stands around it as fits."""
    texts, contexts = [text for text, _ in candidates], [context for _, context in candidates]
    distinct = list(dict.fromkeys(contexts))
    around = dict(zip(distinct, encoding.ids(distinct), strict=True))
    room = encoding.max_length - encoding.frame.size
    made: list[Feature] = []
    for index, (text, context) in enumerate(zip(encoding.ids(texts), contexts, strict=True)):
        own = text[:room]
        ids, types = encoding.frame.two(own, around[context][: room - len(own)]) if context else encoding.frame.one(own)
        made.append(Feature(ids, types, index, None))
    return made


def loss(module: RankingHead, hidden: Tensor, batch: Batch) -> Loss:
    """Return the cross-entropy of finding each query's candidate among those of the batch, summed over queries."""
    (whole,) = batch.features
    vectors = module(hidden)
    cosines = vectors[0::2] @ vectors[1::2].T
    likeness = (cosines * module.scale).masked_fill(right_too(whole).to(hidden.device), float("-inf"))
    own = torch.arange(len(likeness), device=likeness.device)
    return Loss(nn.functional.cross_entropy(likeness, own, reduction="sum"), torch.tensor(float(len(own))), None)


def right_too(whole: Feature) -> Tensor:
    """Return N x N for a batch of N pairs: where a column's candidate is right for a row's query beside the row's own.

    That is where it is among those right for the query, or its window is the same as that of the row's own.
    """
    windows = [tuple(ids) for ids, _ in whole.windows()][1::2]
    number = {window: i for i, window in enumerate(windows)}
    same = torch.tensor([number[window] for window in windows])
    listed = torch.tensor([[key in right for key in whole.places] for right in whole.target])
    return (listed | (same.unsqueeze(1) == same)) & ~torch.eye(len(windows), dtype=torch.bool)


def outputs(module: RankingHead, hidden: Tensor, batch: Batch) -> list[Tensor]:
    """Return the unit vectors of each feature, a row a window, on the CPU."""
    return read(module(hidden), batch)


def read(logits: Tensor, batch: Batch) -> list[Tensor]:
    """Return the unit vectors of each feature, a row a window, on the CPU, of vectors B x H."""
    return list(torch.split(logits.cpu(), [feature.rows for feature in batch.features]))


def predictions(
    examples: Sequence[Ranked],
    features: Sequence[Feature],
    outputs: Sequence[Tensor],
    labels: Sequence[str],  # noqa: ARG001
) -> list[list[str]]:
    """Return for each example the best of the candidates that are right for any of them, best first.

    This is what development examples are judged by while a model is trained; a whole pool is ranked by
    ``evaluation/ranking``. An example without matches has no prediction.
    """
    found: list[list[str]] = [[] for _ in examples]
    vectors = {feature.places: output[1] for feature, output in zip(features, outputs, strict=True)}
    ids = [id_ for _, id_ in vectors]
    pool = torch.stack(list(vectors.values())) if vectors else torch.empty(0)
    for feature, output in zip(features, outputs, strict=True):
        best = (pool @ output[0]).sort(descending=True, stable=True).indices[:DEEPEST]
        found[feature.example] = [ids[i] for i in best.tolist()]
    return found


HEAD = Head(features, RankingHead, loss, outputs, predictions, read, whole_batches=True)
