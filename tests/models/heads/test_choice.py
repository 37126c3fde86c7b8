"""Multiple choice: a window for each ending, never parted, and a softmax over the endings of each example alone."""

from __future__ import annotations

import logging
from itertools import accumulate, pairwise
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny_networks import encoding_of

from isthmus.models.feature import Frame, pad
from isthmus.models.head import Encoding
from isthmus.models.heads.choice import HEAD
from isthmus.sources.example import Choice

FRAME = Frame((0,), (2, 2), (2,), (2,), 1)
# A tokenizer of numbers: every sub-word of a test can be told from every other.
NUMBERS = SimpleNamespace(
    backend_tokenizer=SimpleNamespace(
        encode_batch=lambda texts, add_special_tokens: [SimpleNamespace(ids=[int(w) for w in t.split()]) for t in texts]
    )
)
EXAMPLES = [
    Choice("a", "the dog", None, ("sleeps", "is the city of Paris", "jumps over the fox"), 2),
    Choice("b", "", "the lazy fox", ("buys", "sells them in the morning"), 0),
]


def numbers(start, size):
    return " ".join(str(i) for i in range(start, start + size))


@given(st.integers(0, 60), st.integers(0, 20), st.lists(st.integers(1, 30), min_size=2, max_size=5), st.integers(8, 60))
def test_a_long_context_loses_its_beginning_and_an_ending_nothing(context, question, endings, max_length):
    room = max_length - FRAME.size
    texts = tuple(numbers(3000 + 100 * i, size) for i, size in enumerate(endings))
    asked = numbers(2000, question) or None
    example = Choice("c", numbers(1000, context), asked, texts, 0)
    (feature,) = HEAD.features([example], [], Encoding(NUMBERS, FRAME, max_length, 2))
    assert feature.rows == len(endings)
    assert sum(feature.sizes) == len(feature.ids)
    before = [*range(1000, 1000 + context), *range(2000, 2000 + question)]
    for i, (size, (ids, types)) in enumerate(zip(endings, feature.windows(), strict=True)):
        ending = list(range(3000 + 100 * i, 3000 + 100 * i + size))[:room]
        kept = before[max(0, len(before) + len(ending) - room) :]
        assert (ids, types) == FRAME.two(kept, ending)
        assert len(ids) <= max_length
        assert len(ids) == max_length or kept == before


def test_an_ending_that_no_window_holds_is_said(caplog):
    example = Choice("c", "1 2", None, (numbers(10, 7), "3"), 0)
    with caplog.at_level(logging.WARNING):
        (feature,) = HEAD.features([example], [], Encoding(NUMBERS, FRAME, 9, 2))
    assert "1 of 2 endings are longer than a window" in caplog.text
    assert next(feature.windows())[0] == [0, 2, 2, 10, 11, 12, 13, 14, 2]


def test_each_window_is_what_the_tokenizer_itself_makes_of_context_question_and_ending(wordpieces):
    example = Choice("c", "The lazy dog", "asks again", ("and again", "Paris"), 1)
    (feature,) = HEAD.features([example], [], encoding_of(wordpieces))
    said = [wordpieces("The lazy dog asks again", ending)["input_ids"] for ending in example.endings]
    assert [ids for ids, _ in feature.windows()] == said
    assert (feature.target, feature.example) == (1, 0)


def scored(pieces):
    """Return (module, hidden states of the windows of EXAMPLES, their batch, {example: its scores})."""
    torch.manual_seed(0)
    batch = pad(HEAD.features(EXAMPLES, [], encoding_of(pieces)), 1)
    module, hidden = HEAD.module(8, 0, 0.0), torch.randn(*batch.ids.shape, 8)
    ends = [0, *accumulate(len(e.endings) for e in EXAMPLES)]
    scores = module(hidden)
    return module, hidden, batch, [scores[a:b] for a, b in pairwise(ends)]


def test_the_loss_is_the_cross_entropy_over_the_endings_of_each_example_summed(pieces):
    module, hidden, batch, scores = scored(pieces)
    found = HEAD.loss(module, hidden, batch)
    by_hand = sum(torch.logsumexp(own, 0) - own[e.label] for own, e in zip(scores, EXAMPLES, strict=True))
    assert found.total.item() == pytest.approx(by_hand.item(), rel=1e-6)
    assert (found.weight.item(), found.classes) == (2, None)


def test_the_gradient_is_a_number_where_examples_have_fewer_endings_than_others(pieces):
    module, hidden, batch, _ = scored(pieces)
    HEAD.loss(module, hidden, batch).total.backward()
    assert all(torch.isfinite(p.grad).all() and p.grad.any() for n, p in module.named_parameters() if "out.bias" not in n)


def test_the_ending_with_the_highest_score_of_its_example_is_chosen(pieces):
    module, hidden, batch, scores = scored(pieces)
    found = HEAD.outputs(module, hidden, batch)
    assert found == [int(own.argmax()) for own in scores]
    assert HEAD.predictions(EXAMPLES, batch.features, found, []) == found


def test_without_a_label_there_is_no_target(pieces):
    (feature,) = HEAD.features([Choice("c", "the dog", None, ("sleeps", "sells"), None)], [], encoding_of(pieces))
    assert feature.target is None
