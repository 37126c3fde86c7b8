"""Training runs of a plan: the stages of an arm, and what a target is trained on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.core.at_model import without_model
from isthmus.core.errors import StudyError
from isthmus.plan.cost import Amount, Stream, amount_of, stream_of, training_cost
from isthmus.plan.draft import Draft
from isthmus.plan.heads import Left, head_for, heads_left
from isthmus.plan.mixtures import drawn_settings, mixture_settings, text_settings
from isthmus.plan.resolve import Data, Member
from isthmus.plan.shares import shares_of
from isthmus.plan.step import Step
from isthmus.plan.translating import with_translations
from isthmus.study.spec import Recipe, Stage
from isthmus.tasks.task import RAW, Task


def add_stages(draft: Draft, arm: str, seed: int) -> tuple[Step, tuple[tuple[Left, ...], ...]]:
    """Add the training runs of an arm's stages; return the last one (without any, the model) and the heads of each."""
    model = draft.origin.model
    heads: list[tuple[Left, ...]] = []
    for i, stage in enumerate(draft.study.arms[arm]):
        key = f"arms.{without_model(arm)}[{i}]"
        members = draft.resolver.stage(stage, key)
        recipe = draft.study.recipe_for(stage.task, stage.recipe)
        run = Training(f"{arm}/seed {seed}/stage {i + 1} {stage.name}", recipe, stage.max_examples, seed, model, key)
        if stage.mix:
            model = draft.add(with_translations(draft, _mixture(draft, run, stage, members), members, run.examples, key))
        elif members[0].task.kind in RAW:
            model = draft.add(_language_model(draft, run, stage, members[0]))
        else:
            task = members[0].task
            carried = head_for(heads[-1], task, None, key) if stage.head == "carried" and heads else None
            if stage.head == "carried" and carried is None:
                raise StudyError(f"the stage before trained no head that {task.name} could take over", key=f"{key}.head")
            extra = {**text_settings(stage, members, key), **drawn_settings(stage, members[0], draft.study.source, key)}
            trained = train_step(draft, run, task, task, members[0].data, carried, extra)
            model = draft.add(with_translations(draft, trained, members, run.examples, key))
        heads.append(heads_left(stage, members, model.id))
    return model, tuple(heads)


@dataclass(frozen=True)
class Training:
    """What all training runs of a plan have: name, recipe, examples (first of each data set), seed, where they begin."""

    name: str
    recipe: Recipe
    examples: int | None
    seed: int
    model: Step
    key: str

    def step(
        self, draft: Draft, kind: str, settings: Mapping[str, Any], streams: Iterable[Stream], dev: Amount | None = None
    ) -> Step:
        """Return the step of this run on some streams of data; ``dev`` is judged by early stopping."""
        settings = {**settings, **limit(self.examples), "recipe": self.recipe.model_dump(), "seed": self.seed}
        cost = training_cost(self.recipe, tuple(streams), draft.origin.size, self.examples, dev)
        # Where in the study the stage stands, for what is known of its text only when that is read.
        return Step(kind, settings, {"model": self.model.id}, self.name, cost, {**draft.places, "stage": self.key})


def train_step(
    draft: Draft,
    run: Training,
    task: Task,
    train: Task,
    data: Sequence[Data],
    carried: Left | None = None,
    drawn: Mapping[str, Any] | None = None,
) -> Step:
    """Return the step that trains ``task`` on the data of ``train``, which early stopping's development data belong to."""
    dev = draft.resolver.dev(train, run.recipe, run.key)
    settings = {
        "family": draft.family,
        "kind": task.kind,
        "labels": task.labels,
        "metrics": train.metrics,  # of the development data, so that targets trained alike share the run
        "main": train.main,
        "data": [d.settings for d in data],
        "dev": dev.settings if dev else None,
        **(drawn or {}),
    }
    if carried:
        settings |= {"carried": {"task": carried.task.name, "stream": carried.stream}}
    streams = [stream_of(train.kind, [d.print for d in data])]
    return run.step(draft, "train", settings, streams, amount_of(train.kind, dev.print) if dev else None)


def limit(train_examples: int | None) -> dict[str, int]:
    """Return what settings say of a training set cut short; nothing where it is whole, for ids are older than this key."""
    return {} if train_examples is None else {"train_examples": train_examples}


def _language_model(draft: Draft, run: Training, stage: Stage, member: Member) -> Step:
    settings = {
        "data": [d.settings for d in member.data],
        **text_settings(stage, (member,), run.key),
        **drawn_settings(stage, member, draft.study.source, run.key),
    }
    return run.step(draft, "language_model", settings, [_stream(member, settings["mask"])])


def _mixture(draft: Draft, run: Training, stage: Stage, members: Sequence[Member]) -> Step:
    settings = {"family": draft.family, **mixture_settings(stage, members, draft.study.source, run.key)}
    whole = {m.task.name: sum(amount.examples for amount in _stream(m, 1.0).data) for m in members}
    shares = shares_of(stage.rates or {}, whole)
    streams = [_stream(m, settings.get("mask", 0.0), shares[m.task.name]) for m in members]
    return run.step(draft, "train", settings, streams)


def _stream(member: Member, mask: float, share: float = 1.0) -> Stream:
    return stream_of(member.task.kind, [data.print for data in member.data], share, mask)
