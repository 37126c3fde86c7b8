"""From a study to its plan: arms and targets become steps, and steps that are the same for several are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from isthmus.core.at_model import at_model, model_in, without_model
from isthmus.core.errors import StudyError, nearest
from isthmus.plan.baselines import NEED_TOKENIZER, SERVES
from isthmus.plan.choosing import chosen_on_dev
from isthmus.plan.draft import Draft
from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.judging import add_baseline, add_targets, refuse_unheaded
from isthmus.plan.learning import add_stages
from isthmus.plan.origin import Origin, origin_of
from isthmus.plan.resolve import UNTRAINED as UNTRAINED_HEADS
from isthmus.plan.resolve import Judged, Resolver, refuse_leaks
from isthmus.plan.revisions import check_revisions
from isthmus.plan.varying import Whose, add_benches, add_variants, left_out
from isthmus.results.table import ZERO_SHOT, scopes_of
from isthmus.sources.source import Source
from isthmus.study.spec import Study

UNTRAINED = "untrained"  # the baseline that is an arm: the same network with random weights


def make_plan(study: Study, source: Source, places: Mapping[str, Any]) -> Plan:
    """Return the plan of a study; ``places`` (not hashed) must hold ``data``, the data directory.

    Raises StudyError with the key of the study that cannot be done; nothing is read but names, sizes and digests of files.
    """
    assert not study.design, "designs are made into arms before a plan is made (designs/expand.py)"
    assert all(map(model_in, study.arms)) or not study.models, "and arms into those of each model"
    resolver = Resolver(study, source)
    judged = [resolver.target(target, f"targets[{i}]") for i, target in enumerate(study.targets)]
    _check_names(study, judged, resolver)
    check_revisions(study, {task for task, _, _ in resolver.prints})
    drafts = _drafts(study, source, places, resolver, judged)
    draft = drafts[0]  # what it collects is that of all
    chosen, notes = chosen_on_dev(study, resolver, judged)
    draft.chosen.update(chosen)
    for own in drafts:
        for arm in study.of_model(own.model).arms:
            for seed in study.seeds:
                model, heads = add_stages(own, arm, seed)
                trained = add_targets(own, arm, seed, model, judged, heads)
                add_variants(own, Whose(arm, seed, model, heads, trained), judged)
        add_benches(own, judged, tuple(study.of_model(own.model).arms))
    refuse_unheaded(draft, judged)
    _check_claims(study, draft.cells)
    # Random weights have no head to judge.
    headless = [target for target in judged if target.target.head not in UNTRAINED_HEADS]
    for name in _baselines(study, judged):
        if name != UNTRAINED:
            for own in drafts if name in NEED_TOKENIZER else drafts[:1]:
                add_baseline(own, name, judged)
            continue
        for own in drafts:
            for seed in study.seeds if headless else ():
                model = draft.add(own.origin.untrained(seed))
                add_targets(own, f"baseline:{at_model(name, own.model)}", seed, model, headless)
    return Plan(
        in_order(draft.steps), tuple(draft.cells), tuple(draft.choices), tuple(draft.variants), tuple(draft.benches),
        notes, resolver.absent(), left_out(judged, study),
    )  # fmt: skip


def _drafts(
    study: Study, source: Source, places: Mapping[str, Any], resolver: Resolver, judged: list[Judged]
) -> tuple[Draft, ...]:
    """Return a draft for each model, which collect steps and cells together; raises StudyError for a faulty model."""
    drafts: list[Draft] = []
    for name, spec in study.encoders.items():
        try:
            origin = origin_of(spec, Path(study.data), places)
        except StudyError as error:  # which knows of one model
            key = error.key.replace("model", f"models.{name}", 1) if name and error.key.startswith("model") else error.key
            raise StudyError(error.what, key=key) from error
        _check_layers(judged, origin, name)
        first = drafts[0] if drafts else Draft(study, source, places, resolver, origin)
        drafts.append(replace(first, origin=origin, model=name))
        first.steps.extend(origin.steps)
    _check_sizes(drafts)
    return tuple(drafts)


def _check_sizes(drafts: Sequence[Draft]) -> None:
    """Refuse models that do not stand from the smallest to the largest, which claims on size go by, where that is known."""
    for one, following in pairwise(drafts):
        small, large = (draft.origin.size.body + draft.origin.size.embeddings for draft in (one, following))
        if small > large > 0:
            what = f"models stand from the smallest to the largest; found {one.model} with about {small:,.0f} weights"
            raise StudyError(f"{what} before {following.model} with {large:,.0f}", key="models")


def _baselines(study: Study, judged: list[Judged]) -> tuple[str, ...]:
    """Return the baselines asked for; where none are named, all rules that serve one of the targets."""
    if study.baselines is not None:
        return study.baselines
    kinds = {target.task.kind for target in judged}
    return tuple(name for name, served in SERVES.items() if kinds.intersection(served))


def _check_names(study: Study, judged: list[Judged], resolver: Resolver) -> None:
    trained = [
        (f"arms.{without_model(arm)}[{i}]", data)
        for arm, stages in study.of_model(next(iter(study.encoders))).arms.items()  # which are those of every model
        for i, stage in enumerate(stages)
        for member in resolver.stage(stage, f"arms.{without_model(arm)}[{i}]")
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
    judged_in = [resolver.source.languages(j.task.files, split) for j in judged for split in j.target.splits]
    _check_languages(study, {language for own in judged_in for language in own})


def _check_languages(study: Study, there: set[str]) -> None:
    """Raise StudyError for a language, or a group of them, that no target has data in; ``there`` are those that one has."""
    for i, language in enumerate(() if study.languages == "all" else study.languages):
        if language not in there and language != study.source:
            raise StudyError(f"no target has data in {language!r}; {nearest(language, there)}", key=f"languages[{i}]")
    for group, own in study.groups.items():
        if not there.intersection(own):
            raise StudyError(f"no target has data in {' or '.join(own)}; {nearest(own[0], there)}", key=f"groups.{group}")


def _check_claims(study: Study, cells: Sequence[Cell]) -> None:
    """Raise StudyError for a claim on an average or a language that its target does not have."""
    for i, claim in enumerate(study.claims):
        if isinstance(claim, str):
            continue
        places = [cell for cell in cells if cell.task == claim.target]
        known = {*scopes_of(places, study.source, study.groups), *(cell.language for cell in places)}
        if claim.on not in known:
            why = "every language is trained on by some arm" if claim.on == ZERO_SHOT else "it has no data there"
            what = f"{claim.target} is not judged on {claim.on!r}: {why}; {nearest(claim.on, known)}"
            raise StudyError(what, key=f"claims[{i}].on")


def _check_layers(judged: list[Judged], origin: Origin, model: str) -> None:
    deepest = origin.size.layers
    for target in judged:
        layer = target.target.at(model).layer
        if isinstance(layer, int) and deepest is not None and not -deepest - 1 <= layer <= deepest:
            what = f"found {layer}, expected 0 (embeddings) to {deepest}, or -1 (the last) down to {-deepest - 1}"
            which = f"the model {model!r}" if model else "the model"
            raise StudyError(f"{which} has no such layer: {what}", key=f"{target.key}.layer")
