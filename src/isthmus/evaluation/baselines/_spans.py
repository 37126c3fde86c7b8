"""Which span of a context tends to be an answer, whatever is asked: a small model of where answers begin and end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from isthmus.evaluation.baseline import labelled, sub_words
from isthmus.evaluation.baselines.lexicon import shape
from isthmus.evaluation.learner import Columns, drawn, fitted, fitted_once
from isthmus.sources.example import Question

CONTEXTS = 2_000  # contexts learnt from, each with all the answers to its questions
LONGEST = 30  # sub-words of an answer
PARTS = 10  # of a context, for the place of a sub-word in it

Span = tuple[int, int]


class Pieces(NamedTuple):
    """The sub-words of a context, and where each stands in it, blanks left out."""

    ids: list[int]
    places: list[Span]


class Model(NamedTuple):
    """Classifiers of first and last sub-words, and the log-probability of each length from 1."""

    columns: Columns
    first: Any
    last: Any
    lengths: NDArray[np.float64]


def likely_answers(train: Sequence[Question], examples: Sequence[Question], tokenizer: Any) -> list[str]:
    """Return the likeliest span of each context, of equals the shortest, then the first; one without words whole.

    A span's score is the log-odds that its first sub-word begins and its last ends an answer, and the log-probability of its
    length; sub-words are known by themselves, their neighbours, their looks, how often they stand in the context, and where.
    Raises UserError for training questions without answers.
    """
    model = _model(train, tokenizer)
    contexts = list(dict.fromkeys(example.context for example in examples))
    cut = zip(contexts, _pieces(contexts, tokenizer), strict=True)
    spans = {context: _best(model, context, pieces) for context, pieces in cut}
    return [spans[example.context] for example in examples]


@fitted_once
def _model(train: Sequence[Question], tokenizer: Any) -> Model:
    from sklearn.linear_model import LogisticRegression

    answers: dict[str, set[Span]] = {}
    for question, golds in zip(train, labelled(question.answers for question in train), strict=True):
        found = {(gold.start, gold.start + len(gold.text)) for gold in golds}
        answers.setdefault(question.context, set()).update(found)
    contexts = drawn(list(answers), CONTEXTS)
    rows: list[list[Hashable]] = []
    begins: list[int] = []
    ends: list[int] = []
    lengths: Counter[int] = Counter()
    for context, pieces in zip(contexts, _pieces(contexts, tokenizer), strict=True):
        spans = {span for gold in answers[context] if (span := _covering(pieces, gold))}
        lengths.update(min(last - first + 1, LONGEST) for first, last in spans)
        rows += _features(context, pieces)
        begins += [int(i in {first for first, _ in spans}) for i in range(len(pieces.ids))]
        ends += [int(i in {last for _, last in spans}) for i in range(len(pieces.ids))]
    columns = Columns(rows)
    x = columns.matrix(rows)
    first, last = (fitted(lambda: LogisticRegression(C=0.3, max_iter=100, tol=1e-3), x, np.array(y)) for y in (begins, ends))
    often = np.array([lengths[n] + 1 for n in range(1, LONGEST + 1)])
    return Model(columns, first, last, np.log(often / often.sum()))


def _pieces(contexts: Sequence[str], tokenizer: Any) -> Iterator[Pieces]:
    for context, encoded in zip(contexts, sub_words(contexts, tokenizer), strict=True):
        pairs = zip(encoded.ids, encoded.offsets, strict=True)
        kept = [(id_, span) for id_, (start, end) in pairs if (span := _trimmed(context, start, end))]
        yield Pieces([id_ for id_, _ in kept], [span for _, span in kept])


def _trimmed(context: str, start: int, end: int) -> Span | None:
    """Return a place without the blanks at its ends, None where nothing else is there."""
    text = context[start:end]
    start += len(text) - len(text.lstrip())
    return (start, start + len(text.strip())) if text.strip() else None


def _covering(pieces: Pieces, answer: Span) -> Span | None:
    inside = [i for i, (start, end) in enumerate(pieces.places) if start < answer[1] and end > answer[0]]
    return (inside[0], inside[-1]) if inside else None


def _features(context: str, pieces: Pieces) -> Iterator[list[Hashable]]:
    """Yield for each sub-word what is known of it, as (kind of feature, value)."""
    ids, places = pieces
    often = Counter(ids)
    looks = [shape(context[start:end]) for start, end in places]
    fresh = [i == 0 or places[i - 1][1] < start for i, (start, _) in enumerate(places)]
    none, last = -1, len(ids) - 1
    for i, id_ in enumerate(ids):
        yield [
            ("id", id_),
            ("before", ids[i - 1] if i else none),
            ("after", ids[i + 1] if i < last else none),
            ("looks", looks[i], fresh[i]),
            ("looks before", looks[i - 1] if i else "", fresh[i]),
            ("looks after", looks[i + 1] if i < last else "", fresh[i + 1] if i < last else True),
            ("often", min(often[id_], 3)),
            ("part", i * PARTS // len(ids)),
        ]


def _best(model: Model, context: str, pieces: Pieces) -> str:
    size = len(pieces.ids)
    if not size:
        return context
    x = model.columns.matrix(list(_features(context, pieces)))
    first, last = _log_odds(model.first, x), _log_odds(model.last, x)
    best = (-np.inf, 0, 0)
    for length in range(1, min(LONGEST, size) + 1):
        scores = first[: size - length + 1] + last[length - 1 :] + model.lengths[length - 1]
        start = int(np.argmax(scores))
        if scores[start] > best[0]:
            best = (float(scores[start]), start, start + length - 1)
    return context[pieces.places[best[1]][0] : pieces.places[best[2]][1]]


def _log_odds(model: Any, x: Any) -> NDArray[np.float64]:
    logs: NDArray[np.float64] = model.predict_log_proba(x)
    return logs[:, 1] - logs[:, 0] if logs.shape[1] == 2 else np.zeros(len(logs))
