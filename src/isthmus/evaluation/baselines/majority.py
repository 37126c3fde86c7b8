"""The most frequent training label, tag or place of the right ending, for every example or every word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from isthmus.evaluation.baseline import labelled, most_frequent
from isthmus.sources.example import Choice, TaggedSentence, TextPair

KINDS = ("choice", "classification", "tagging")

Majority = TextPair | TaggedSentence | Choice


def predict(
    train: Sequence[Majority], examples: Sequence[Majority], labels: Sequence[str], _tokenizer: object = None
) -> list[str | int | list[str]]:
    """Return the majority for each example; raises UserError for training examples without labels.

    Of a choice it is the place where the right ending stands most often, among the places that the example has.
    """
    golds = labelled(example.tags if isinstance(example, TaggedSentence) else example.label for example in train)
    counts = Counter(label for gold in golds for label in (gold if isinstance(gold, tuple) else (gold,)))

    def answer(example: Majority) -> str | int | list[str]:
        if isinstance(example, Choice):
            place: int = most_frequent(counts, range(len(example.endings)))
            return place
        label: str = most_frequent(counts, labels)
        return [label] * len(example.words) if isinstance(example, TaggedSentence) else label

    return [answer(example) for example in examples]
