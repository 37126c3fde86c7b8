"""What a plan does to judge: targets trained, predicted and scored in each language, baselines beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.core.errors import StudyError
from isthmus.plan import comparing
from isthmus.plan.baselines import NEED_TOKENIZER, NEED_TRAINING, SERVES
from isthmus.plan.cost import prediction_cost
from isthmus.plan.draft import Draft
from isthmus.plan.graph import Cell
from isthmus.plan.heads import Left, head_for
from isthmus.plan.learning import Training, limit, train_step
from isthmus.plan.resolve import COMPARED, Data, Judged
from isthmus.plan.step import Step


def add_targets(draft: Draft, arm: str, seed: int, model: Step, judged: list[Judged], heads: Sequence[Left] = ()) -> None:
    """Add the targets of an arm and seed: trained where they are, predicted and scored in each language."""
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
            trained = draft.add(train_step(draft, run, target.task, target.train, (data,), left))
            seen = (draft.study.source,)
        chooser = None
        if target.chooser:
            chooser = _score(draft, target, target.chooser, _predict(draft, arm, seed, target, target.chooser, trained, ""))
        for data in target.data:
            head = left.stream if left and how == "as-is" else ""
            predicted = _predict(draft, arm, seed, target, data, trained, head)
            _add_cell(draft, arm, seed, target, data, predicted, data.language not in seen, chooser)


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


def add_baseline(draft: Draft, name: str, judged: list[Judged]) -> None:
    """Add a rule of comparison to every target whose kind it serves."""
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
                **limit(target.target.train_examples),
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
