"""A study as data: frozen records that a YAML file or a Python function gives, and that the planner reads.

What a reader of the paper must know (model revision, seeds, languages, learning rate, length of training) has no default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag, model_validator

T = TypeVar("T")
# A list is as good as a tuple; a set is not, for it has no order.
Many = Annotated[tuple[T, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)]
Some = Annotated[Many[T], Field(min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+.\-]*$")]
Rate = Annotated[float, Field(gt=0, le=1)]
Share = Annotated[float, Field(ge=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
Seed = Annotated[int, Field(ge=0)]
Precision = Literal["fp32", "bf16"]
Split = Literal["train", "dev", "test"]


def _all(value: Any) -> Any:
    if value != "all":
        raise ValueError(f"found {value!r}, expected all or a list of languages")
    return value


Languages = Annotated[
    Annotated[Literal["all"], BeforeValidator(_all), Tag("|all")] | Annotated[Some[Name], Tag("|list")],
    Discriminator(lambda value: "|all" if isinstance(value, str) else "|list"),
]


class Record(BaseModel):
    """Frozen, strict about types and keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class EarlyStopping(Record):
    """Keep the best weights by the main metric on source-language development data; stop when it no longer rises."""

    every: Count  # optimiser steps between evaluations
    patience: Count  # evaluations without a gain before stopping
    examples: Count = 500  # first examples of the development set


class Recipe(Record):
    """How one training run is done. Exactly one of ``epochs``/``steps`` and one of ``batch_tokens``/``batch_examples``."""

    learning_rate: Positive
    epochs: Positive | None = None
    steps: Count | None = None
    batch_tokens: Count | None = None  # padded sub-words an optimiser step
    batch_examples: Count | None = None
    max_length: Count = 256  # sub-words of one window, special tokens included
    stride: Count = 64  # sub-words two neighbouring windows share
    warmup: Share = 0.1
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    clip: Positive = 1.0
    precision: Precision = "fp32"
    early_stopping: EarlyStopping | None = None
    restarts: Annotated[int, Field(ge=0)] = 1  # new starts with the next seed stream after a collapse

    @model_validator(mode="after")
    def _one_of_each(self) -> Recipe:
        if (self.epochs is None) == (self.steps is None):
            raise ValueError("give exactly one of epochs and steps")
        if (self.batch_tokens is None) == (self.batch_examples is None):
            raise ValueError("give exactly one of batch_tokens and batch_examples")
        if self.stride >= self.max_length // 2:
            raise ValueError(f"stride {self.stride} must be less than half of max_length {self.max_length}")
        return self


def changed(recipe: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recipe's keys with changes applied; a change to one key of an either-or pair drops its partner."""
    kept = dict(recipe)
    for pair in (("epochs", "steps"), ("batch_tokens", "batch_examples")):
        if any(key in changes for key in pair):
            kept.update(dict.fromkeys(pair))
    return {**kept, **changes}


class TokenizerSpec(Record):
    """A Unigram tokenizer in the manner of SentencePiece, trained on the pretraining text."""

    vocab_size: Count
    alpha: Rate = 0.4  # languages weigh as their number of characters to this power
    lowercase: bool = False


class Pretraining(Record):
    """Masked language modelling from scratch on raw text, optionally with translation pairs (TLM).

    Either ``text`` maps a language to files below the data root (plain or .gz; ``id TAB text`` lines are parallel by id), or
    ``folder`` is a folder below it that holds one file a language, ``LANGUAGE.txt`` or ``LANGUAGE.tsv``.
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
    mask: Rate = 0.15
    warmup: Share = 0.05
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    clip: Positive = 1.0
    precision: Precision = "fp32"

    @model_validator(mode="after")
    def _text_is_there(self) -> Pretraining:
        if (self.text is None) == (self.folder is None):
            raise ValueError("give exactly one of text and folder")
        if self.text and self.tlm and self.pivot not in self.text:
            raise ValueError(f"pivot {self.pivot!r} must be a language of text where tlm is above 0")
        return self


class PretrainingFile(Record):
    """What ``isthmus pretrain`` reads: a pretraining and the directory that its text lies below."""

    pretrain: Pretraining
    data: str


class ModelSpec(Record):
    """The encoder all arms start from: exactly one of hub ``name`` (with ``revision``), ``path``, ``config``, ``pretrain``.

    ``config`` (a Hugging Face configuration) gives random weights and needs ``tokenizer``, a directory.
    """

    family: str = "encoder"
    name: str | None = None
    revision: str | None = None
    path: str | None = None
    config: dict[str, Any] | None = None
    tokenizer: str | None = None
    pretrain: Pretraining | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> ModelSpec:
        given = [key for key in ("name", "path", "config", "pretrain") if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of name, path, config, pretrain; found {', '.join(given) or 'none'}")
        if self.name is not None and self.revision is None:
            raise ValueError("name needs a revision (a commit), so that the study means the same tomorrow")
        if self.name is None and self.revision is not None:
            raise ValueError("revision belongs to name, a model of the hub")
        if (self.config is None) != (self.tokenizer is None):
            raise ValueError("config and tokenizer (a directory with a tokenizer) go together")
        return self


class Stage(Record):
    """One intermediate training run: a task, in which languages."""

    task: str
    languages: Many[Name] = ()  # empty: the study's source language
    split: Split = "train"


class Target(Record):
    """A task the arms are judged on.

    ``train`` names the task whose training set is used (default: the task's own); ``splits`` are tried in order for each
    language and the row says which was used. ``layer`` and ``pooling`` are for retrieval, which trains nothing.
    """

    task: str
    train: str | None = None
    splits: Some[Literal["dev", "test"]] = ("test",)
    max_examples: Count | None = None  # first examples of each language
    layer: int | None = None  # hidden state: 0 embeddings, -1 last
    pooling: Literal["mean", "first"] = "mean"


class Study(Record):
    """What is asked: one model, the arms, the targets, the languages, the seeds and the recipe."""

    study: Name
    question: str
    model: ModelSpec
    data: str  # a directory in the official layout; ``$NAME`` is taken from the environment
    seeds: Some[Seed]
    arms: Annotated[dict[Name, Many[Stage]], Field(min_length=1)]
    targets: Some[Target]
    source: Name  # language of the target training data; every other language is zero-shot
    languages: Languages
    recipe: Recipe
    overrides: dict[str, dict[str, Any]] = {}  # by task trained on: keys of the recipe that differ
    baselines: Many[str] = ()
    groups: dict[Name, Some[Name]] = {}  # declared sets of languages that averages are shown for

    def recipe_for(self, task: str) -> Recipe:
        """Return the recipe of a training run on ``task``, overrides applied; raises pydantic's ValidationError."""
        changes = self.overrides.get(task)
        return Recipe(**changed(self.recipe.model_dump(), changes)) if changes else self.recipe
