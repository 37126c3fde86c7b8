"""Variants in a plan: every trained model made cheaper, scored like any other, and timed beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from isthmus.core.errors import StudyError
from isthmus.plan.cost import amount_of, measuring_cost
from isthmus.plan.draft import Draft
from isthmus.plan.graph import Bench, Cell
from isthmus.plan.heads import Left
from isthmus.plan.judging import predict_step, score_step, taken_over
from isthmus.plan.learning import Training, limit, train_step
from isthmus.plan.resolve import COMPARED, UNTRAINED, Data, Judged
from isthmus.plan.step import Cost, Step
from isthmus.study.spec import Study
from isthmus.study.variant import Variant

FULL = ""  # the variant that is none
EXAMPLES = ("heads", "exit")  # changes that look at training examples
TEXTS = ("vocabulary",)  # and those that look at sentences of some languages
WRITTEN = ("layers", "merge", "heads", "vocabulary", "onnx")  # changes that write weights; others share those of their input
EXITS = ("classification",)  # kinds that can be answered from a lower layer
UNTIMED = ("ranking",)  # kinds whose examples are not answered one by one


@dataclass(frozen=True)
class Whose:
    """One arm and seed: the ``model`` and ``heads`` that its stages left, and by key of a target what it is judged with."""

    arm: str
    seed: int
    model: Step
    heads: Sequence[Sequence[Left]]
    trained: Mapping[str, Step]

    @property
    def name(self) -> str:
        """Return arm and seed in words."""
        return f"{self.arm}/seed {self.seed}"


def varied(judged: Sequence[Judged]) -> list[Judged]:
    """Return the targets whose models have variants: those that are trained."""
    return [target for target in judged if target.task.kind not in COMPARED and target.target.head not in UNTRAINED]


def add_variants(draft: Draft, whose: Whose, judged: Sequence[Judged]) -> None:
    """Add the variants of an arm's and seed's models: made, predicted and scored in each language of each target.

    What efficiency may be measured of is noted in the draft. Raises StudyError for what cannot be made.
    """
    for target in varied(judged):
        draft.made[target.key, whose.arm, whose.seed, FULL] = whose.trained[target.key]
        for name, variant in draft.study.variants.items():
            if variant.exit is not None and target.task.kind not in EXITS:
                continue
            made = draft.made[target.key, whose.arm, whose.seed, name] = _made(draft, whose, target, name, variant)
            cut = _shallower(draft, variant.depth(draft.model))
            for data in target.data:
                score = score_step(draft, target, data, predict_step(cut, whose.name, target, data, made, variant=name))
                place = (target.task.name, data.language, data.split, target.task.main, data.language != draft.study.source)
                draft.variants.append(Cell(whose.arm, whose.seed, *place, score.id, name))


def _made(draft: Draft, whose: Whose, target: Judged, called: str, variant: Variant) -> Step:
    """Return the last step that makes a variant: layers and low-rank updates come before the target is trained."""
    model, made = whose.model, whose.trained[target.key]
    name, key = f"{whose.name}/{target.task.name}/{called}", f"variants.{called}"
    depth = variant.depth(draft.model)
    if depth is not None:
        _check_depth(draft, depth, f"{key}.layers.{draft.model}" if isinstance(variant.layers, dict) else f"{key}.layers")
        draft = _shallower(draft, depth)
        model = _change(draft, f"{name}/layers", "layers", {"layers": depth}, model)
    if depth is not None or variant.lora is not None:
        assert target.train is not None, "only what is trained is varied"
        data = draft.resolver.data(target.train, draft.study.source, "train", target.key)
        run = Training(f"{name}/train", target.recipe, target.target.train_examples, whose.seed, model, target.key)
        left = taken_over(whose.arm, target, whose.heads)
        drawn = {"lora": variant.lora.settings()} if variant.lora else {}
        made = draft.add(train_step(draft, run, target.task, target.train, (data,), left, drawn))
    for change, keys in variant.later():
        made = _change(draft, f"{name}/{change}", change, {**keys, **_seen(draft, change, variant, target, key)}, made)
    return made


def _shallower(draft: Draft, depth: int | None) -> Draft:
    """Return a draft that adds to the same plan, and reckons its cost by a network of so many layers."""
    size = draft.origin.size if depth is None else draft.origin.size.cut(depth)
    return replace(draft, origin=replace(draft.origin, size=size))


def _change(draft: Draft, name: str, change: str, keys: Mapping[str, Any], model: Step) -> Step:
    settings = {"change": change, "family": draft.family, **keys}
    cost = Cost(disk=draft.origin.size.disk if change in WRITTEN else 0.0)
    return draft.add(Step("variant", settings, {"model": model.id}, name, cost, draft.places))


def _seen(draft: Draft, change: str, variant: Variant, target: Judged, key: str) -> dict[str, Any]:
    """Return what a change looks at, by digest: training examples, or the task's sentences in some languages."""
    if change in EXAMPLES:
        assert target.train is not None, "only what is trained is varied"
        data = draft.resolver.data(target.train, draft.study.source, "train", target.key)
        cut = {"max_length": target.recipe.max_length, "stride": target.recipe.stride}
        return {"data": [data.settings], **limit(target.target.train_examples), **cut}
    if change not in TEXTS:
        return {}
    asked = [data.language for data in target.data] if variant.vocabulary == "all" else list(variant.vocabulary or ())
    there = {data.language: data for data in target.data}
    found: list[Data] = []
    for i, language in enumerate(asked):
        if language not in there:
            what = f"{target.task.name} has no sentences in {language!r}; it is judged in {', '.join(there)}"
            raise StudyError(what, key=f"{key}.vocabulary[{i}]")
        found.append(there[language])
    if draft.study.source in asked and target.train is not None:
        found.insert(0, draft.resolver.data(target.train, draft.study.source, "train", target.key))
    return {"data": [data.settings for data in found]}


