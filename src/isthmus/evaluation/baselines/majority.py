"""The most frequent training label for every example, or the most frequent training tag for every word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from isthmus.evaluation.baseline import labelled, most_frequent
from isthmus.sources.example import TaggedSentence, TextPair

KINDS = ("classification", "tagging")


def predict(
    train: Sequence[TextPair | TaggedSentence],
    examples: Sequence[TextPair | TaggedSentence],
    labels: Sequence[str],
    _tokenizer: object = None,
) -> list[str | list[str]]:
    """Return the majority for each example; raises UserError for training examples without labels."""
    golds = labelled(example.tags if isinstance(example, TaggedSentence) else example.label for example in train)
    counts = Counter(label for gold in golds for label in ((gold,) if isinstance(gold, str) else gold))
    majority = most_frequent(counts, labels)
    return [[majority] * len(example.words) if isinstance(example, TaggedSentence) else majority for example in examples]
