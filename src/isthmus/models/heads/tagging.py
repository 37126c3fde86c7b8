"""Token tagging: a linear layer on the first sub-word of each word; a long sentence is cut into overlapping windows.

Every word gets exactly one tag: from the window in which it stands farthest from an edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from isthmus.models.feature import IGNORED, ROWS, Batch, Feature, rounded_up
from isthmus.models.head import Encoding, Head, Loss
from isthmus.sources.example import TaggedSentence

WORD_MARKS = "▁Ġ"  # a piece of nothing but a word mark says nothing of the word


class TaggingHead(nn.Module):
    """Dropout and a linear layer on every sub-word."""

    def __init__(self, hidden: int, num_labels: int, dropout: float) -> None:
        super().__init__()
        self.out = nn.Linear(hidden, num_labels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor) -> Tensor:
        """Return logits N x L of hidden states N x H, or B x T x L of B x T x H."""
        logits: Tensor = self.out(self.dropout(hidden))
        return logits


def features(examples: Sequence[TaggedSentence], labels: Sequence[str], encoding: Encoding) -> list[Feature]:
    """Return windows; ``places`` lists (word, position of its first sub-word) of the words a window answers for."""
    encoded = encoding.tokenizer.backend_tokenizer.encode_batch(
        [list(e.words) for e in examples], is_pretokenized=True, add_special_tokens=False
    )
    number = {label: i for i, label in enumerate(labels)}
    made: list[Feature] = []
    for index, (example, pieces) in enumerate(zip(examples, encoded, strict=True)):
        words = _words(example, pieces, encoding)
        for start, end, first, last in _word_windows([len(ids) for ids, _ in words], encoding):
            body: list[int] = []
            places: list[tuple[int, int]] = []
            for word in range(start, end):
                ids, lead = words[word]
                if first <= word < last:
                    places.append((word, len(encoding.frame.before) + len(body) + lead))
                body += ids
            ids, types = encoding.frame.one(body)
            target = None if example.tags is None else [number.get(example.tags[word], IGNORED) for word, _ in places]
            made.append(Feature(ids, types, index, target, places))
    return made


def _words(example: TaggedSentence, pieces: object, encoding: Encoding) -> list[tuple[list[int], int]]:
    """Return (sub-words, index of the one that bears the tag) of each word, unknown where the tokenizer left nothing."""
    room = encoding.max_length - encoding.frame.size
    ids: list[list[int]] = [[] for _ in example.words]
    leads: list[int | None] = [None] * len(example.words)
    for piece, text, word in zip(pieces.ids, pieces.tokens, pieces.word_ids, strict=True):  # type: ignore[attr-defined]
        if leads[word] is None and text.strip(WORD_MARKS):
            leads[word] = len(ids[word])
        ids[word].append(piece)
    words = encoding.tokenizer
    unknown = words.pad_token_id if words.unk_token_id is None else words.unk_token_id
    # A word longer than a window keeps its first sub-words: its tag is read from one of them alone.
    return [(own[:room] or [unknown], lead if lead and lead < room else 0) for own, lead in zip(ids, leads, strict=True)]


def _word_windows(sizes: Sequence[int], encoding: Encoding) -> list[tuple[int, int, int, int]]:
    """Return (start, end, first, last): a window holds words start..end and answers for words first..last, at least one."""
    room = encoding.max_length - encoding.frame.size
    spans: list[tuple[int, int]] = []
    start = 0
    while True:
        end, used = start, 0
        while end < len(sizes) and used + sizes[end] <= room:
            used += sizes[end]
            end += 1
        spans.append((start, end))
        if end == len(sizes):
            break
        back, shared = end, 0
        while back > start + 1 and shared + sizes[back - 1] <= encoding.stride:
            back -= 1
            shared += sizes[back]
        start = back
    borders = [0, *((end + begin + 1) // 2 for (_, end), (begin, _) in pairwise(spans)), len(sizes)]
    answering = zip(spans, pairwise(borders), strict=True)
    return [(start, end, first, last) for (start, end), (first, last) in answering if first < last]


def _index(batch: Batch, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return (row, column) of each word's sub-word, then of row 0, column 0 up to a multiple of ROWS."""
    at = [(row, position) for row, f in enumerate(batch.features) for _, position in f.places]
    at += [(0, 0)] * (rounded_up(len(at), ROWS) - len(at))
    rows, columns = torch.tensor(at, device=device).T
    return rows, columns


def loss(module: TaggingHead, hidden: Tensor, batch: Batch) -> Loss:
    """Return the cross-entropy summed over words."""
    rows, columns = _index(batch, hidden.device)
    logits = module(hidden[rows, columns]).float()
    known = [t for f in batch.features for t in f.target]
    target = torch.tensor(known + [IGNORED] * (len(logits) - len(known)), device=logits.device)
    total = nn.functional.cross_entropy(logits, target, reduction="sum", ignore_index=IGNORED)
    return Loss(total, torch.tensor(float(len(known))), logits[: len(known)].argmax(-1))


def outputs(module: TaggingHead, hidden: Tensor, batch: Batch) -> list[list[int]]:
    """Return the best class of each word that a window answers for."""
    rows, columns = _index(batch, hidden.device)  # one sub-word a word: no more of them needs logits
    return _by_feature(module(hidden[rows, columns]), batch)


def read(logits: Tensor, batch: Batch) -> list[list[int]]:
    """Return the best class of each word that a window answers for, of logits B x T x L."""
    rows, columns = _index(batch, logits.device)
    return _by_feature(logits[rows, columns], batch)


def _by_feature(logits: Tensor, batch: Batch) -> list[list[int]]:
    best = logits.argmax(-1).tolist()
    cut: list[list[int]] = []
    for feature in batch.features:
        cut.append(best[: len(feature.places)])
        best = best[len(feature.places) :]
    return cut


def predictions(
    examples: Sequence[TaggedSentence], features: Sequence[Feature], outputs: Sequence[list[int]], labels: Sequence[str]
) -> list[list[str]]:
    """Return one tag a word, stitched from the windows."""
    tags: list[list[str]] = [[""] * len(e.words) for e in examples]
    for feature, output in zip(features, outputs, strict=True):
        for (word, _), best in zip(feature.places, output, strict=True):
            tags[feature.example][word] = labels[best]
    assert all(all(row) for row in tags), "a word was left without a tag"
    return tags


HEAD = Head(features, TaggingHead, loss, outputs, predictions, read)
