"""The idea of a baseline: predictions that need no network; each is one file in ``baselines``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from isthmus.core.errors import UserError
from isthmus.core.lookup import Shelf

Gold = TypeVar("Gold")
# (training examples, examples of one language, labels, tokenizer or None) -> one prediction an example, as its kind states
Predict = Callable[[Sequence[Any], Sequence[Any], Sequence[str], Any | None], list[Any]]

BASELINES = Shelf("baseline", ("isthmus.evaluation.baselines",), "predict")


def load_baseline(name: str) -> Predict:
    """Return a baseline by name; raises UnknownName with the nearest names."""
    predict: Predict = BASELINES.load(name)
    return predict


def labelled(golds: Iterable[Gold | None]) -> list[Gold]:
    """Return the gold of training examples; raises UserError where it was stripped, for then nothing can be learnt."""
    golds = list(golds)
    kept = [gold for gold in golds if gold is not None]
    assert golds, "no training examples"
    if len(kept) < len(golds):
        raise UserError(
            f"{len(golds) - len(kept)} of {len(golds)} training examples have no label; a baseline needs them all"
        )
    return kept


def most_frequent(counts: Mapping[Gold, int], labels: Sequence[Gold]) -> Gold:
    """Return the label counted most often, of equals the first in the order of ``labels``."""
    return max(labels, key=lambda label: counts.get(label, 0))


def sub_words(texts: Sequence[str], tokenizer: Any) -> list[Any]:
    """Return the encoding of each text by a fast tokenizer, special tokens left out; it has ``ids`` and ``offsets``."""
    encoded: list[Any] = tokenizer.backend_tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return encoded
