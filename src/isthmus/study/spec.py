"""A study as data: frozen records that a YAML file or a Python function gives, and that the planner reads.

What a reader of the paper must know (model revision, seeds, languages, learning rate, length of training) has no default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from isthmus.core.errors import nearest
from isthmus.study.pretraining import Pretraining
from isthmus.study.rates import TEXT_TASKS, Rates, Smoothing, StageLanguageRates, settings_of, wrong_rates
from isthmus.study.record import (
    Commit,
    Count,
    Languages,
    Many,
    Name,
    Positive,
    Precision,
    Rate,
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


class Stage(Record):
    """One intermediate training run: on a ``task``, or on a ``mix`` of several at once, in which languages.

    In a mix every optimiser step takes a batch of one task, drawn by ``rates``: a number a task (proportions count), a
    scheme, or a schedule of either. ``languages`` may then differ by task: ``{mlm: all}`` leaves the others to the study's
    source language. Where a task has several languages its examples are one pool; ``language_rates`` draw them by language
    instead, by ``alpha`` and ``cap`` or a number a language, in a mix by task: ``{mnli: {alpha: 0.3}}``.
    ``mask`` is the share of sub-words that raw text hides (mlm, tlm; 0.15), ``alpha`` the exponent by which its languages
    are drawn (0.3). ``tlm`` pairs the languages' text, parallel by id, with that of the study's source language.
    ``recipe`` changes keys of the study's recipe for this stage alone. ``head: carried`` goes on from the head that the
    stage before trained for the same kind and labels; without it every stage begins with new heads.
    """

    task: str | None = None
    mix: Many[str] = ()
    rates: Rates | None = None
    languages: StageLanguages = ()  # empty: the study's source language; all: those that have the split
    language_rates: StageLanguageRates | None = None  # of the languages of a task; none: all examples are one pool
    mask: Rate | None = None
    alpha: Annotated[float, Field(ge=0, le=1)] | None = None
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
        """Return the rates of a mix as plain values, as ``settings_of`` does."""
        return settings_of(self.rates or {})

    def languages_of(self, task: str) -> tuple[str, ...] | Literal["all"]:
        """Return the languages of one task of the stage."""
        return self.languages.get(task, ()) if isinstance(self.languages, dict) else self.languages

    def language_rates_of(self, task: str) -> dict[str, float] | Smoothing | None:
        """Return the rates of the languages of one task of the stage; raw text of a mix is smoothed by ``alpha`` alone."""
        rates = self.language_rates
        if isinstance(rates, Smoothing):
            return None if self.mix and task in TEXT_TASKS else rates
        own = (rates or {}).get(task) if self.mix else rates
        assert not isinstance(own, float), "rates of a mix are by task"
        return cast("dict[str, float] | Smoothing | None", own)

    @model_validator(mode="after")
    def _one_task_or_a_mix(self) -> Stage:
        if (self.task is None) == (not self.mix):
            raise ValueError("give exactly one of task (a name) and mix (a list of names)")
        if self.task is not None:
            if self.rates is not None or isinstance(self.languages, dict) or _nested(self.language_rates):
                raise ValueError("rates, and languages by task, belong to a mix")
            return self
        if self.head != "new":
            raise ValueError("head: carried belongs to a single task; the heads of a mix are new")
        if len(set(self.mix)) < max(2, len(self.mix)):
            raise ValueError("a mix needs two different tasks at least, each once")
        if self.rates is None:
            raise ValueError("a mix needs rates: a number a task, or {scheme: proportional}, uniform or temperature")
        if isinstance(self.language_rates, dict) and not _nested(self.language_rates):
            raise ValueError("language_rates of a mix are by task: {mnli: {en: 1, de: 3}}, or {alpha: 0.3} for all of them")
        for by_task in (self.languages, self.language_rates):
            for name in by_task if isinstance(by_task, dict) else ():
                if name not in self.mix:
                    raise ValueError(f"{name!r} is not in the mix; {nearest(name, self.mix)}")
        if wrong := wrong_rates(self.rates, self.mix):
            raise ValueError(f"rates: {wrong}")
        return self


def _nested(rates: Any) -> bool:
    return isinstance(rates, dict) and any(isinstance(own, dict | Smoothing) for own in rates.values())


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


Asked = Annotated[
    Annotated[Name, Tag("|file")] | Annotated[Claim, Tag("|claim")],
    Discriminator(lambda value: "|file" if isinstance(value, str) else "|claim"),
]


def _one_name(asked: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    if len(asked) != 1:
        found = ", ".join(asked) or "none"
        raise ValueError(f"expected one design by name with its keys below it, found {found}; a list takes several")
    return asked


OneDesign = Annotated[dict[Name, dict[str, Any]], AfterValidator(_one_name)]
Designs = Annotated[
    Annotated[OneDesign, Tag("|one")] | Annotated[Many[OneDesign], Tag("|list")],
    Discriminator(lambda value: "|list" if isinstance(value, list | tuple) else "|one"),
]


class Study(Record):
    """What is asked: one model, the arms, the targets, the languages, the seeds and the recipe.

    A ``design`` ({name: keys}, or a list of them) makes arms beside those declared; what a study is planned with has none
    left (``designs/expand.py``).
    """

    study: Name
    question: str
    model: ModelSpec
    data: str  # a directory in the official layout; ``$NAME`` is taken from the environment; or ``hub``, or ``world``
    revisions: dict[str, Commit] = {}  # by repository of the hub: another commit than the one that is pinned
    seeds: Some[Seed]
    arms: dict[Name, Many[Stage]] = {}
    design: Designs = ()
    targets: Some[Target]
    source: Name  # language of the target training data; every other language is zero-shot
    languages: Languages
    recipe: Recipe
    overrides: dict[str, dict[str, Any]] = {}  # by task trained on: keys of the recipe that differ
    baselines: Many[str] | None = None  # what every score is compared with; null: all rules that serve a target
    groups: dict[Name, Some[Name]] = {}  # declared sets of languages that averages are shown for
    # What the study is to decide: claims of its own, names of files of claims (`isthmus list claims`), YAML files beside it.
    claims: Annotated[Many[Asked], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)] = ()

    @model_validator(mode="after")
    def _has_arms(self) -> Study:
        if not self.arms and not self.design:
            raise ValueError("there are no arms; give arms ({name: [stages]}), or a design that makes them")
        return self

    def designs(self) -> tuple[tuple[str, str, dict[str, Any]], ...]:
        """Return (key in the study, name, keys) of each design."""
        if isinstance(self.design, dict):
            several = {"design": self.design}
        else:
            several = {f"design[{i}]": asked for i, asked in enumerate(self.design)}
        return tuple((f"{key}.{name}", name, given) for key, asked in several.items() for name, given in asked.items())

    @property
    def reference(self) -> str | None:
        """Return the arm that others are compared with: the first without stages, None where there is none."""
        return next((arm for arm, stages in self.arms.items() if not stages), None)

    @property
    def own_claims(self) -> tuple[Claim, ...]:
        """Return the claims that stand in the study itself."""
        return tuple(claim for claim in self.claims if isinstance(claim, Claim))

    def recipe_for(self, task: str | None, changes: Mapping[str, Any] | None = None) -> Recipe:
        """Return the recipe of a training run on ``task`` (None: a mix), its override and then ``changes`` applied.

        Raises pydantic's ValidationError.
        """
        recipe = self.recipe
        for keys in (self.overrides.get(task or ""), changes):
            recipe = Recipe(**changed(recipe.model_dump(), keys)) if keys else recipe
        return recipe
