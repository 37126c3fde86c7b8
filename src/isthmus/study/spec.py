"""A study as data: frozen records that a YAML file or a Python function gives, and that the planner reads.

What a reader of the paper must know (model revision, seeds, languages, learning rate, length of training) has no default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from isthmus.core.at_model import at_model, model_in, without_model
from isthmus.core.errors import nearest
from isthmus.study.model import ModelSpec
from isthmus.study.rates import Rates, Smoothing, StageLanguageRates, is_text, settings_of, wrong_rates
from isthmus.study.record import (
    ArmName,
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
from isthmus.study.translation import Translator
from isthmus.study.variant import Efficiency, Variant


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
    ``via: translation`` has the examples of the study's source language translated into the other languages, by the study's
    ``translator``, instead of looking for data in them; raw text is never translated.
    """

    task: str | None = None
    mix: Many[str] = ()
    rates: Rates | None = None
    languages: StageLanguages = ()  # empty: the study's source language; all: those that have the split
    language_rates: StageLanguageRates | None = None  # of the languages of a task; none: all examples are one pool
    mask: Rate | None = None
    alpha: Annotated[float, Field(ge=0, le=1)] | None = None
    via: Literal["translation"] | None = None
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
        named = " + ".join(f"{task} ({said[task]})" if said[task] else task for task in self.tasks)
        return f"{named} via translation" if self.via else named

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
            return None if self.mix and is_text(task) else rates
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
    Annotated[Literal["chosen"], BeforeValidator(_chosen), Tag("|chosen")]
    | Annotated[dict[Name, int], Tag("|by model")]
    | Annotated[int, Tag("|number")],
    Discriminator(lambda value: {str: "|chosen", dict: "|by model"}.get(type(value), "|number")),
]


class Target(Record):
    """A task the arms are judged on.

    ``train`` names the task whose training set is used (default: the task's own), ``train_examples`` how many of its first
    examples; ``recipe`` changes keys of the study's recipe for this target alone. ``splits`` are tried in order for each
    language and the row says which was used. ``head``: ``carried`` goes on from the head that the arm's last stage trained
    for the same kind and labels (new in an arm without one), ``as-is`` judges that head without training the target,
    ``kept`` the one that the arm's latest stage on the task left, whatever stages came after; arms without one are left out.

    Retrieval and mining train nothing and compare sentence vectors: the states of a ``layer``, pooled by ``pooling`` over
    the sub-words; models of several depths have one each, ``layer: {small: 2, large: 3}``. ``layer: chosen`` takes, for each
    arm and seed, the best on other data: of retrieval the language ``chosen_on``, which need not be judged itself (where it
    is, its own score is at its best layer in hindsight); of mining the development data of each language. ``similarity`` is
    the cosine or, against the mean cosine of a sentence's nearest ``neighbours`` (4), ``csls`` or the ``ratio`` margin;
    retrieval takes the cosine where none is named, mining the ratio.
    ``search: faiss`` (an extra, isthmus[faiss]) looks for the neighbours of mining in the nearest cells alone: quicker where
    there are millions, not exact.
    """

    task: str
    train: str | None = None
    train_examples: Count | None = None
    recipe: dict[str, Any] = {}
    head: Literal["new", "carried", "as-is", "kept"] = "new"
    splits: Some[Literal["dev", "test"]] = ("test",)
    max_examples: Count | None = None  # first examples of each language
    layer: Layer | None = None  # hidden state: 0 embeddings, -1 last
    chosen_on: Name | None = None
    pooling: Literal["mean", "first"] = "mean"
    similarity: Literal["cosine", "csls", "ratio"] | None = None
    neighbours: Count | None = None
    search: Literal["faiss"] | None = None  # of mining; exact where none is named

    def at(self, model: str) -> Target:
        """Return the target as one model is judged on it: with the layer of that model, where each has its own."""
        return self.model_copy(update={"layer": self.layer[model]}) if isinstance(self.layer, dict) else self


