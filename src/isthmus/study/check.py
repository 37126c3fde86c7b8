"""What makes no sense in a study although every key by itself is right; needs no data and no task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from isthmus.core.errors import StudyError, nearest
from isthmus.study.faults import faults_of
from isthmus.study.place import HUB
from isthmus.study.rates import Schedule, is_text
from isthmus.study.spec import Stage, Study, Target
from isthmus.study.varied import check_variants

AVERAGES = ("all", "zero-shot")  # what every table shows beside the groups
UNSEEN = ("unseen",)  # the zero-shot languages in no group, where there are groups


def check(study: Study) -> Iterator[StudyError]:
    """Yield every contradiction of a study, with its key."""
    yield from _repeated("seeds", study.seeds)
    yield from _repeated("targets", [target.task for target in study.targets])
    yield from _repeated("baselines", study.baselines or ())
    for i, target in enumerate(study.targets):
        yield from _repeated(f"targets[{i}].splits", target.splits)
        if target.chosen_on is not None and target.layer != "chosen":
            yield StudyError("chosen_on goes with layer: chosen, and with it only", key=f"targets[{i}].chosen_on")
        yield from _check_layers(study, target, f"targets[{i}].layer")
    yield from _check_languages(study)
    yield from _check_groups(study)
    yield from _check_arms(study)
    yield from _check_translation(study)
    yield from _check_overrides(study)
    yield from _check_claims(study)
    yield from check_variants(study)
    if study.revisions and study.data != HUB:
        yield StudyError(f"commits of the hub belong to data: {HUB}; found data: {study.data}", key="revisions")
    if study.local is not None and study.data != HUB:
        yield StudyError(f"a directory for what the hub lacks belongs to data: {HUB}; found data: {study.data}", key="local")


def _check_layers(study: Study, target: Target, key: str) -> Iterator[StudyError]:
    """Yield what is wrong with layers by model: each of the models has one, and no other."""
    if not isinstance(target.layer, dict):
        return
    if not study.models:
        yield StudyError("there is one model, so the layer is a number or chosen", key=key)
        return
    for name in target.layer:
        if name not in study.models:
            yield StudyError(f"{name!r} is not among the models; {nearest(name, study.models)}", key=f"{key}.{name}")
    if lacking := [name for name in study.models if name not in target.layer]:
        yield StudyError(f"no layer is given for {' and '.join(map(repr, lacking))}", key=key)


def _repeated(key: str, items: Sequence[str | int]) -> Iterator[StudyError]:
    for i, item in enumerate(items):
        if item in items[:i]:
            yield StudyError(f"{item!r} stands twice", key=f"{key}[{i}]")


def _check_languages(study: Study) -> Iterator[StudyError]:
    if study.languages == "all":
        return
    yield from _repeated("languages", study.languages)
    if study.source not in study.languages:
        yield StudyError(
            f"{study.source!r} is not among the languages; {nearest(study.source, study.languages)}", key="source"
        )


def _check_groups(study: Study) -> Iterator[StudyError]:
    home: dict[str, str] = {}
    for group, languages in study.groups.items():
        if group in (*AVERAGES, study.source):
            yield StudyError("the table has a column of this name already; choose another", key=f"groups.{group}")
        elif study.languages != "all" and group in study.languages and languages != (group,):
            what = f"{group!r} is a language as well; choose another name for this group, or let it hold {group!r} alone"
            yield StudyError(what, key=f"groups.{group}")
        for i, language in enumerate(languages):
            key = f"groups.{group}[{i}]"
            if language in home:
                yield StudyError(f"{language!r} is in the group {home[language]!r} and in the group {group!r}", key=key)
            elif study.languages != "all" and language not in study.languages:
                yield StudyError(f"{language!r} is not among the languages; {nearest(language, study.languages)}", key=key)
            home[language] = group


def _check_arms(study: Study) -> Iterator[StudyError]:
    for arm, stages in study.arms.items():
        for i, stage in enumerate(stages):
            if stage.split == "test":
                yield StudyError("found 'test': an arm may not train on a test split", key=f"arms.{arm}[{i}].split")
            yield from _check_stage(study, stage, f"arms.{arm}[{i}]")


def _check_stage(study: Study, stage: Stage, key: str) -> Iterator[StudyError]:
    by_task = stage.languages if isinstance(stage.languages, dict) else {"": stage.languages}
    for task, languages in by_task.items():
        if languages != "all":
            yield from _repeated(f"{key}.languages.{task}".rstrip("."), languages)
    try:
        recipe = study.recipe_for(stage.task, stage.recipe)
    except ValidationError as error:
        # What is wrong with an override by itself is told at the override.
        yield from faults_of(error, f"{key}.recipe") if stage.recipe else ()
        return
    if stage.mix and recipe.steps is None:
        what = "a mix has no epoch in common, so it needs steps; recipe: {steps: 500}, say"
        yield StudyError(what, key=f"{key}.recipe")
    elif isinstance(stage.rates, Schedule) and recipe.steps:
        yield from _check_schedule(stage.rates, recipe.steps, f"{key}.rates.schedule")
    if stage.mix and recipe.early_stopping is not None:
        what = "a mix has no single development score to stop early by; recipe: {early_stopping: null} does without"
        yield StudyError(what, key=f"{key}.recipe")


def _check_translation(study: Study) -> Iterator[StudyError]:
    """Yield what is wrong with stages via translation, and with a translator that has nothing to translate."""
    translated = [(f"arms.{arm}[{i}]", stage) for arm, own in study.arms.items() for i, stage in enumerate(own) if stage.via]
    # The stages of a design are not known yet: it is checked again with them.
    if study.translator and not translated and not study.design:
        yield StudyError("no stage has via: translation, so there is nothing to translate", key="translator")
    yield from _check_codes(study, [stage.languages_of(task) for _, stage in translated for task in stage.tasks])
    for key, stage in translated:
        named = {task: stage.languages_of(task) for task in stage.tasks if not is_text(task)}
        if study.translator is None:
            hint = "a translator, a key of the study: {kind: exact} on the world, {kind: seq2seq, name: ..., revision: ...}"
            yield StudyError(f"via: translation needs {hint}", key=f"{key}.via")
        if not named:
            yield StudyError("raw text is never translated, and the stage has nothing else", key=f"{key}.via")
        elif "all" in named.values():
            what = "found all, expected a list: what is translated is not looked for in the data, which would say which"
            yield StudyError(what, key=f"{key}.languages")
        elif not any(set(own) - {study.source} for own in named.values()):
            what = f"nothing is translated where all is in {study.source!r}; name the languages to translate into"
            yield StudyError(what, key=f"{key}.languages")


def _check_codes(study: Study, spoken: Sequence[Sequence[str]]) -> Iterator[StudyError]:
    """Yield codes of a translator for languages that are neither translated into nor from."""
    known = {study.source}.union(*(own for own in spoken if own != "all"))
    for name in () if study.design else getattr(study.translator, "codes", {}):
        if name not in known:
            what = f"nothing is translated into or from {name!r}; {nearest(name, known)}"
            yield StudyError(what, key=f"translator.codes.{name}")


def _check_schedule(schedule: Schedule, steps: int, key: str) -> Iterator[StudyError]:
    over = 0
    for i, leg in enumerate(() if schedule.linear else schedule.schedule):
        before, over = over, sum((step + 0.5) / steps < leg.place for step in range(steps))
        if over == before:
            what = f"none of the {steps} steps lies between the entry before and {leg.place:g}; its rates would never hold"
            yield StudyError(what, key=f"{key}[{i}].until")


def _check_overrides(study: Study) -> Iterator[StudyError]:
    for task in study.overrides:
        try:
            study.recipe_for(task)
        except ValidationError as error:
            yield from faults_of(error, f"overrides.{task}")


def _unseen(study: Study) -> tuple[str, ...]:
    """Return the name of the average over zero-shot languages in no group, where there are groups and such languages."""
    grouped = {language for group in study.groups.values() for language in group}
    return UNSEEN if study.groups and set(study.languages) - grouped - {study.source} else ()


def _check_claims(study: Study) -> Iterator[StudyError]:
    # The arms of a design are not known yet: it is checked again with them.
    arms = None if study.design else study.by_model().arms
    known = None if study.languages == "all" else (*study.languages, *study.groups, *AVERAGES, *_unseen(study))
    yield from _repeated("claims", [claim if isinstance(claim, str) else i for i, claim in enumerate(study.claims)])
    for i, claim in enumerate(study.claims):
        if isinstance(claim, str):
            continue
        against = claim.against or study.reference_of(claim.arm)
        if against is None and arms is not None:
            yield StudyError("every arm has stages, so say which one to compare with", key=f"claims[{i}].against")
        elif against == claim.arm:
            yield StudyError(f"{claim.arm!r} cannot be compared with itself", key=f"claims[{i}].arm")
        for key, kind, name, names in (
            ("arm", "arms", claim.arm, arms),
            ("against", "arms", claim.against, arms),
            ("target", "targets", claim.target, [target.task for target in study.targets]),
            ("on", "languages and groups", claim.on, known),
        ):
            if name is not None and names is not None and name not in names:
                yield StudyError(f"{name!r} is not among the {kind}; {nearest(name, names)}", key=f"claims[{i}].{key}")
