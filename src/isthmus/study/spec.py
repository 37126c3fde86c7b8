"""A study as data: frozen records that a YAML file or a Python function gives, and that the planner reads.

What a reader of the paper must know (model revision, seeds, languages, learning rate, length of training) has no default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from isthmus.core.errors import nearest
from isthmus.study.pretraining import Pretraining
from isthmus.study.record import (
    Commit,
    Count,
    Languages,
    Many,
    Name,
    Positive,
    Precision,
    Record,
    Seed,
    Share,
    Some,
    Split,
    StageLanguages,
)


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


class Scheme(Record):
    """Rates of a mix by the number of training examples of each task (Raffel et al. 2020, section 3.5.2).

    A task is drawn in proportion to min(examples, ``cap``) ** (1 / ``temperature``); ``mlm`` is the rate of raw text, which
    has no examples to count, and is taken off before the tasks share the rest.
    """

    scheme: Literal["proportional", "uniform", "temperature"]
    cap: Count | None = None
    temperature: Positive | None = None
    mlm: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _belongs_together(self) -> Scheme:
        if (self.scheme == "temperature") != (self.temperature is not None):
            raise ValueError("temperature (a number) goes with scheme: temperature, and with it only")
        if self.scheme == "uniform" and self.cap is not None:
            raise ValueError("cap changes nothing where the scheme is uniform")
        return self


def _is_scheme(value: Any) -> bool:
    return isinstance(value, Scheme) or (isinstance(value, dict) and "scheme" in value)


Rates = Annotated[
    Annotated[dict[Name, Positive], Tag("|rates")] | Annotated[Scheme, Tag("|scheme")],
    Discriminator(lambda value: "|scheme" if _is_scheme(value) else "|rates"),
]


class Stage(Record):
    """One intermediate training run: on a ``task``, or on a ``mix`` of several at once, in which languages.

    In a mix every optimiser step takes a batch of one task, drawn by ``rates``: a number a task (proportions count) or a
    scheme. ``languages`` may then differ by task: ``{mlm: all}`` leaves the others to the study's source language.
    ``recipe`` changes keys of the study's recipe for this stage alone. ``head: carried`` goes on from the head that the
    stage before trained for the same kind and labels; without it every stage begins with new heads.
    """

    task: str | None = None
    mix: Many[str] = ()
    rates: Rates | None = None
    languages: StageLanguages = ()  # empty: the study's source language; all: those that have the split
    split: Split = "train"
    max_examples: Count | None = None  # first examples of each task and language
    recipe: dict[str, Any] = {}
    head: Literal["new", "carried"] = "new"

    @property
    def tasks(self) -> tuple[str, ...]:
        """Return what is trained on."""
        return self.mix or (self.task or "",)

    @property
    def name(self) -> str:
        """Return what is trained on as one word."""
        return "+".join(self.tasks)

    @property
    def described(self) -> str:
        """Return what is trained on and in which languages, in words."""
        spoken = {task: self.languages_of(task) for task in self.tasks}
        said = {task: own if own == "all" else ", ".join(own) for task, own in spoken.items()}
        return " + ".join(f"{task} ({said[task]})" if said[task] else task for task in self.tasks)

    def rate_settings(self) -> dict[str, Any]:
        """Return the rates of a mix as plain values: numbers by task that sum to 1, or the keys of the scheme."""
        if isinstance(self.rates, Scheme):
            return self.rates.model_dump()
        rates = self.rates or {}
        total = sum(rates[name] for name in sorted(rates))
        return {name: rate / total for name, rate in rates.items()}

    def languages_of(self, task: str) -> tuple[str, ...] | Literal["all"]:
        """Return the languages of one task of the stage."""
        return self.languages.get(task, ()) if isinstance(self.languages, dict) else self.languages

    @model_validator(mode="after")
    def _one_task_or_a_mix(self) -> Stage:
        if (self.task is None) == (not self.mix):
            raise ValueError("give exactly one of task (a name) and mix (a list of names)")
        if self.task is not None:
            if self.rates is not None or isinstance(self.languages, dict):
                raise ValueError("rates, and languages by task, belong to a mix")
            return self
        if self.head != "new":
            raise ValueError("head: carried belongs to a single task; the heads of a mix are new")
        if len(set(self.mix)) < max(2, len(self.mix)):
            raise ValueError("a mix needs two different tasks at least, each once")
        if self.rates is None:
            raise ValueError("a mix needs rates: a number a task, or {scheme: proportional}, uniform or temperature")
        named = [
            *(self.rates if isinstance(self.rates, dict) else ()),
            *(self.languages if isinstance(self.languages, dict) else ()),
        ]
        for name in named:
            if name not in self.mix:
                raise ValueError(f"{name!r} is not in the mix; {nearest(name, self.mix)}")
        if isinstance(self.rates, Scheme):
            if ("mlm" in self.mix) != (self.rates.mlm is not None):
                raise ValueError("rates: a scheme needs mlm, a rate below 1, where mlm is in the mix, and only there")
        elif lacking := [name for name in self.mix if name not in self.rates]:
            raise ValueError(f"rates: none for {lacking[0]!r}; give one for each task of the mix")
        return self


def _chosen(value: Any) -> Any:
    if value != "chosen":
        raise ValueError(f"found {value!r}, expected the number of a layer or chosen")
    return value


Layer = Annotated[
    Annotated[Literal["chosen"], BeforeValidator(_chosen), Tag("|chosen")] | Annotated[int, Tag("|number")],
    Discriminator(lambda value: "|chosen" if isinstance(value, str) else "|number"),
]


class Target(Record):
    """A task the arms are judged on.

    ``train`` names the task whose training set is used (default: the task's own), ``train_examples`` how many of its first
    examples; ``recipe`` changes keys of the study's recipe for this target alone. ``splits`` are tried in order for each
    language and the row says which was used. ``head``: ``carried`` goes on from the head that the arm's last stage trained
    for the same kind and labels (new in an arm without one), ``as-is`` judges that head without training the target.

    Retrieval and mining train nothing and compare sentence vectors: the states of a ``layer``, pooled by ``pooling`` over
    the sub-words. ``layer: chosen`` takes, for each arm and seed, the best on other data: of retrieval the language
    ``chosen_on``, which need not be judged itself (where it is, its own score is at its best layer in hindsight); of mining
    the development data of each language. ``similarity`` is the cosine or, against the mean cosine of a sentence's nearest
    ``neighbours`` (4), ``csls`` or the ``ratio`` margin; retrieval takes the cosine where none is named, mining the ratio.
    ``search: faiss`` (an extra, isthmus[faiss]) looks for the neighbours of mining in the nearest cells alone: quicker where
    there are millions, not exact.
    """

    task: str
    train: str | None = None
    train_examples: Count | None = None
    recipe: dict[str, Any] = {}
    head: Literal["new", "carried", "as-is"] = "new"
    splits: Some[Literal["dev", "test"]] = ("test",)
    max_examples: Count | None = None  # first examples of each language
    layer: Layer | None = None  # hidden state: 0 embeddings, -1 last
    chosen_on: Name | None = None
    pooling: Literal["mean", "first"] = "mean"
    similarity: Literal["cosine", "csls", "ratio"] | None = None
    neighbours: Count | None = None
    search: Literal["faiss"] | None = None  # of mining; exact where none is named


class Claim(Record):
    """What a paper or its reader expects of one arm on one target, put so that the study can decide it.

    ``against`` is the arm compared with (default: the arm without stages), ``on`` a language, a group or ``zero-shot``;
    ``margin`` (points of 100) is how near to zero an effect counts as none.
    """

    text: str
    source: str = ""  # who says so
    arm: Name
    against: Name | None = None
    target: str
    on: Name = "zero-shot"
    expect: Literal["higher", "lower", "none"]
    margin: Positive | None = None

    @model_validator(mode="after")
    def _margin_is_there(self) -> Claim:
        if (self.expect == "none") == (self.margin is None):
            raise ValueError("margin, in points, goes with expect: none, and with it only")
        return self


class Study(Record):
    """What is asked: one model, the arms, the targets, the languages, the seeds and the recipe."""

    study: Name
    question: str
    model: ModelSpec
    data: str  # a directory in the official layout; ``$NAME`` is taken from the environment; or ``hub``, or ``world``
    revisions: dict[str, Commit] = {}  # by repository of the hub: another commit than the one that is pinned
    seeds: Some[Seed]
    arms: Annotated[dict[Name, Many[Stage]], Field(min_length=1)]
    targets: Some[Target]
    source: Name  # language of the target training data; every other language is zero-shot
    languages: Languages
    recipe: Recipe
    overrides: dict[str, dict[str, Any]] = {}  # by task trained on: keys of the recipe that differ
    baselines: Many[str] | None = None  # what every score is compared with; null: all rules that serve a target
    groups: dict[Name, Some[Name]] = {}  # declared sets of languages that averages are shown for
    claims: Many[Claim] = ()  # what the study is to decide

    @property
    def reference(self) -> str | None:
        """Return the arm that others are compared with: the first without stages, None where there is none."""
        return next((arm for arm, stages in self.arms.items() if not stages), None)

    def recipe_for(self, task: str | None, changes: Mapping[str, Any] | None = None) -> Recipe:
        """Return the recipe of a training run on ``task`` (None: a mix), its override and then ``changes`` applied.

        Raises pydantic's ValidationError.
        """
        recipe = self.recipe
        for keys in (self.overrides.get(task or ""), changes):
            recipe = Recipe(**changed(recipe.model_dump(), keys)) if keys else recipe
        return recipe
