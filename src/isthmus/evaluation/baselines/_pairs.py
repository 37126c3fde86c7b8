"""A classifier of pairs and endings by features that know no language, for baselines that differ in these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.evaluation.baselines._texts import answers, centred, sample, text_rows, training_rows
from isthmus.evaluation.learner import chosen, fitted_once
from isthmus.evaluation.pair_features import FEATURES, pair_features
from isthmus.sources.example import Choice, TextPair

Judged = TextPair | Choice


def judged_by(
    names: tuple[str, ...], train: Sequence[Judged], examples: Sequence[Judged], labels: Sequence[str], tokenizer: Any
) -> list[str | int]:
    """Return a label for each pair, or the number of an ending for each choice, from the features of these names.

    They are taken of an ending with its context and against its rivals; the model is the one of majority, logistic
    regression and gradient boosting with the least log-loss in cross-validation on the training set.
    Raises UserError for training examples without labels and for single texts.
    """
    model = _model(names, train, labels, tokenizer)
    if not examples:
        return []
    return answers(examples, model.predict_proba(_rows(names, examples, tokenizer)), model.classes_.tolist(), labels)


def _rows(names: tuple[str, ...], examples: Sequence[Judged], tokenizer: Any) -> Any:
    columns = [FEATURES.index(name) for name in names]
    return centred(pair_features(text_rows(examples), tokenizer)[:, columns], examples)


@fitted_once
def _model(names: tuple[str, ...], train: Sequence[Judged], labels: Sequence[str], tokenizer: Any) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    _, classes, folds = training_rows(train, labels)
    candidates = [
        lambda: make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500)),
        lambda: HistGradientBoostingClassifier(
            learning_rate=0.1, max_iter=60, max_leaf_nodes=8, early_stopping=False, random_state=0
        ),
    ]
    return chosen(candidates, _rows(names, sample(train), tokenizer), classes, folds)
