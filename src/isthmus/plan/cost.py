"""What a step will cost, estimated before anything runs: tokens through a network, floating-point operations, bytes kept.

Operations are counted as 6 a weight and token in training and 2 in prediction, over the weights outside the embeddings,
and the vocabulary matrix where it is multiplied (Kaplan et al. 2020, section 2.1); attention's part that grows with the
square of the length is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.plan.step import Cost
from isthmus.study.pretraining import Pretraining
from isthmus.study.spec import Recipe

BYTES_A_TOKEN = 4.0  # of raw text; a rough mean over scripts and vocabularies
TOKENS_AN_EXAMPLE = 40.0  # where only the number of examples is known
BYTES_A_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class NetworkSize:
    """Weights outside and inside the embeddings; zeros where a hub model's configuration is not on this machine."""

    body: float = 0.0
    embeddings: float = 0.0
    layers: int | None = None

    @property
    def disk(self) -> float:
        """Return bytes of a saved encoder."""
        return (self.body + self.embeddings) * BYTES_A_WEIGHT


def network_size(config: Mapping[str, Any], vocabulary: int | None = None) -> NetworkSize:
    """Return the size of an encoder from its Hugging Face configuration; zeros where that lacks the usual fields."""
    hidden, layers = config.get("hidden_size"), config.get("num_hidden_layers")
    inner, words = config.get("intermediate_size"), vocabulary or config.get("vocab_size")
    if not (hidden and layers and inner and words):
        return NetworkSize()
    # ModernBERT's feed-forward has a gate: three matrices where others have two.
    feed_forward = (3 if config.get("model_type") == "modernbert" else 2) * hidden * inner
    return NetworkSize(layers * (4.0 * hidden * hidden + feed_forward), float(words) * hidden, layers)


def pretraining_cost(spec: Pretraining, size: NetworkSize) -> Cost:
    """Return the cost of masked language modelling, the vocabulary matrix counted at masked positions."""
    flops = 6.0 * spec.tokens * (size.body + (1 - spec.pairs) * spec.mask * size.embeddings)
    return Cost(float(spec.tokens), flops, size.disk)


def training_cost(recipe: Recipe, text: Sequence[int], size: NetworkSize, examples: int | None = None) -> Cost:
    """Return the cost of fine-tuning on data sets of ``text`` bytes, at most ``examples`` of each, under a recipe."""
    if recipe.steps:
        tokens = recipe.steps * (recipe.batch_tokens or (recipe.batch_examples or 0) * TOKENS_AN_EXAMPLE)
    else:
        most = examples * TOKENS_AN_EXAMPLE if examples else math.inf
        tokens = (recipe.epochs or 0.0) * sum(min(size / BYTES_A_TOKEN, most) for size in text)
    return Cost(tokens, 6.0 * tokens * size.body, size.disk)


def prediction_cost(text: float, examples: int | None, size: NetworkSize, beside: float = 0.0) -> Cost:
    """Return the cost of predicting ``text`` bytes, at most ``examples`` examples of them, and all of ``beside`` bytes."""
    tokens = min(text / BYTES_A_TOKEN, examples * TOKENS_AN_EXAMPLE if examples else math.inf) + beside / BYTES_A_TOKEN
    return Cost(tokens, 2.0 * tokens * size.body, (text + beside) * 0.2)
