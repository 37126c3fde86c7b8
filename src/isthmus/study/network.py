"""The shape of a network as data: what its cost is reckoned from, in the words of a Hugging Face configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isthmus.study.record import Count, Record


class Shape(Record):
    """How wide and deep a network is; ``gated`` says that its inner layer has a third matrix, as in GLU.

    ``embedding_size`` is that of narrower embeddings (RemBERT), ``decoder_layers`` are beside those of an encoder (T5).
    It is used for estimates alone and is no part of any id.
    """

    hidden_size: Count
    num_hidden_layers: Count
    intermediate_size: Count
    vocab_size: Count
    gated: bool = False
    num_attention_heads: Count | None = None
    num_key_value_heads: Count | None = None
    head_dim: Count | None = None
    embedding_size: Count | None = None
    decoder_layers: Count | None = None


def wrong_sizes(config: Mapping[str, Any]) -> str | None:
    """Say which size of a Hugging Face configuration is no whole number above 0; None where all that are there are."""
    for name in Shape.model_fields:
        size = config.get(name)
        if name != "gated" and size is not None and (not isinstance(size, int) or size < 1):
            return f"{name}: found {size!r}, expected a whole number, 1 or more"
    return None
