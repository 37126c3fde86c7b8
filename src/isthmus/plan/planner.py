"""From a study to its plan: arms and targets become steps, and steps that are the same for several are one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isthmus.core.errors import StudyError, nearest
from isthmus.plan.baselines import SERVES
from isthmus.plan.draft import Draft
from isthmus.plan.graph import Plan, in_order
from isthmus.plan.judging import add_baseline, add_targets
from isthmus.plan.learning import add_stages
from isthmus.plan.origin import Origin, origin_of
from isthmus.plan.resolve import Judged, Resolver, refuse_leaks
from isthmus.plan.revisions import check_revisions
from isthmus.sources.source import Source
from isthmus.study.spec import Study

UNTRAINED = "untrained"  # the baseline that is an arm: the same network with random weights


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
            model, heads = add_stages(draft, arm, seed)
            add_targets(draft, arm, seed, model, judged, heads)
    headless = [target for target in judged if target.target.head != "as-is"]  # random weights have no head to judge
    for name in _baselines(study, judged):
        if name == UNTRAINED:
            for seed in study.seeds if headless else ():
                model = draft.add(origin.untrained(seed))
                add_targets(draft, f"baseline:{name}", seed, model, headless)
        else:
            add_baseline(draft, name, judged)
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
