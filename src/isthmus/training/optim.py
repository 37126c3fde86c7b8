"""AdamW and the linear schedule with warm-up."""

from __future__ import annotations

from torch import nn
from torch.optim import AdamW, Optimizer

EPSILON = 1e-8  # jiant's and XTREME's value


def adamw(model: nn.Module, learning_rate: float, weight_decay: float) -> Optimizer:
    """Return fused AdamW; biases and norms (tensors of one dimension) are not decayed."""
    wide = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]
    flat = [p for p in model.parameters() if p.requires_grad and p.dim() <= 1]
    groups = [{"params": wide, "weight_decay": weight_decay}, {"params": flat, "weight_decay": 0.0}]
    return AdamW(groups, lr=learning_rate, eps=EPSILON, fused=True)


def rate(step: int, total: int, warmup: float) -> float:
    """Return the factor on the peak learning rate at a step from 0: up over ``warmup`` * total steps, then down to 0."""
    rising = max(1, round(total * warmup))
    if step < rising:
        return (step + 1) / rising
    return max(0.0, (total - step) / max(1, total - rising))
