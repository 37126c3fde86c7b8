"""What lengths, shared words and their order say of a pair or of an ending, without a word of any language being learnt.

Whatever it reaches in English it may reach in every language, without any cross-lingual encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.evaluation.baselines._texts import answers, centred, sample, text_rows, training_rows
from isthmus.evaluation.learner import chosen, fitted_once
from isthmus.evaluation.pair_features import pair_features
from isthmus.sources.example import Choice, TextPair

KINDS = ("choice", "classification")


def predict(
    train: Sequence[TextPair | Choice], examples: Sequence[TextPair | Choice], labels: Sequence[str], tokenizer: Any
) -> list[str | int]:
    """Return a label for each pair, or the number of an ending for each choice.

    The features are those of ``pair_features``, of an ending with its context and against its rivals; the model is the one
    of majority, logistic regression and gradient boosting with the least log-loss in cross-validation on the training set.
    Raises UserError for training examples without labels and for single texts, which overlap with nothing.
    """
    model = _model(train, labels, tokenizer)
    if not examples:
        return []
    x = centred(pair_features(text_rows(examples), tokenizer), examples)
    return answers(examples, model.predict_proba(x), model.classes_.tolist(), labels)


@fitted_once
def _model(train: Sequence[TextPair | Choice], labels: Sequence[str], tokenizer: Any) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows, classes, folds = training_rows(train, labels)
    x = centred(pair_features(rows, tokenizer), sample(train))
    candidates = [
        lambda: make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500)),
        lambda: HistGradientBoostingClassifier(
            learning_rate=0.1, max_iter=60, max_leaf_nodes=8, early_stopping=False, random_state=0
        ),
    ]
    return chosen(candidates, x, classes, folds)
