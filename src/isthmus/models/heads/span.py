"""Extractive question answering: start and end logits on every sub-word, long contexts in overlapping windows.

Windows know where in the context each sub-word lies (character offsets), so an answer is always a piece of the context
itself: right for Chinese and Thai, where words are not set apart by spaces.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category

import torch
from torch import Tensor, nn

from isthmus.models.feature import IGNORED, Batch, Feature, windows
from isthmus.models.head import Encoding, Head, Loss
from isthmus.sources.example import Answer, Question

LOG = logging.getLogger(__name__)
LONGEST_ANSWER = 30  # sub-words (SQuAD scripts)
LEFT_OUT = {"Mn", "Mc", "Me", "Cf"}  # characters (by Unicode category) that normalisation may take out of a text
CANDIDATES = 20  # best starts and ends looked at in a window (SQuAD scripts)


@dataclass(frozen=True, slots=True)
class Context:
    """Where the context begins in a window, and the character span of each of its sub-words."""

    first: int
    offsets: list[tuple[int, int]]


class SpanHead(nn.Module):
    """A linear layer with two outputs, start and end, on every sub-word."""

    def __init__(self, hidden: int, num_labels: int, dropout: float) -> None:
        super().__init__()
        assert num_labels == 0, "a span has no labels"
        self.out = nn.Linear(hidden, 2)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor) -> Tensor:
        """Return logits B x T x 2 of hidden states B x T x H."""
        logits: Tensor = self.out(self.dropout(hidden))
        return logits


def features(examples: Sequence[Question], labels: Sequence[str], encoding: Encoding) -> list[Feature]:  # noqa: ARG001
    """Return windows over each context; a question keeps at most half of the window.

    ``target`` is (start, end) as positions in the window, (0, 0) where the window does not hold the whole answer: the
    first special token stands for 'not here' (BERT's and the SQuAD scripts' way); the first answer is the one learnt.
    """
    questions = encoding.ids([e.question for e in examples])
    texts = list(dict.fromkeys(e.context for e in examples))  # several questions are asked about each
    encoded = encoding.tokenizer.backend_tokenizer.encode_batch(texts, add_special_tokens=False)
    contexts = {text: (one.ids, _places(text, one.offsets)) for text, one in zip(texts, encoded, strict=True)}
    longest = encoding.max_length // 2 - encoding.frame.size
    if cut := sum(len(question) > longest for question in questions):
        LOG.warning("%d of %d questions are longer than half a window; their ends are left out", cut, len(questions))
    made: list[Feature] = []
    for index, (example, question) in enumerate(zip(examples, questions, strict=True)):
        sub_words, offsets = contexts[example.context]
        question = question[:longest]
        first = len(encoding.frame.before) + len(question) + len(encoding.frame.between)
        room = encoding.max_length - encoding.frame.size - len(question)
        span = _sub_words(example.answers[0], offsets) if example.answers else None
        for start, end in windows(len(sub_words), room, min(encoding.stride, room // 2)):
            ids, types = encoding.frame.two(question, sub_words[start:end])
            target = None if example.answers is None else (0, 0)
            if span and start <= span[0] and span[1] < end:
                target = (first + span[0] - start, first + span[1] - start)
            made.append(Feature(ids, types, index, target, Context(first, offsets[start:end])))
    return made


def _places(text: str, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the characters of each sub-word, without the white space that tokenizers count into it.

    What normalisation left out of a text goes to the sub-word before it: marks that it merged (NFC), joiners it dropped.
    """
    following = [*(start for start, _ in offsets), len(text)][1:]
    return [_trimmed(text, start, end, until) for (start, end), until in zip(offsets, following, strict=True)]


def _trimmed(text: str, start: int, end: int, until: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end < until and category(text[end]) in LEFT_OUT:
        end += 1
    return start, end


def _sub_words(answer: Answer, offsets: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the first and last sub-word that touch an answer."""
    end = answer.start + len(answer.text)
    touching = [i for i, (s, e) in enumerate(offsets) if s < end and e > answer.start]
    return (touching[0], touching[-1]) if touching else None


def loss(module: SpanHead, hidden: Tensor, batch: Batch) -> Loss:
    """Return the mean of the start and end cross-entropies, summed over windows."""
    logits = module(hidden).float().masked_fill(batch.mask.unsqueeze(-1) == 0, -1e4)
    target = torch.tensor([f.target for f in batch.features], device=logits.device)
    both = [nn.functional.cross_entropy(logits[..., i], target[:, i], reduction="sum", ignore_index=IGNORED) for i in (0, 1)]
    return Loss((both[0] + both[1]) / 2, torch.tensor(float(len(target))), None)


def outputs(module: SpanHead, hidden: Tensor, batch: Batch) -> list[tuple[float, int, int]]:
    """Return (score, first, last) of the best span of each window, counted in sub-words of the window's context."""
    return read(module(hidden), batch)


def read(logits: Tensor, batch: Batch) -> list[tuple[float, int, int]]:
    """Return (score, first, last) of the best span of each window, of logits B x T x 2."""
    logits = logits.float().cpu()
    return [_best(logits[row], feature.places) for row, feature in enumerate(batch.features)]


def _best(logits: Tensor, context: Context) -> tuple[float, int, int]:
    own = logits[context.first : context.first + len(context.offsets)]
    if not len(own):
        return float("-inf"), 0, 0
    starts = own[:, 0].topk(min(CANDIDATES, len(own))).indices
    ends = own[:, 1].topk(min(CANDIDATES, len(own))).indices
    score = own[starts, 0].unsqueeze(1) + own[ends, 1].unsqueeze(0)
    length = ends.unsqueeze(0) - starts.unsqueeze(1)
    score = score.masked_fill((length < 0) | (length >= LONGEST_ANSWER), float("-inf"))
    if torch.isinf(score).all():
        best = int(own.sum(-1).argmax())
        return float(own[best].sum()), best, best
    row, column = divmod(int(score.argmax()), score.shape[1])
    return float(score[row, column]), int(starts[row]), int(ends[column])


def predictions(
    examples: Sequence[Question],
    features: Sequence[Feature],
    outputs: Sequence[tuple[float, int, int]],
    labels: Sequence[str],  # noqa: ARG001
) -> list[str]:
    """Return, for each question, the text of the best span over its windows."""
    return [text for _, text in best_spans(examples, features, outputs)]


def best_spans(
    examples: Sequence[Question], features: Sequence[Feature], outputs: Sequence[tuple[float, int, int]]
) -> list[tuple[float, str]]:
    """Return, for each question, (score, text) of the best span over its windows; (-inf, "") where there is no sub-word."""
    best: list[tuple[float, str]] = [(float("-inf"), "")] * len(examples)
    for feature, (score, first, last) in zip(features, outputs, strict=True):
        offsets = feature.places.offsets
        if offsets and score > best[feature.example][0]:
            text = examples[feature.example].context[offsets[first][0] : offsets[last][1]]
            best[feature.example] = (score, text)
    return best


HEAD = Head(features, SpanHead, loss, outputs, predictions, read)
