"""The contrast of translations, on states that are given: what it rewards, and what it does not look at."""

from __future__ import annotations

from math import log
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from isthmus.models.contrast import Contrast
from isthmus.models.feature import Feature, pad
from isthmus.models.network import load_network

PADDING = 0
WIDE = 16


def loss_of(first, second, join=False):
    """The mean loss of pairs whose sentences have these vectors, as windows of features of their own or of one."""
    table = torch.cat([torch.full((1, first.shape[1]), 99.0), first, second])
    network = SimpleNamespace(body=nn.Identity(), hidden=lambda _, batch: table[batch.ids])
    count = len(first)
    pairs = [([1 + i] * (1 + i % 3), [1 + count + i] * (2 + i % 2)) for i in range(count)]
    groups = [pairs] if join else [[pair] for pair in pairs]
    features = []
    for group in groups:
        sides = [side for pair in group for side in pair]
        ids = [token for side in sides for token in side]
        features.append(Feature(ids, [0] * len(ids), 0, None, None, tuple(map(len, sides))))
    found = Contrast(network)(pad(features, PADDING))
    assert (found.weight.item(), found.classes) == (count, None)
    return (found.total / found.weight).item()


@pytest.fixture
def drawn():
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(12, WIDE, generator=generator) for _ in range(2)]


def test_translations_that_are_one_and_all_others_far_leave_no_loss():
    apart = torch.eye(WIDE)
    assert loss_of(apart, apart) == pytest.approx(0, abs=1e-6)
    assert loss_of(apart, apart.flip(0)) > 15


def test_sentences_that_are_all_alike_leave_nothing_but_guessing():
    same = torch.ones(8, WIDE)
    assert loss_of(same, same) == pytest.approx(log(8), abs=1e-4)


def test_the_nearer_the_translations_the_smaller_the_loss(drawn):
    first, other = drawn
    losses = [loss_of(first, share * first + (1 - share) * other) for share in (0, 0.25, 0.5, 0.75, 1)]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 3 > 0.1 > losses[-1]


def test_neither_side_is_the_one_that_is_looked_for(drawn):
    first, second = drawn
    assert loss_of(first, second) == pytest.approx(loss_of(second, first), rel=1e-5)


def test_only_the_direction_of_a_vector_counts(drawn):
    first, second = drawn
    longer = first * torch.arange(1, len(first) + 1).unsqueeze(1)
    assert loss_of(longer, second * 7) == pytest.approx(loss_of(first, second), rel=1e-5)


def test_pairs_are_compared_alike_as_windows_of_one_feature_and_of_many(drawn):
    assert loss_of(*drawn, join=True) == pytest.approx(loss_of(*drawn), rel=1e-6)


def test_a_pair_alone_has_nothing_to_be_told_from():
    assert loss_of(torch.ones(1, 4), -torch.ones(1, 4)) == pytest.approx(0, abs=1e-6)


def test_the_step_goes_into_the_encoder_and_nowhere_else(encoders):
    network = load_network(encoders["modernbert"])
    model = Contrast(network)
    assert {name.partition(".")[0] for name, _ in model.named_parameters()} == {"body"}
    ids = [5, 6, 7, 8, 9, 10, 11]
    model(pad([Feature(ids, [0] * 7, 0, None, None, (2, 1, 2, 2))], PADDING)).total.backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.body.layers.parameters())
