"""What lengths, shared words and the order they stand in say of a pair or of an ending, without a word being learnt.

A stricter floor than overlap alone: who did what to whom is order, and so is what an edit distance sees. Whatever it reaches
in English it may reach in every language of the same grammar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.evaluation.baselines._pairs import Judged, judged_by
from isthmus.evaluation.pair_features import FEATURES

KINDS = ("choice", "classification")


def predict(train: Sequence[Judged], examples: Sequence[Judged], labels: Sequence[str], tokenizer: Any) -> list[str | int]:
    """Return a label for each pair, or the number of an ending for each choice.

    Raises UserError for training examples without labels and for single texts, which stand in no order to another.
    """
    return judged_by(FEATURES, train, examples, labels, tokenizer)
