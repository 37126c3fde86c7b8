"""The order baseline: it finds what the order of shared words gives away, which overlap alone cannot."""

from __future__ import annotations

from random import Random

from sub_words import characters

from isthmus.evaluation.baselines import order, overlap
from isthmus.sources.example import TextPair

LABELS = ("no", "yes")
WORDS = ["amber", "birch", "cedar", "delta", "ember", "frost", "grove", "heron", "ivory", "jewel", "knoll", "lotus"]


def reordered(draw, number):
    """Pairs of the same words; where the label is yes one word alone moved, otherwise all of them did."""
    for i in range(number):
        words, yes = draw.sample(WORDS, 6), draw.random() < 0.5
        second = [*words[1:], words[0]] if yes else draw.sample(words, 6)
        yield TextPair(str(i), " ".join(words), " ".join(second), LABELS[yes])


def accuracy(found, examples):
    return sum(one == example.label for one, example in zip(found, examples, strict=True)) / len(examples)


def test_the_order_of_the_same_words_is_seen_by_order_and_not_by_overlap():
    train, test, tokenizer = list(reordered(Random(1), 300)), list(reordered(Random(2), 300)), characters()
    assert accuracy(order.predict(train, test, LABELS, tokenizer), test) > 0.9
    assert abs(accuracy(overlap.predict(train, test, LABELS, tokenizer), test) - 0.5) < 0.08
