"""The layers of an encoder without what a library does around them: what answers most quickly on a CPU.

The same weights and the same sums; what is left out is what no prediction reads (the pooler, the last layer's other states
where a head reads the first one alone) and what is decided anew in every call (masks, implementations, outputs to keep).
Query, key and value are one product. ``benchmarks/serving.py`` measures what that saves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from isthmus.models.heads.choice import ChoiceHead
from isthmus.models.heads.classification import ClassificationHead
from isthmus.models.heads.ranking import RankingHead
from isthmus.models.task_model import TaskModel

SHAPED = ("bert", "camembert", "roberta", "xlm-roberta")  # architectures of these parts in this order, as tests hold
FIRST = (ClassificationHead, ChoiceHead, RankingHead)  # heads that read the state of the first sub-word alone

Product = Callable[[Tensor], Tensor]


class States(NamedTuple):
    """What a network's body returns, as far as a head reads it."""

    last_hidden_state: Tensor


@dataclass(frozen=True)
class Layer:
    """One layer: its matrix products, what stands between them, and the number of its heads."""

    query: Product
    key_value: Product
    all_three: Product
    output: Product
    up: Product
    activation: Callable[[Tensor], Tensor]
    down: Product
    norms: tuple[Any, Any]
    heads: int

    def attend(self, states: Tensor, mask: Tensor | None, *, first: bool) -> Tensor:
        """Return what attention adds to states B x T x H, or to the first of them, B x 1 x H; it attends in fp32."""
        rows, length = states.shape[:2]
        if first:
            query = self.query(states[:, :1]).float().view(rows, 1, self.heads, -1).transpose(1, 2)
            key, value = self.key_value(states).float().view(rows, length, 2, self.heads, -1).permute(2, 0, 3, 1, 4)
        else:
            joined = self.all_three(states).float()  # torch's fused attention is slower in bf16 than in fp32
            query, key, value = joined.view(rows, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, mask)
        return self.output(mixed.transpose(1, 2).flatten(2).to(states.dtype))

    def __call__(self, states: Tensor, mask: Tensor | None, numbers: torch.dtype, *, first: bool) -> Tensor:
        """Return the states above the layer; products are of ``numbers``, sums of the states' own."""
        added = self.attend(states.to(numbers), mask, first=first)
        states = self.norms[0](added + (states[:, :1] if first else states))
        added = self.down(self.activation(self.up(states.to(numbers))))
        above: Tensor = self.norms[1](added + states)
        return above


class Bare:
    """The body of a network as a function of its inputs; ``first``: it returns the states of first sub-words, B x 1 x H."""

    def __init__(self, body: Any, numbers: torch.dtype, *, first: bool) -> None:
        self.embeddings, self.numbers, self.first = body.embeddings, numbers, first
        self.layers = [_layer(layer, numbers) for layer in body.encoder.layer]

    def __call__(self, *, input_ids: Tensor, attention_mask: Tensor, **given: Tensor) -> States:
        """Return the states that the body's last layer returns."""
        states = self.embeddings(input_ids=input_ids, **given)
        hidden = None
        if not bool(attention_mask.all()):
            hidden = torch.zeros(attention_mask.shape).masked_fill_(attention_mask == 0, float("-inf"))[:, None, None]
        for layer in self.layers[:-1]:
            states = layer(states, hidden, self.numbers, first=False)
        return States(self.layers[-1](states, hidden, self.numbers, first=self.first))


def bare(model: Any, precision: str) -> Bare | None:
    """Return the quick form of a model's body, None where it has none: it is no such network, or no CPU runs it as it is.

    With ``precision`` bf16 the products' weights are cast once; sums and norms stay in what they are in.
    """
    if type(model) is not TaskModel or model.device.type != "cpu" or model.body is not model.network.body:
        return None
    body: Any = model.body
    config = body.config
    if config.model_type not in SHAPED or config.is_decoder or getattr(config, "chunk_size_feed_forward", 0):
        return None
    if not all(_known(layer) for layer in body.encoder.layer):
        return None
    numbers = torch.bfloat16 if precision == "bf16" or model.precision == "bf16" else torch.float32
    return Bare(body, numbers, first=isinstance(model.module, FIRST))


def _parts(layer: Any) -> tuple[list[Any], list[Any]]:
    """Return the modules of query, key and value, and those of the other products."""
    own = layer.attention.self
    return [own.query, own.key, own.value], [layer.attention.output.dense, layer.intermediate.dense, layer.output.dense]


def _known(layer: Any) -> bool:
    """Tell whether all products of a layer are plain, or all quantised: low-rank updates, say, are neither."""
    from torch.ao.nn.quantized.dynamic import Linear

    parts = [part for some in _parts(layer) for part in some]
    return any(all(type(part) is kind for part in parts) for kind in (nn.Linear, Linear))


def _layer(layer: Any, numbers: torch.dtype) -> Layer:
    three, (output, up, down) = _parts(layer)
    query, key_value, all_three = _joined(three, numbers)
    return Layer(
        query=query,
        key_value=key_value,
        all_three=all_three,
        output=_product(output, numbers),
        up=_product(up, numbers),
        activation=layer.intermediate.intermediate_act_fn,
        down=_product(down, numbers),
        norms=(layer.attention.output.LayerNorm, layer.output.LayerNorm),
        heads=three[0].out_features // layer.attention.self.attention_head_size,
    )


def _product(part: Any, numbers: torch.dtype) -> Product:
    if type(part) is not nn.Linear or part.weight.dtype == numbers:
        product: Product = part
        return product
    return partial(functional.linear, weight=part.weight.detach().to(numbers), bias=part.bias.detach().to(numbers))


def _joined(three: Sequence[Any], numbers: torch.dtype) -> tuple[Product, Product, Product]:
    """Return the products of the query, of key and value, and of all three, side by side along the last dimension."""
    query, key, value = three
    if type(query) is not nn.Linear:

        def side_by_side(parts: Sequence[Any], states: Tensor) -> Tensor:
            return torch.cat([part(states) for part in parts], -1)

        return query, partial(side_by_side, [key, value]), partial(side_by_side, three)
    weight, bias = (torch.cat([getattr(part, name).detach() for part in three]).to(numbers) for name in ("weight", "bias"))
    width = query.out_features
    if query.weight.dtype == numbers:  # the body reads the joined weights too, so that they are in memory once
        for place, part in enumerate(three):
            part.weight.data = weight[place * width : (place + 1) * width]
            part.bias.data = bias[place * width : (place + 1) * width]
    linear = functional.linear
    return (
        partial(linear, weight=weight[:width], bias=bias[:width]),
        partial(linear, weight=weight[width:], bias=bias[width:]),
        partial(linear, weight=weight, bias=bias),
    )
