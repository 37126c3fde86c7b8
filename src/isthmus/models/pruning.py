"""Attention heads taken out of an encoder for good, and how an encoder without them is loaded again.

The rows of the query, key and value matrices that make a head, and the columns of the output matrix that read it, are cut
out. A configuration says of each layer which of its heads are left (``kept_heads``), since no library has a key for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers.models.auto.modeling_auto import MODEL_MAPPING

from isthmus.core.errors import UserError

KEPT_HEADS = "kept_heads"  # in a configuration: by layer, the numbers of the heads that are left
# Architectures whose attention reads how many heads there are off the width of what it is given, as tests hold.
PRUNABLE = ("bert", "camembert", "electra", "roberta", "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl")


def attentions(body: nn.Module) -> list[Any]:
    """Return the attention of each layer; raises UserError for an architecture whose heads cannot be taken out."""
    config: Any = body.config
    if config.model_type not in PRUNABLE:
        known = ", ".join(PRUNABLE)
        raise UserError(
            f"heads cannot be taken out of a network of model_type {config.model_type!r}; expected one of {known}"
        )
    stack: Any = body
    return [layer.attention for layer in stack.encoder.layer]


def head_counts(body: nn.Module) -> list[int]:
    """Return how many attention heads each layer has."""
    return [part.self.query.out_features // part.self.attention_head_size for part in attentions(body)]


def remove_heads(body: nn.Module, kept: Sequence[Sequence[int]]) -> None:
    """Take all heads but ``kept`` out of each layer, and note in the configuration which of the first network's are left.

    ``kept`` counts the heads that there are now, from 0, at least one a layer.
    """
    config: Any = body.config
    counts = head_counts(body)
    assert len(kept) == len(counts), "a list of heads a layer"
    for attention, heads, count in zip(attentions(body), kept, counts, strict=True):
        assert 0 < len(set(heads) & set(range(count))) == len(heads), (heads, count)
        _cut(attention, heads)
    before = getattr(config, KEPT_HEADS, None) or [list(range(count)) for count in counts]
    left = [[own[head] for head in heads] for own, heads in zip(before, kept, strict=True)]
    setattr(config, KEPT_HEADS, left)


def _cut(attention: Any, heads: Sequence[int]) -> None:
    own, size = attention.self, attention.self.attention_head_size
    at = torch.cat([torch.arange(head * size, (head + 1) * size) for head in heads])
    for name in ("query", "key", "value"):
        setattr(own, name, _rows(getattr(own, name), at))
    attention.output.dense = _columns(attention.output.dense, at)
    own.num_attention_heads, own.all_head_size = len(heads), len(at)


def _rows(linear: nn.Linear, at: Tensor) -> nn.Linear:
    at = at.to(linear.weight.device)
    return _linear(linear.weight.detach()[at], None if linear.bias is None else linear.bias.detach()[at])


def _columns(linear: nn.Linear, at: Tensor) -> nn.Linear:
    at = at.to(linear.weight.device)
    return _linear(linear.weight.detach()[:, at], None if linear.bias is None else linear.bias.detach())


def _linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0], bias is not None, device="meta")
    made.weight = nn.Parameter(weight.contiguous())
    if bias is not None:
        made.bias = nn.Parameter(bias)
    return made


def pruned_class(config: Any) -> Any:
    """Return the class of a configuration's networks, of which each is made without the heads that are gone.

    Made so, and only then filled with weights, it is loaded as any network is. Raises UserError where the configuration
    does not say of each layer which heads are left.
    """
    kept = getattr(config, KEPT_HEADS)
    layers, heads = config.num_hidden_layers, set(range(config.num_attention_heads))
    if not isinstance(kept, list) or len(kept) != layers or not all(_of(own, heads) for own in kept):
        what = f"expected for each of {layers} layers a list of its heads that are left, from 0 to {len(heads) - 1}"
        raise UserError(f"{KEPT_HEADS} of the configuration: found {kept!r}; {what}")
    architecture: Any = MODEL_MAPPING[type(config)]

    def __init__(self: Any, config: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        architecture.__init__(self, config, *args, **kwargs)
        setattr(self.config, KEPT_HEADS, None)  # this one has them all so far
        remove_heads(self, kept)

    return type(architecture.__name__, (architecture,), {"__init__": __init__, "__module__": architecture.__module__})


def _of(own: Any, heads: set[int]) -> bool:
    return isinstance(own, list) and bool(own) and set(own) <= heads and len(set(own)) == len(own)
