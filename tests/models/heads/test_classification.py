"""Classification: a pair longer than the window is seen whole, and its windows are averaged."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_networks import encoding_of

from isthmus.models.feature import Frame, pad
from isthmus.models.head import Encoding
from isthmus.models.heads.classification import HEAD
from isthmus.sources.example import TextPair

LABELS = ["entailment", "neutral", "contradiction"]
FRAME = Frame((0,), (2, 2), (2,), (2,), 1)
# A tokenizer of numbers: every sub-word of a test can be told from every other.
NUMBERS = SimpleNamespace(
    backend_tokenizer=SimpleNamespace(
        encode_batch=lambda texts, add_special_tokens: [SimpleNamespace(ids=[int(w) for w in t.split()]) for t in texts]
    )
)


def numbers(start, size):
    return " ".join(str(i) for i in range(start, start + size))


@settings(deadline=None)
@given(st.integers(0, 90), st.integers(0, 90), st.integers(10, 40), st.integers(0, 19))
def test_every_piece_of_one_text_meets_every_piece_of_the_other(first, second, max_length, stride):
    example = TextPair("p", numbers(1000, first), numbers(2000, second), "neutral")
    features = HEAD.features([example], LABELS, Encoding(NUMBERS, FRAME, max_length, stride))
    seen = set()
    for feature in features:
        assert len(feature.ids) <= max_length
        a = [i for i in feature.ids if 1000 <= i < 2000]
        b = [i for i in feature.ids if i >= 2000]
        assert (feature.ids, feature.types) == FRAME.two(a, b)
        assert a == list(range(a[0], a[0] + len(a))) if a else not first
        assert b == list(range(b[0], b[0] + len(b))) if b else not second
        seen |= set(product(a or [0], b or [0]))
    assert seen == set(product(range(1000, 1000 + first) if first else [0], range(2000, 2000 + second) if second else [0]))
    assert {(f.target, f.example) for f in features} == {(1, 0)}
    if first + second <= max_length - FRAME.size:
        assert len(features) == 1


@given(st.integers(0, 90), st.integers(10, 40))
def test_a_single_text_is_covered_and_framed_alone(size, max_length):
    example = TextPair("t", numbers(1000, size), None, None)
    features = HEAD.features([example], LABELS, Encoding(NUMBERS, FRAME, max_length, 2))
    assert {i for f in features for i in f.ids if i >= 1000} == set(range(1000, 1000 + size))
    assert all(f.ids[0] == 0 and f.ids[-1] == 2 and f.ids.count(2) == 1 and f.target is None for f in features)


def test_a_pair_is_what_the_tokenizer_itself_makes_of_it(wordpieces):
    (feature,) = HEAD.features([TextPair("p", "The lazy dog", "Der Hund", "entailment")], LABELS, encoding_of(wordpieces))
    assert feature.ids == wordpieces("The lazy dog", "Der Hund")["input_ids"]
    assert (feature.target, feature.example) == (0, 0)


def test_the_loss_is_the_cross_entropy_summed_over_windows(pieces):
    torch.manual_seed(0)
    examples = [TextPair("a", "the dog", "the fox", "neutral"), TextPair("b", "Paris", None, "contradiction")]
    batch = pad(HEAD.features(examples, LABELS, encoding_of(pieces)), 1)
    module, hidden = HEAD.module(8, 3, 0.0), torch.randn(*batch.ids.shape, 8)
    found = HEAD.loss(module, hidden, batch)
    logits = module(hidden)
    by_hand = sum(torch.logsumexp(row, -1) - row[f.target] for row, f in zip(logits, batch.features, strict=True))
    assert found.total.item() == pytest.approx(by_hand.item(), rel=1e-6)
    assert found.weight.item() == 2
    assert found.classes.tolist() == logits.argmax(-1).tolist()


def test_the_logits_depend_on_the_first_sub_word_alone():
    torch.manual_seed(0)
    module, hidden = HEAD.module(8, 3, 0.0), torch.randn(2, 5, 8)
    other = hidden.clone()
    other[:, 1:] = 0
    assert torch.equal(module(hidden), module(other))


def test_the_windows_of_an_example_are_averaged():
    examples = [TextPair("a", "x", None, None), TextPair("b", "y", None, None)]
    features = [SimpleNamespace(example=0), SimpleNamespace(example=0), SimpleNamespace(example=1)]
    outputs = [torch.tensor(row).log() for row in ([0.05, 0.45, 0.5], [0.5, 0.45, 0.05], [0.1, 0.1, 0.8])]
    assert HEAD.predictions(examples, features, outputs, LABELS) == ["neutral", "contradiction"]
