"""What one side alone says: a second text without the first, endings without their context, a context without its question.

The hypothesis-only baseline of Poliak et al. 2018 and Gururangan et al. 2018, and its likes for other kinds of task.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from isthmus.evaluation.baseline import sub_words
from isthmus.evaluation.baselines._spans import likely_answers
from isthmus.evaluation.baselines._texts import answers, text_rows, training_rows
from isthmus.evaluation.learner import Columns, chosen, fitted_once
from isthmus.sources.example import Choice, Question, TextPair

KINDS = ("choice", "classification", "span")

STRENGTHS = (0.003, 0.03, 0.3)  # inverse regularisation, chosen among by cross-validation


def predict(train: Sequence[Any], examples: Sequence[Any], labels: Sequence[str], tokenizer: Any) -> Sequence[str | int]:
    """Return a label for each pair, the number of an ending for each choice, a span of the context for each question.

    Pairs and choices: logistic regression on which sub-words and which two neighbours the second text, or the ending, has.
    Raises UserError for training examples without labels and for single texts, which have no other side.
    """
    if train and isinstance(train[0], Question):
        return likely_answers(train, examples, tokenizer)
    columns, model = _model(train, labels, tokenizer)
    if not examples:
        return []
    x = columns.matrix(list(_bags([second for _, second in text_rows(examples)], tokenizer)))
    return answers(examples, model.predict_proba(x), model.classes_.tolist(), labels)


@fitted_once
def _model(train: Sequence[TextPair | Choice], labels: Sequence[str], tokenizer: Any) -> tuple[Columns, Any]:
    from sklearn.linear_model import LogisticRegression

    rows, classes, folds = training_rows(train, labels)
    bags = list(_bags([second for _, second in rows], tokenizer))
    columns = Columns(bags)
    candidates = [lambda c=c: LogisticRegression(C=c, max_iter=100, tol=1e-3) for c in STRENGTHS]
    return columns, chosen(candidates, columns.matrix(bags), classes, folds)


def _bags(texts: Sequence[str], tokenizer: Any) -> Iterator[list[int | tuple[int, int]]]:
    for encoded in sub_words(texts, tokenizer):
        yield [*encoded.ids, *pairwise(encoded.ids)]
