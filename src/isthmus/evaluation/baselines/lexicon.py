"""The tag a word form has most often in the training data, and for an unseen form the tag of rare words of its shape.

The classical rule of tagging without a model. Nothing in it knows a tag, so that it serves any set of them; on BIO tags
an I that no B opens is left as it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from isthmus.evaluation.baseline import labelled, most_frequent
from isthmus.sources.example import TaggedSentence

Key = TypeVar("Key", bound=Hashable)

KINDS = ("tagging",)


def predict(
    train: Sequence[TaggedSentence],
    examples: Sequence[TaggedSentence],
    labels: Sequence[str],
    _tokenizer: object = None,
) -> list[list[str]]:
    """Return the tags of each sentence; raises UserError for training sentences without tags.

    A word is looked up as it is written, then in any case; failing both, it gets the tag most frequent among training words
    seen once that have its shape, or among all training words where no such word has.
    """
    tags = labelled(sentence.tags for sentence in train)
    seen = [pair for sentence, row in zip(train, tags, strict=True) for pair in zip(sentence.words, row, strict=True)]
    times = Counter(word for word, _ in seen)
    written = _usual(seen, labels)
    folded = _usual(((word.casefold(), tag) for word, tag in seen), labels)
    shaped = _usual(((shape(word), tag) for word, tag in seen if times[word] == 1), labels)
    usual = most_frequent(Counter(tag for _, tag in seen), labels)

    def tag(word: str) -> str:
        return written.get(word) or folded.get(word.casefold()) or shaped.get(shape(word), usual)

    return [[tag(word) for word in sentence.words] for sentence in examples]


def shape(word: str) -> str:
    """Return what a word looks like in any script: ``symbols``, ``digit`` (has one), ``capital`` (begins so), ``other``."""
    if any(character.isdigit() for character in word):
        return "digit"
    if not any(character.isalpha() for character in word):
        return "symbols"
    return "capital" if word[0].isupper() else "other"


def _usual(pairs: Iterable[tuple[Key, str]], labels: Sequence[str]) -> dict[Key, str]:
    counts: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for key, tag in pairs:
        counts[key][tag] += 1
    return {key: most_frequent(tags, labels) for key, tags in counts.items()}
