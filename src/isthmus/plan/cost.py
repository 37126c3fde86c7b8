"""What a step will cost, estimated before anything runs: tokens through a network, operations, bytes kept, memory.

Operations are counted as 6 a weight and token in training and 2 in prediction, over the weights outside the embeddings,
and the vocabulary matrix where it is multiplied (Kaplan et al. 2020, section 2.1); attention's part that grows with the
square of the length is left out. Tokens are sub-words, estimated from bytes of text; docs/costs.md says how far off that is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from isthmus.plan.networks import NetworkSize
from isthmus.plan.step import Cost
from isthmus.sources.source import Fingerprint
from isthmus.study.pretraining import Pretraining
from isthmus.study.spec import Recipe
from isthmus.study.variant import Efficiency
from isthmus.tasks.task import RAW

BYTES_A_TOKEN = 4.0  # of raw text; a rough mean over scripts and vocabularies
TOKENS_AN_EXAMPLE = 40.0  # where nobody knows how many examples a text has
ROWS_AN_EXAMPLE = {"choice": 4.0}  # an example of choice is a row an ending, each with the context
READ_AGAIN = {"choice": 2.0}  # how often its text goes through the network therefore, roughly
PREDICTION_BYTES = 0.8  # written for a token that is read
OPTIMISED = 16.0  # bytes a weight in training: weights, gradients and AdamW's two moments, all in fp32
ACTIVATIONS = {"bf16": 34.0, "fp32": 68.0}  # bytes a token, layer and unit of width (Korthikanti et al. 2022, equation 1)
FIRST_CALLS = 3.0  # seconds that measuring the first calls of a checkpoint takes, of the smallest ones
AT_ONCE = 65536  # padded sub-words in one pass on a GPU, as compute/device.py has it


@dataclass(frozen=True, slots=True)
class Amount:
    """Text as a network reads it: examples, about, sub-words of each, and the rows that an example makes."""

    examples: float
    each: float
    rows: float = 1.0

    @property
    def tokens(self) -> float:
        """Return all sub-words."""
        return self.examples * self.each

    def first(self, examples: int | None) -> Amount:
        """Return the amount of the first examples, all where None."""
        return self if examples is None else replace(self, examples=min(self.examples, examples))

    def a_feature(self, max_length: int) -> float:
        """Return the sub-words of what a batch counts as one: an example, or one window of a long one."""
        return min(self.each, self.rows * max_length)


NOTHING = Amount(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Stream:
    """What a run draws from: a share of its batches, the data in it, and how much raw text hides of itself (0: no text)."""

    share: float
    data: tuple[Amount, ...]
    mask: float = 0.0

    def a_feature(self, max_length: int) -> float:
        """Return the mean sub-words of a feature, the data being one pool; text fills its windows."""
        if self.mask:
            return float(max_length)
        examples = sum(amount.examples for amount in self.data)
        return sum(amount.examples * amount.a_feature(max_length) for amount in self.data) / max(examples, 1.0)


def amount_of(kind: str, print_: Fingerprint) -> Amount:
    """Return how much a network reads of a split of a kind of task."""
    tokens = print_.size / BYTES_A_TOKEN * READ_AGAIN.get(kind, 1.0)
    examples = float(print_.examples) if print_.examples else tokens / TOKENS_AN_EXAMPLE
    return Amount(examples, tokens / examples if examples else 0.0, ROWS_AN_EXAMPLE.get(kind, 1.0))


def stream_of(kind: str, prints: Sequence[Fingerprint], share: float = 1.0, mask: float = 0.0) -> Stream:
    """Return the stream of one task's data; ``mask`` counts where the task is raw text."""
    return Stream(share, tuple(amount_of(kind, one) for one in prints), mask if kind in RAW else 0.0)


def pretraining_cost(spec: Pretraining, size: NetworkSize) -> Cost:
    """Return the cost of masked language modelling, the vocabulary matrix counted at masked positions."""
    flops = 6.0 * spec.tokens * (size.body + (1 - spec.pairs) * spec.mask * size.embeddings)
    memory = training_memory(size, spec.batch_tokens, spec.precision, spec.mask)
    return Cost(float(spec.tokens), flops, size.disk, memory)


