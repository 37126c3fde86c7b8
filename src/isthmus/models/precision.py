"""Task models that compute with smaller numbers: weights in bf16, or those of linear layers in whole numbers of 8 bits."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from isthmus.models.task_model import TaskModel

# What torch says of its own quantisation, which is the only one that comes with it.
DEPRECATED = (
    ("torch.ao.quantization is deprecated", DeprecationWarning),
    ("torch.quantize_per_tensor, torch.quantize_per_channel", UserWarning),
)


def to_bf16(model: TaskModel) -> None:
    """Cast the weights of a model's encoder to bf16; those of its head, which are few, stay in fp32, as do its logits.

    So does what is no weight: frequencies of positions that rotate would turn far ones by other angles.
    """
    for weight in model.body.parameters():
        weight.data = weight.data.to(torch.bfloat16)
    model.precision = "bf16"


def to_int8(model: TaskModel) -> None:
    """Quantise the linear layers of encoder and head dynamically: a scale for each row of weights, inputs as they come.

    Computed on CPUs alone; embeddings, norms and what attention multiplies stay in fp32.
    """
    from torch.ao import quantization

    with _quiet():
        how = {nn.Linear: quantization.per_channel_dynamic_qconfig}
        for part in (model.body, model.module):
            quantization.quantize_dynamic(part, how, dtype=torch.qint8, inplace=True)  # type: ignore[no-untyped-call]
    model.precision = "int8"


def stored_bytes(module: nn.Module) -> int:
    """Return how many bytes the weights of a module take as they are, quantised ones with the scales of their rows."""
    from torch.ao.nn.quantized.dynamic import Linear

    tensors = [*module.parameters(), *module.buffers()]
    for part in module.modules():
        if isinstance(part, Linear):
            quantised: Any = part
            weight, bias = quantised.weight(), quantised.bias()
            own = (weight, weight.q_per_channel_scales(), weight.q_per_channel_zero_points(), bias)
            tensors += [tensor for tensor in own if tensor is not None]
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        for message, category in DEPRECATED:
            warnings.filterwarnings("ignore", message=message, category=category)
        yield