def _check_depth(draft: Draft, depth: int, key: str) -> None:
    layers = draft.origin.size.layers
    if layers is not None and depth >= layers:
        which = f"the model {draft.model!r}" if draft.model else "the model"
        raise StudyError(f"found {depth}, and {which} has {layers} layers; expected 1 to {layers - 1}", key=key)


def add_benches(draft: Draft, judged: Sequence[Judged], arms: Sequence[str]) -> None:
    """Add what measures the cost of a model's arms and variants, one step a target, if the study asks for it.

    Raises StudyError for a target that is named there and cannot be timed.
    """
    asked = draft.study.efficiency
    if asked is None:
        return
    for target in judged:
        if asked.targets and target.target.task not in asked.targets:
            continue
        if why := _untimed(target):
            if asked.targets:
                what = f"the cost of {target.task.name} cannot be measured: {why}"
                raise StudyError(what, key=f"efficiency.targets[{asked.targets.index(target.target.task)}]")
            continue
        names = [FULL, *(name for name in draft.study.variants if not asked.variants or name in asked.variants)]
        seeds = asked.seeds or draft.study.seeds[:1]
        timed = [(arm, seed, name) for name in names for arm in arms for seed in seeds]
        timed = [one for one in timed if (target.key, *one) in draft.made]
        labels = {one: f"{one[0]}/{one[2] or 'full'}/{one[1]}" for one in timed}
        data = [data for data in target.data if asked.languages is None or data.language in asked.languages]
        settings: dict[str, Any] = {
            "family": draft.family,
            "kind": target.task.kind,
            "labels": target.task.labels,
            "task": target.task.name,
            "model": draft.model,
            "data": [own.settings for own in data],
            "max_examples": min(asked.examples, target.target.max_examples or asked.examples),
            "max_length": target.recipe.max_length,
            "stride": target.recipe.stride,
            "precision": target.recipe.precision,
            "protocol": asked.protocol(),
            "checkpoints": [
                {"label": labels[one], "arm": one[0], "seed": one[1], "variant": one[2]} for one in timed
            ],
        }  # fmt: skip
        inputs = {labels[one]: draft.made[target.key, *one].id for one in timed}
        name = "/".join(part for part in ("bench", draft.model, target.task.name) if part)
        read = [amount_of(target.task.kind, own.print).first(settings["max_examples"]) for own in data]
        cost = measuring_cost(read, len(timed), asked, draft.origin.size)
        step = draft.add(Step("bench", settings, inputs, name, cost, draft.places))
        draft.benches.append(Bench(target.task.name, draft.model, step.id))


def _untimed(target: Judged) -> str:
    """Return why what a target costs cannot be measured, empty where it can."""
    if not varied([target]):
        return "nothing is trained for it"
    return "a query is compared with a whole pool" if target.task.kind in UNTIMED else ""


def left_out(judged: Sequence[Judged], study: Study) -> tuple[str, ...]:
    """Return a sentence on each target that has no variants, or not all of them, and on each that is not timed."""
    notes = []
    variants, asked = study.variants, study.efficiency
    for target in judged:
        if asked is not None and not asked.targets and (why := _untimed(target)):
            notes.append(f"{target.task.name}: what it costs is not measured, since {why}")
        if variants and not varied([target]):
            notes.append(f"{target.task.name}: no variants are made, since nothing is trained for it")
            continue
        if target.task.kind not in EXITS and (left := [name for name, own in variants.items() if own.exit is not None]):
            why = f"only {' and '.join(EXITS)} is answered from a lower layer, and it is {target.task.kind}"
            notes.append(f"{target.task.name}: {' and '.join(left)} left out ({why})")
    return tuple(notes)
