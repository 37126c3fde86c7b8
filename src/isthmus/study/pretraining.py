"""A pretraining as data: text, tokenizer, network and objective of an encoder made from scratch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from isthmus.core.errors import nearest
from isthmus.study.network import wrong_sizes
from isthmus.study.record import Count, Name, Positive, Precision, Rate, Record, Seed, Share, Some

NEWER = ("shares", "pairs", "pairs_from", "contrast", "weights")  # keys that came after ids were first given


class TokenizerSpec(Record):
    """A tokenizer trained on the pretraining text: Unigram in the manner of SentencePiece, or BPE."""

    vocab_size: Count
    algorithm: Literal["unigram", "bpe"] = "unigram"
    alpha: Rate = 0.4  # languages weigh as their number of characters to this power
    lowercase: bool = False

    def settings(self) -> dict[str, Any]:
        """Return what is hashed of it."""
        # Ids are older than the choice of an algorithm: the first one is left out.
        return self.model_dump(exclude={"algorithm"} if self.algorithm == "unigram" else None)


class Pretraining(Record):
    """Masked language modelling from scratch on raw text, optionally with translation pairs (TLM).

    Either ``text`` maps a language to files below the data root (plain or .gz; ``id TAB text`` lines are parallel by id,
    ``id TAB first TAB second`` are two segments), or ``folder`` is a folder below it that holds one file a language,
    ``LANGUAGE.txt`` or ``LANGUAGE.tsv``.
    ``network`` is a Hugging Face configuration (``model_type`` and its fields); the vocabulary size is filled in.
    """

    text: Annotated[dict[Name, Some[str]], Field(min_length=1)] | None = None
    folder: str | None = None
    tokenizer: TokenizerSpec
    network: dict[str, Any]
    seed: Seed
    tokens: Count  # padded sub-words seen in all
    batch_tokens: Count
    learning_rate: Positive
    max_length: Count = 128
    alpha: Rate = 0.4  # exponent of language sampling
    tlm: Share = 0.0  # share of sequences that are translation pairs
    pivot: Name = "en"  # one side of every translation pair
    shares: dict[Name, Share] = {}  # of sequences other than translation pairs, in languages that alpha shall not decide
    pairs: Share = 0.0  # share of optimiser steps on telling intact pairs of segments from corrupted ones
    pairs_from: Share = 0.0  # share of all steps that is over before the first of those: words come before their order
    contrast: Share = 0.0  # share of optimiser steps on finding a sentence's translation among those of a batch
    weights: Literal["fp32", "fp16"] = "fp32"  # how the finished weights are written
    mask: Rate = 0.15
    warmup: Share = 0.05
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    clip: Positive = 1.0
    precision: Precision = "fp32"

    @model_validator(mode="after")
    def _text_is_there(self) -> Pretraining:
        if (self.text is None) == (self.folder is None):
            raise ValueError("give exactly one of text and folder")
        if what := wrong_sizes(self.network):
            raise ValueError(f"network.{what}")
        if self.text and (self.tlm or self.contrast) and self.pivot not in self.text:
            raise ValueError(f"pivot {self.pivot!r} must be a language of text where tlm or contrast is above 0")
        if self.text and (what := self.wrong_shares(self.text)):
            raise ValueError(f"shares: {what}")
        if self.pairs + self.contrast >= 1:
            raise ValueError(f"pairs {self.pairs:g} and contrast {self.contrast:g} leave no step to masked words")
        if self.pairs_from and not self.pairs:
            raise ValueError("pairs_from says when pairs begin, and there are none: give pairs a share")
        return self

    def wrong_shares(self, languages: Iterable[str]) -> str | None:
        """Say what is wrong with ``shares`` where the text is in ``languages``; None is nothing."""
        languages = set(languages)
        for name in self.shares:
            if name not in languages:
                return f"no text in {name!r}; {nearest(name, languages)}"
        if (total := sum(self.shares.values())) >= 1:
            return f"found {total:g} in all, expected less than 1"
        if self.shares and languages == set(self.shares):
            return "every language has a share; leave out one at least, which takes the rest"
        return None

    def settings(self) -> dict[str, Any]:
        """Return what is hashed of it beside its text."""
        # Ids are older than these keys: where they are not used they are not there.
        unset = {key for key in NEWER if getattr(self, key) == type(self).model_fields[key].get_default()}
        return {**self.model_dump(exclude={"text", "folder", *unset}), "tokenizer": self.tokenizer.settings()}


class PretrainingFile(Record):
    """What ``isthmus pretrain`` reads: a pretraining and the directory that its text lies below."""

    pretrain: Pretraining
    data: str
