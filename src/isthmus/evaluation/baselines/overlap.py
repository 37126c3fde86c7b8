"""What lengths and shared words say of a pair or of an ending, without a word of any language being learnt.

Whatever it reaches in English it may reach in every language, without any cross-lingual encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.evaluation.baselines._pairs import Judged, judged_by
from isthmus.evaluation.pair_features import OVERLAP

KINDS = ("choice", "classification")


def predict(train: Sequence[Judged], examples: Sequence[Judged], labels: Sequence[str], tokenizer: Any) -> list[str | int]:
    """Return a label for each pair, or the number of an ending for each choice.

    Raises UserError for training examples without labels and for single texts, which overlap with nothing.
    """
    return judged_by(OVERLAP, train, examples, labels, tokenizer)
