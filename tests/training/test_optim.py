"""AdamW and its schedule."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from isthmus.training.optim import adamw, rate


@given(st.integers(1, 500), st.floats(0, 0.99))
def test_the_rate_rises_to_the_peak_and_falls_towards_nothing(total, warmup):
    rates = [rate(step, total, warmup) for step in range(total)]
    peak = rates.index(max(rates))
    assert max(rates) == 1
    assert all(0 < r <= 1 for r in rates)
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert peak <= max(1, round(total * warmup))
    assert rate(total, total, warmup) == 0


def test_the_schedule_is_linear_on_both_sides():
    falling = [i / 6 for i in range(6, 0, -1)]
    assert [rate(step, 10, 0.4) for step in range(10)] == pytest.approx([0.25, 0.5, 0.75, 1, *falling])


def test_only_tensors_of_more_than_one_dimension_decay():
    model = torch.nn.Sequential(torch.nn.Embedding(3, 4), torch.nn.Linear(4, 4), torch.nn.LayerNorm(4))
    before = [weight.detach().clone() for weight in model.parameters()]
    optimizer = adamw(model, 0.1, 0.5)
    for weight in model.parameters():
        weight.grad = torch.zeros_like(weight)
    optimizer.step()
    for weight, old in zip(model.parameters(), before, strict=True):
        torch.testing.assert_close(weight.detach(), old * 0.95 if old.dim() > 1 else old)


def test_frozen_weights_are_left_alone():
    model = torch.nn.Linear(2, 2)
    model.weight.requires_grad = False
    assert [p.shape for group in adamw(model, 0.1, 0).param_groups for p in group["params"]] == [model.bias.shape]