def training_cost(
    recipe: Recipe, streams: Sequence[Stream], size: NetworkSize, examples: int | None = None, dev: Amount | None = None
) -> Cost:
    """Return the cost of a training run: at most ``examples`` of each data set, judged on ``dev`` by early stopping."""
    streams = [replace(stream, data=tuple(amount.first(examples) for amount in stream.data)) for stream in streams]
    step = _tokens_a_step(recipe, streams)
    tokens = recipe.steps * step if recipe.steps else (recipe.epochs or 0.0) * _one_round(streams)
    masked = sum(_text_share(recipe, streams, stream) * stream.mask for stream in streams)
    seen = _development_tokens(recipe, dev, tokens / step if step else 0.0)
    flops = 6.0 * tokens * (size.body + masked * size.embeddings) + 2.0 * seen * size.body
    return Cost(tokens + seen, flops, size.disk, training_memory(size, _padded(recipe, streams), recipe.precision, masked))


def prediction_cost(
    amount: Amount, examples: int | None, size: NetworkSize, beside: float = 0.0, precision: str = "fp32"
) -> Cost:
    """Return the cost of predicting an amount, at most ``examples`` examples of it, and all of ``beside`` tokens."""
    tokens = amount.first(examples).tokens + beside
    memory = 4.0 * size.weights + min(tokens, AT_ONCE) * (size.hidden or 0) * ACTIVATIONS[precision]
    return Cost(tokens, 2.0 * tokens * size.body, tokens * PREDICTION_BYTES, memory if size.known else 0.0)


def measuring_cost(languages: Sequence[Amount], checkpoints: int, asked: Efficiency, size: NetworkSize) -> Cost:
    """Return the cost of timing checkpoints side by side: queries one by one, and all examples in each pass and one before.

    Both take the seconds asked for of each checkpoint in each language at the least. Cheaper forms count as the network.
    """
    tokens = checkpoints * sum(asked.queries * amount.each + (asked.passes + 1) * amount.tokens for amount in languages)
    least = checkpoints * (2 * asked.seconds * len(languages) + FIRST_CALLS)
    return Cost(tokens, 2.0 * tokens * size.body, seconds=least)


def translation_cost(tokens: float, size: NetworkSize, beams: int, disk: float) -> Cost:
    """Return the cost of translating: every sub-word is read once, and about as many are written, by every beam.

    Writing one takes the decoder and the vocabulary matrix.
    """
    flops = 2.0 * tokens * (size.body - size.decoder + beams * (size.decoder + size.embeddings))
    return Cost(2.0 * tokens, flops if size.known else 0.0, disk, 4.0 * size.weights)


def training_memory(size: NetworkSize, padded: float, precision: str, masked: float = 0.0) -> float:
    """Return bytes that training takes on a device: weights with what AdamW keeps, and activations of one pass.

    ``padded`` sub-words make a batch; of a share ``masked`` of them there are the vocabulary's logits and their gradient.
    """
    if not size.known:
        return 0.0
    at_once = min(padded, AT_ONCE)
    activations = at_once * (size.layers or 0) * (size.hidden or 0) * ACTIVATIONS[precision]
    logits = 8.0 * at_once * masked * size.embeddings / (size.hidden or 1)
    return OPTIMISED * size.weights + activations + logits


def _tokens_a_step(recipe: Recipe, streams: Sequence[Stream]) -> float:
    if recipe.batch_tokens:
        return float(recipe.batch_tokens)
    return (recipe.batch_examples or 0) * sum(stream.share * stream.a_feature(recipe.max_length) for stream in streams)


def _one_round(streams: Sequence[Stream]) -> float:
    return sum(amount.tokens for stream in streams for amount in stream.data)


def _text_share(recipe: Recipe, streams: Sequence[Stream], stream: Stream) -> float:
    """Return the share of all tokens that a stream has."""
    if recipe.batch_tokens:
        return stream.share
    whole = sum(one.share * one.a_feature(recipe.max_length) for one in streams)
    return stream.share * stream.a_feature(recipe.max_length) / whole if whole else 0.0


def _development_tokens(recipe: Recipe, dev: Amount | None, steps: float) -> float:
    """Return the tokens of the evaluations that early stopping asks for, if it never stops early."""
    if recipe.early_stopping is None or dev is None:
        return 0.0
    return math.ceil(steps / recipe.early_stopping.every) * dev.first(recipe.early_stopping.examples).tokens


def _padded(recipe: Recipe, streams: Sequence[Stream]) -> float:
    """Return the most padded sub-words that a batch may have."""
    if recipe.batch_tokens:
        return float(recipe.batch_tokens)
    rows = max((amount.rows for stream in streams for amount in stream.data), default=1.0)
    return (recipe.batch_examples or 0) * rows * recipe.max_length
