"""Development data that the best arm of each target is chosen by, where a study selects (``selection: dev``).

They are of the source language: those of the target itself or, where it has none that are not judged, those of the task it
is trained on. By content they are neither what any target is judged on nor what a stage trains on. That they hold what a
test set was translated from is told, since no choice is without it; the world's data are drawn apart whatever their names.
"""

from __future__ import annotations

from dataclasses import replace

from isthmus.core.at_model import without_model
from isthmus.core.errors import StudyError
from isthmus.plan.resolve import COMPARED, Data, Judged, Resolver
from isthmus.study.spec import Study
from isthmus.tasks.task import Task
from isthmus.world.source import World

Chosen = dict[str, tuple[Judged, Data]]  # by key of a target: as what it is scored, and on which development data


def chosen_on_dev(study: Study, resolver: Resolver, judged: list[Judged]) -> tuple[Chosen, tuple[str, ...]]:
    """Return what each target's best arm is chosen by, and a sentence on each target without such data, or with part of its
    test set among them.

    Raises StudyError where a stage trains on them.
    """
    tests = {data.print.digest: data for target in judged for data in target.data}
    found: Chosen = {}
    notes = []
    for target in judged if study.selection else ():
        known, why = _dev_of(study.source, resolver, target, tests)
        if known is None:
            notes.append(f"{target.task.name}: no arm is chosen on {study.source} dev ({why})")
            continue
        found[target.key] = known
        if known[1].task in target.task.part_of and not isinstance(resolver.source, World):
            notes.append(
                f"{target.task.name}: its test set was made of {known[1].task} dev, which its arm is chosen on; the choice "
                "is not independent of what it is judged by, and may look better than it is"
            )
    _refuse_trained(study, resolver, found)
    return found, tuple(notes)


def _dev_of(
    source: str, resolver: Resolver, target: Judged, tests: dict[str, Data]
) -> tuple[tuple[Judged, Data] | None, str]:
    """Return a target as its development data are scored, with these data; else None and why there are none."""
    if target.task.kind in COMPARED:
        return None, f"it is {target.task.kind}, which trains nothing"
    if target.target.head == "kept":
        return None, "it is judged with a head that not every arm has"
    why = "it has none"
    for task in _owners(resolver, target):
        if source not in resolver.source.languages(task.files, "dev"):
            continue
        data = resolver.data(task, source, "dev", target.key)
        if data.print.digest not in tests:
            # The labels, in this order, are those that the head was made for.
            return (replace(target, task=replace(task, labels=target.task.labels), chooser=None), data), ""
        other = tests[data.print.digest]
        why = f"that of {task.name} is what the target {other.task} is judged on"
    return None, why


def _owners(resolver: Resolver, target: Judged) -> list[Task]:
    """Return the tasks whose development data will do, the best first."""
    name = target.target.train or target.task.train_on
    other = target.train or (resolver.task(name, target.key) if name else None)
    return [target.task, *([other] if other and other.name != target.task.name else [])]


def _refuse_trained(study: Study, resolver: Resolver, found: Chosen) -> None:
    chosen = {data.print.digest: target.target.task for target, data in found.values()}
    for arm, stages in study.arms.items():
        for i, stage in enumerate(stages):
            key = f"arms.{without_model(arm)}[{i}]"
            for data in [data for member in resolver.stage(stage, key) for data in member.data]:
                if data.print.digest in chosen:
                    what = f"{data.task} {data.language} {data.split} is what the best arm on {chosen[data.print.digest]} is"
                    raise StudyError(
                        f"{what} chosen by (selection: dev); a stage that trains on it would choose itself", key=key
                    )
