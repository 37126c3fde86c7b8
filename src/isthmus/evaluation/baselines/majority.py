"""The most frequent training label, tag or place of the right ending, for every example or every word; never an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from isthmus.evaluation.baseline import labelled, most_frequent
from isthmus.sources.example import Choice, OpenQuestion, TaggedSentence, TextPair
from isthmus.tasks.kinds import span_or_none

KINDS = ("choice", "classification", "span_or_none", "tagging")

Majority = TextPair | TaggedSentence | Choice | OpenQuestion
Answered = str | int | list[str] | dict[str, Any]


def predict(
    train: Sequence[Majority], examples: Sequence[Majority], labels: Sequence[str], _tokenizer: object = None
) -> list[Answered]:
    """Return the majority for each example; raises UserError for training examples without labels.

    Of a choice it is the place where the right ending stands most often, among the places that the example has. A question
    that may have no answer is taken to have none: no other answer is as frequent.
    """
    of_kind = {TaggedSentence: "tags", OpenQuestion: "answers"}
    golds: list[Any] = labelled(getattr(example, of_kind.get(type(example), "label")) for example in train)
    counts = Counter(label for gold in golds for label in (gold if isinstance(gold, tuple) else (gold,)))

    def answer(example: Majority) -> Answered:
        if isinstance(example, OpenQuestion):
            return span_or_none.perfect(())
        if isinstance(example, Choice):
            place: int = most_frequent(counts, range(len(example.endings)))
            return place
        label: str = most_frequent(counts, labels)
        return [label] * len(example.words) if isinstance(example, TaggedSentence) else label

    return [answer(example) for example in examples]
