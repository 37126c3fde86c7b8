"""Training runs of a plan: the stages of an arm, and what a target is trained on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.core.errors import StudyError
from isthmus.plan.cost import training_cost
from isthmus.plan.draft import Draft
from isthmus.plan.heads import Left, head_for, heads_left
from isthmus.plan.mixtures import drawn_settings, mixture_settings, text_settings
from isthmus.plan.resolve import Data, Member
from isthmus.plan.step import Step
from isthmus.study.spec import Recipe, Stage
from isthmus.tasks.task import RAW, Task


def add_stages(draft: Draft, arm: str, seed: int) -> tuple[Step, tuple[Left, ...]]:
    """Add the training runs of an arm's stages; return the last one, the model itself without any, and the heads it left."""
    model = draft.origin.model
    heads: tuple[Left, ...] = ()
    for i, stage in enumerate(draft.study.arms[arm]):
        key = f"arms.{arm}[{i}]"
        members = draft.resolver.stage(stage, key)
        recipe = draft.study.recipe_for(stage.task, stage.recipe)
        run = Training(f"{arm}/seed {seed}/stage {i + 1} {stage.name}", recipe, stage.max_examples, seed, model, key)
        if stage.mix:
            model = draft.add(_mixture(draft, run, stage, members))
        elif members[0].task.kind in RAW:
            model = draft.add(_language_model(draft, run, stage, members[0]))
        else:
            task = members[0].task
            carried = head_for(heads, task, None, key) if stage.head == "carried" else None
            if stage.head == "carried" and carried is None:
                raise StudyError(f"the stage before trained no head that {task.name} could take over", key=f"{key}.head")
            extra = {**text_settings(stage, members, key), **drawn_settings(stage, members[0], draft.study.source, key)}
            model = draft.add(train_step(draft, run, task, task, members[0].data, carried, extra))
        heads = heads_left(stage, members)
    return model, heads


@dataclass(frozen=True)
class Training:
    """What all training runs of a plan have: name, recipe, examples (first of each data set), seed, where they begin."""

    name: str
    recipe: Recipe
    examples: int | None
    seed: int
    model: Step
    key: str

    def step(self, draft: Draft, kind: str, settings: Mapping[str, Any], data: Iterable[Data]) -> Step:
        """Return the step of this run on some data."""
        settings = {**settings, **limit(self.examples), "recipe": self.recipe.model_dump(), "seed": self.seed}
        cost = training_cost(self.recipe, [d.print.size for d in data], draft.origin.size, self.examples)
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
        "family": draft.study.model.family,
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
    return run.step(draft, "train", settings, data)


def limit(train_examples: int | None) -> dict[str, int]:
    """Return what settings say of a training set cut short; nothing where it is whole, for ids are older than this key."""
    return {} if train_examples is None else {"train_examples": train_examples}


def _language_model(draft: Draft, run: Training, stage: Stage, member: Member) -> Step:
    settings = {
        "data": [d.settings for d in member.data],
        **text_settings(stage, (member,), run.key),
        **drawn_settings(stage, member, draft.study.source, run.key),
    }
    return run.step(draft, "language_model", settings, member.data)


def _mixture(draft: Draft, run: Training, stage: Stage, members: Sequence[Member]) -> Step:
    settings = {"family": draft.study.model.family, **mixture_settings(stage, members, draft.study.source, run.key)}
    return run.step(draft, "train", settings, [data for member in members for data in member.data])