class Claim(Record):
    """What a paper or its reader expects of one arm on one target, put so that the study can decide it.

    ``against`` is the arm compared with (default: the arm without stages), ``on`` a language, a group or ``zero-shot``;
    ``margin`` (points of 100) is how near to zero an effect counts as none. Where there are several models an arm is
    ``ARM@MODEL``, and the default is that of the same model.
    """

    text: str
    source: str = ""  # who says so
    arm: ArmName
    against: ArmName | None = None
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
    """What is asked: the model, the arms, the targets, the languages, the seeds and the recipe.

    ``models`` instead of ``model`` compares several: every arm is then run from each, as ``ARM@MODEL``, and compared within
    its model (``by_model``); they stand from the smallest to the largest. A ``design`` ({name: keys}, or a list of them)
    makes arms beside those declared; what a study is planned with has none left (``designs/expand.py``).
    """

    study: Name
    question: str
    model: ModelSpec | None = None
    models: dict[Name, ModelSpec] = {}
    data: str  # a directory in the official layout; ``$NAME`` is taken from the environment; or ``hub``, or ``world``
    local: str | None = None  # beside the hub, a directory for what it lacks; to plan, it need not be there
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
    translator: Translator | None = None  # of stages with ``via: translation``
    groups: dict[Name, Some[Name]] = {}  # declared sets of languages that averages are shown for
    variants: dict[Name, Variant] = {}  # cheaper forms of every trained model, judged beside it
    efficiency: Efficiency | None = None  # what of their cost is measured
    selection: Literal["dev"] | None = None  # dev: each target's best arm is chosen on the source language's dev data
    # What the study is to decide: claims of its own, names of files of claims (`isthmus list claims`), YAML files beside it.
    claims: Annotated[Many[Asked], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)] = ()

    @model_validator(mode="after")
    def _has_arms(self) -> Study:
        if not self.arms and not self.design:
            raise ValueError("there are no arms; give arms ({name: [stages]}), or a design that makes them")
        return self

    @model_validator(mode="after")
    def _has_a_model(self) -> Study:
        if (self.model is None) == (not self.models):
            raise ValueError("give exactly one of model and models ({name: model})")
        return self

    @property
    def encoders(self) -> dict[str, ModelSpec]:
        """Return the models by name; the only one of a study that has ``model`` is called by the empty name."""
        return {"": self.model} if self.model else dict(self.models)

    def with_encoders(self, encoders: Mapping[str, ModelSpec]) -> Study:
        """Return the study with other models under the names that ``encoders`` gives them."""
        return self.model_copy(update={"model": encoders[""]} if self.model else {"models": dict(encoders)})

    def by_model(self) -> Study:
        """Return the study with an arm ``ARM@MODEL`` for every model and arm, model by model; itself where it has one."""
        assert not any(map(model_in, self.arms)), "arms are made for each model once"
        arms = {at_model(arm, model): stages for model in self.encoders for arm, stages in self.arms.items()}
        return self.model_copy(update={"arms": arms}) if self.models else self

    def of_model(self, model: str) -> Study:
        """Return the study with the arms of one model alone, after ``by_model``."""
        return self.model_copy(update={"arms": {arm: own for arm, own in self.arms.items() if model_in(arm) == model}})

    def designs(self) -> tuple[tuple[str, str, dict[str, Any]], ...]:
        """Return (key in the study, name, keys) of each design."""
        if isinstance(self.design, dict):
            several = {"design": self.design}
        else:
            several = {f"design[{i}]": asked for i, asked in enumerate(self.design)}
        return tuple((f"{key}.{name}", name, given) for key, asked in several.items() for name, given in asked.items())

    @property
    def reference(self) -> str | None:
        """Return the arm that others are compared with: the first without stages, None where there is none.

        Where there are several models that is its name without one, and each arm is compared with that of its own model.
        """
        return next((without_model(arm) for arm, stages in self.arms.items() if not stages), None)

    def model_of(self, arm: str) -> ModelSpec:
        """Return the model that an arm starts from."""
        return self.encoders[model_in(arm)]

    def reference_of(self, arm: str) -> str | None:
        """Return the arm without stages of the same model, None where there is none."""
        return at_model(self.reference, model_in(arm)) if self.reference else None

    @property
    def references(self) -> tuple[str, ...]:
        """Return the arm that others are compared with of each model; empty where there is none."""
        return tuple(at_model(self.reference, model) for model in self.encoders) if self.reference else ()

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
