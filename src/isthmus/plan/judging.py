"""What a plan does to judge: targets trained, predicted and scored in each language, baselines beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.core.at_model import at_model
from isthmus.core.errors import StudyError, nearest
from isthmus.plan import comparing
from isthmus.plan.baselines import NEED_TOKENIZER, NEED_TRAINING, SERVES
from isthmus.plan.cost import BYTES_A_TOKEN, NOTHING, amount_of, prediction_cost
from isthmus.plan.draft import Draft
from isthmus.plan.graph import Cell
from isthmus.plan.heads import Left, head_for, head_kept
from isthmus.plan.learning import Training, limit, train_step
from isthmus.plan.resolve import COMPARED, UNTRAINED, Data, Judged
from isthmus.plan.step import Step
from isthmus.results.averages import BASELINE


def add_targets(
    draft: Draft, arm: str, seed: int, model: Step, judged: list[Judged], heads: Sequence[Sequence[Left]] = ()
) -> dict[str, Step]:
    """Add the targets of an arm and seed: trained where they are, predicted and scored in each language.

    ``heads`` are those that each of the arm's stages left. Targets with ``head: kept`` leave out arms without such a head.
    Returns, by key of a target, the model it is judged with.
    """
    models: dict[str, Step] = {}
    for target in judged:
        trained, seen, how = model, tuple[str, ...](), target.target.head
        left = taken_over(arm, target, heads)
        if how in UNTRAINED:
            if left is None:
                continue
            seen = left.languages
        elif target.train:
            data = draft.resolver.data(target.train, draft.study.source, "train", target.key)
            name, few = f"{arm}/seed {seed}/{target.task.name}", target.target.train_examples
            run = Training(name, target.recipe, few, seed, model, target.key)
            trained = draft.add(train_step(draft, run, target.task, target.train, (data,), left))
            seen = (draft.study.source,)
        models[target.key] = trained
        chooser, whose = None, f"{arm}/seed {seed}"
        if target.chooser:
            chooser = score_step(draft, target, target.chooser, predict_step(draft, whose, target, target.chooser, trained))
        head = left if how in UNTRAINED else None
        for data in target.data:
            predicted = predict_step(draft, whose, target, data, trained, head)
            _add_cell(draft, arm, seed, target, data, predicted, data.language not in seen, chooser)
        if target.key in draft.chosen and arm in draft.study.arms:
            _add_choice(draft, arm, seed, target, trained, head)
    return models


def refuse_unheaded(draft: Draft, judged: Sequence[Judged]) -> None:
    """Raise StudyError for a target judged with a kept head that no arm trains, and for a claim on an arm without it."""
    kept = {target.task.name: target for target in judged if target.target.head == "kept"}
    cells = [cell for cell in draft.cells if not cell.arm.startswith(BASELINE)]
    arms = {name: {cell.arm for cell in cells if cell.task == name} for name in kept}
    for name, target in kept.items():
        if not arms[name]:
            raise StudyError(f"no arm trains a head that {name} could be judged with", key=f"{target.key}.head")
    for i, claim in enumerate(draft.study.claims):
        if isinstance(claim, str) or claim.target not in kept:
            continue
        against = claim.against or draft.study.reference_of(claim.arm)
        for key, arm in (("arm", claim.arm), ("against", against)):
            if arm is not None and arm not in arms[claim.target]:
                what = f"{arm!r} trained no head that {claim.target} could be judged with"
                raise StudyError(f"{what}; {nearest(arm, arms[claim.target])}", key=f"claims[{i}].{key}")


def taken_over(arm: str, target: Judged, heads: Sequence[Sequence[Left]]) -> Left | None:
    """Return the head of a stage that an arm's target goes on from or is judged with, None where it has a new one."""
    how, key = target.target.head, f"{target.key}.head"
    if how == "kept":
        return head_kept(heads, target.task, key)
    found = head_for(heads[-1] if heads else (), target.task, target.target.train, key) if how != "new" else None
    if how == "as-is" and found is None:
        what = f"{arm!r} trained no head that {target.task.name} could be judged with; head: carried does without"
        raise StudyError(what, key=key)
    return found


def _add_choice(draft: Draft, arm: str, seed: int, target: Judged, model: Step, head: Left | None) -> None:
    """Add the score on the development data that the best arm of a target is chosen by."""
    scored, data = draft.chosen[target.key]
    score = score_step(draft, scored, data, predict_step(draft, f"{arm}/seed {seed}", scored, data, model, head))
    cell = Cell(arm, seed, target.task.name, data.language, data.split, scored.task.main, False, score.id)
    draft.choices.append(cell)


def predict_step(
    draft: Draft, whose: str, target: Judged, data: Data, model: Step, head: Left | None = None, variant: str = ""
) -> Step:
    """Add the predictions of a model, or of a variant of it, in one language of a target; ``whose`` are arm and seed."""
    task = target.task
    recipe = target.recipe
    settings: dict[str, Any] = {
        "family": draft.family,
        "kind": task.kind,
        "data": data.settings,
        "labels": task.labels,
        "max_examples": target.target.max_examples,
        "max_length": recipe.max_length,
        "stride": recipe.stride,
        "precision": recipe.precision,
    }
    if head and head.stream:
        settings |= {"head": head.stream}
    if task.kind in COMPARED:
        settings |= comparing.settings_of(target.target.at(draft.model), task)
    if dev := draft.resolver.tuning(task, data, target.key):
        settings |= {"dev": dev.settings}
    amount, beside = amount_of(task.kind, data.print), dev.print.size / BYTES_A_TOKEN if dev else 0.0
    if task.kind == "ranking":  # nearly all of it is the pool, which a model encodes once for its languages
        amount, beside = NOTHING, amount.tokens / len(target.data)
    elif task.kind == "mining":  # no first examples without all their candidates
        amount, beside = NOTHING, amount.tokens + beside
    cost = prediction_cost(amount, target.target.max_examples, draft.origin.size, beside, recipe.precision)
    where = data.language if data in target.data or data.split == "test" else f"{data.language} {data.split}"
    name = "/".join(part for part in (whose, task.name, variant, where, "predict") if part)
    inputs = {"model": model.id} | ({"head": head.step} if head and head.step != model.id else {})
    return draft.add(Step("predict", settings, inputs, name, cost, draft.places))


def add_baseline(draft: Draft, name: str, judged: list[Judged]) -> None:
    """Add a rule of comparison to every target whose kind it serves; one that cuts sub-words is named after the model."""
    called = f"baseline:{at_model(name, draft.model if name in NEED_TOKENIZER else '')}"
    for target in judged:
        if target.task.kind not in SERVES[name]:
            continue
        if name in NEED_TRAINING and target.learnt is None and target.target.head in UNTRAINED:
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
            step_name = f"{called}/{target.task.name}/{data.language}/predict"
            predicted = draft.add(Step("baseline", settings, inputs, step_name, places=draft.places))
            source = draft.study.source if train else None
            _add_cell(draft, called, None, target, data, predicted, data.language != source)


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
    score = score_step(draft, target, data, predicted, chooser)
    task = target.task
    draft.cells.append(Cell(arm, seed, task.name, data.language, data.split, task.main, zero_shot, score.id))


def score_step(draft: Draft, target: Judged, data: Data, predicted: Step, chooser: Step | None = None) -> Step:
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
