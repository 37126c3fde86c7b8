"""From a study to its plan: arms and targets become steps, and steps that are the same for several are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from isthmus.core.errors import StudyError, nearest
from isthmus.plan import comparing
from isthmus.plan.baselines import NEED_TOKENIZER, NEED_TRAINING, SERVES
from isthmus.plan.cost import prediction_cost, training_cost
from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.heads import Left, head_for, heads_left
from isthmus.plan.mixtures import drawn_settings, mixture_settings, text_settings
from isthmus.plan.origin import Origin, origin_of
from isthmus.plan.resolve import COMPARED, Data, Judged, Member, Resolver, refuse_leaks
from isthmus.plan.revisions import check_revisions
from isthmus.plan.step import Step
from isthmus.sources.source import Source
from isthmus.study.spec import Recipe, Stage, Study
from isthmus.tasks.task import RAW, Task

UNTRAINED = "untrained"  # the baseline that is an arm: the same network with random weights


@dataclass
class Draft:
    """A plan in the making: what is asked, where data lie, and the steps and cells so far."""

    study: Study
    source: Source
    places: Mapping[str, Any]
    resolver: Resolver
    origin: Origin
    steps: list[Step] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    def add(self, step: Step) -> Step:
        """Add a step and return it."""
        self.steps.append(step)
        return step


def make_plan(study: Study, source: Source, places: Mapping[str, Any]) -> Plan:
    """Return the plan of a study; ``places`` (not hashed) must hold ``data``, the data directory.

    Raises StudyError with the key of the study that cannot be done; nothing is read but names, sizes and digests of files.
    """
    assert not study.design, "designs are made into arms before a plan is made (designs/expand.py)"
    resolver = Resolver(study, source)
    judged = [resolver.target(target, f"targets[{i}]") for i, target in enumerate(study.targets)]
    _check_names(study, judged, resolver)
    check_revisions(study, {task for task, _, _ in resolver.prints})
    origin = origin_of(study.model, Path(study.data), places)
    _check_layers(judged, origin)
    draft = Draft(study, source, places, resolver, origin, steps=list(origin.steps))
    for arm in study.arms:
        for seed in study.seeds:
            _add_arm(draft, arm, seed, judged)
    headless = [target for target in judged if target.target.head != "as-is"]  # random weights have no head to judge
    for name in _baselines(study, judged):
        if name == UNTRAINED:
            for seed in study.seeds if headless else ():
                model = draft.add(origin.untrained(seed))
                _add_targets(draft, f"baseline:{name}", seed, model, headless)
        else:
            _add_baseline(draft, name, judged)
    return Plan(in_order(draft.steps), tuple(draft.cells))


def _baselines(study: Study, judged: list[Judged]) -> tuple[str, ...]:
    """Return the baselines asked for; where none are named, all rules that serve one of the targets."""
    if study.baselines is not None:
        return study.baselines
    kinds = {target.task.kind for target in judged}
    return tuple(name for name, served in SERVES.items() if kinds.intersection(served))


def _check_names(study: Study, judged: list[Judged], resolver: Resolver) -> None:
    trained = [
        (f"arms.{arm}[{i}]", data)
        for arm, stages in study.arms.items()
        for i, stage in enumerate(stages)
        for member in resolver.stage(stage, f"arms.{arm}[{i}]")
        for data in member.data
    ]
    trained += [(j.key, resolver.data(j.learnt, study.source, "train", j.key)) for j in judged if j.learnt]
    devs = [(j.key, resolver.dev(j.train, j.recipe, j.key)) for j in judged if j.train]
    devs += [(j.key, resolver.tuning(j.task, data, j.key)) for j in judged for data in j.data]
    trained += [(key, dev) for key, dev in devs if dev]
    refuse_leaks(trained, judged)
    for i, name in enumerate(study.baselines or ()):
        if name not in (*SERVES, UNTRAINED):
            known = [*SERVES, UNTRAINED]
            raise StudyError(f"unknown baseline {name!r}; {nearest(name, known)}", key=f"baselines[{i}]")
    # Retrieval trains nothing, but its windows are cut by its recipe.
    alone = {stage.task for stages in study.arms.values() for stage in stages if stage.task}
    mixed = {name for stages in study.arms.values() for stage in stages for name in stage.mix}
    used = alone | {(j.learnt or j.task).name for j in judged}
    for name in study.overrides:
        if name not in used:
            how = f"{name!r} alone (the recipe of a mix is its stage's)" if name in mixed else repr(name)
            raise StudyError(f"nothing in this study trains on {how}; {nearest(name, used)}", key=f"overrides.{name}")
    if study.languages != "all":
        there = {
            lang for j in judged for split in j.target.splits for lang in resolver.source.languages(j.task.files, split)
        }
        for i, language in enumerate(study.languages):
            if language not in there and language != study.source:
                what = f"no target has data in {language!r}; {nearest(language, there)}"
                raise StudyError(what, key=f"languages[{i}]")


def _check_layers(judged: list[Judged], origin: Origin) -> None:
    deepest = origin.size.layers
    for target in judged:
        layer = target.target.layer
        if isinstance(layer, int) and deepest is not None and not -deepest - 1 <= layer <= deepest:
            what = f"found {layer}, expected 0 (embeddings) to {deepest}, or -1 (the last) down to {-deepest - 1}"
            raise StudyError(f"the model has no such layer: {what}", key=f"{target.key}.layer")


def _add_arm(draft: Draft, arm: str, seed: int, judged: list[Judged]) -> None:
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
            model = draft.add(_train(draft, run, task, task, members[0].data, carried, extra))
        heads = heads_left(stage, members)
    _add_targets(draft, arm, seed, model, judged, heads)


def _add_targets(draft: Draft, arm: str, seed: int, model: Step, judged: list[Judged], heads: Sequence[Left] = ()) -> None:
    for target in judged:
        trained, seen, how = model, tuple[str, ...](), target.target.head
        left = None if how == "new" else head_for(heads, target.task, target.target.train, f"{target.key}.head")
        if how == "as-is":
            if left is None:
                what = f"{arm!r} trained no head that {target.task.name} could be judged with; head: carried does without"
                raise StudyError(what, key=f"{target.key}.head")
            seen = left.languages
        elif target.train:
            data = draft.resolver.data(target.train, draft.study.source, "train", target.key)
            name, few = f"{arm}/seed {seed}/{target.task.name}", target.target.train_examples
            run = Training(name, target.recipe, few, seed, model, target.key)
            trained = draft.add(_train(draft, run, target.task, target.train, (data,), left))
            seen = (draft.study.source,)
        chooser = None
        if target.chooser:
            chooser = _score(draft, target, target.chooser, _predict(draft, arm, seed, target, target.chooser, trained, ""))
        for data in target.data:
            head = left.stream if left and how == "as-is" else ""
            predicted = _predict(draft, arm, seed, target, data, trained, head)
            _add_cell(draft, arm, seed, target, data, predicted, data.language not in seen, chooser)


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
        settings = {**settings, **_limit(self.examples), "recipe": self.recipe.model_dump(), "seed": self.seed}
        cost = training_cost(self.recipe, [d.print.size for d in data], draft.origin.size, self.examples)
        # Where in the study the stage stands, for what is known of its text only when that is read.
        return Step(kind, settings, {"model": self.model.id}, self.name, cost, {**draft.places, "stage": self.key})


def _train(
    draft: Draft,
    run: Training,
    task: Task,
    train: Task,
    data: Sequence[Data],
    carried: Left | None = None,
    drawn: Mapping[str, Any] | None = None,
) -> Step:
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


def _limit(train_examples: int | None) -> dict[str, int]:
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


def _predict(draft: Draft, arm: str, seed: int, target: Judged, data: Data, model: Step, head: str) -> Step:
    task = target.task
    recipe = target.recipe
    settings: dict[str, Any] = {
        "family": draft.study.model.family,
        "kind": task.kind,
        "data": data.settings,
        "labels": task.labels,
        "max_examples": target.target.max_examples,
        "max_length": recipe.max_length,
        "stride": recipe.stride,
        "precision": recipe.precision,
    }
    if head:
        settings |= {"head": head}
    if task.kind in COMPARED:
        settings |= comparing.settings_of(target.target, task)
    if dev := draft.resolver.tuning(task, data, target.key):
        settings |= {"dev": dev.settings}
    text, beside = float(data.print.size), float(dev.print.size if dev else 0)
    if task.kind == "ranking":  # nearly all of it is the pool, which a model encodes once for its languages
        text, beside = 0.0, text / len(target.data)
    elif task.kind == "mining":  # no first examples without all their candidates
        text, beside = 0.0, text + beside
    cost = prediction_cost(text, target.target.max_examples, draft.origin.size, beside)
    name = f"{arm}/seed {seed}/{task.name}/{data.language}/predict"
    return draft.add(Step("predict", settings, {"model": model.id}, name, cost, draft.places))


def _add_baseline(draft: Draft, name: str, judged: list[Judged]) -> None:
    for target in judged:
        if target.task.kind not in SERVES[name]:
            continue
        if name in NEED_TRAINING and target.learnt is None and target.target.head == "as-is":
            continue  # judged by a carried head where the training set of the task's own is not at hand
        train = target.learnt and draft.resolver.data(target.learnt, draft.study.source, "train", target.key)
        for data in target.data:
            learnt = train or draft.resolver.tuning(target.task, data, target.key)
            settings = {
                "name": name,
                "kind": target.task.kind,
                "labels": target.task.labels,
                "train": learnt.settings if learnt else None,
                "data": data.settings,
                "max_examples": target.target.max_examples,
                **_limit(target.target.train_examples),
            }
            inputs = {"tokenizer": draft.origin.tokenizer.id} if name in NEED_TOKENIZER else {}
            step_name = f"baseline:{name}/{target.task.name}/{data.language}/predict"
            predicted = draft.add(Step("baseline", settings, inputs, step_name, places=draft.places))
            source = draft.study.source if train else None
            _add_cell(draft, f"baseline:{name}", None, target, data, predicted, data.language != source)


def _add_cell(
    draft: Draft,
    arm: str,
    seed: int | None,
    target: Judged,
    data: Data,
    predicted: Step,
    zero_shot: bool,
    chooser: Step | None = None,
) -> None:
    score = _score(draft, target, data, predicted, chooser)
    task = target.task
    draft.cells.append(Cell(arm, seed, task.name, data.language, data.split, task.main, zero_shot, score.id))


def _score(draft: Draft, target: Judged, data: Data, predicted: Step, chooser: Step | None = None) -> Step:
    """Add the score of predictions; ``chooser`` is the score whose best layer is taken, None where it is this one's own."""
    task = target.task
    settings: dict[str, Any] = {
        "kind": task.kind,
        "metrics": task.metrics,
        "main": task.main,
        "labels": task.labels,
        "data": data.settings,
        "max_examples": target.target.max_examples,
    }
    inputs = {"predictions": predicted.id}
    if target.chooser and predicted.kind == "predict":
        settings |= {"chosen_on": target.chooser.language}
        inputs |= {"chosen": chooser.id} if chooser and data != target.chooser else {}
    name = predicted.name.removesuffix("predict") + "score"
    return draft.add(Step("score", settings, inputs, name, places=draft.places))
