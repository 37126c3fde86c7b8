"""What makes no sense in a study although every key by itself is right; needs no data and no task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from isthmus.core.errors import StudyError, nearest
from isthmus.study.faults import faults_of
from isthmus.study.spec import Study

AVERAGES = ("all", "zero-shot")  # what every table shows beside the groups


def check(study: Study) -> Iterator[StudyError]:
    """Yield every contradiction of a study, with its key."""
    yield from _repeated("seeds", study.seeds)
    yield from _repeated("targets", [target.task for target in study.targets])
    yield from _repeated("baselines", study.baselines)
    for i, target in enumerate(study.targets):
        yield from _repeated(f"targets[{i}].splits", target.splits)
    yield from _check_languages(study)
    yield from _check_groups(study)
    yield from _check_arms(study)
    yield from _check_overrides(study)


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
            yield from _repeated(f"arms.{arm}[{i}].languages", stage.languages)


def _check_overrides(study: Study) -> Iterator[StudyError]:
    for task in study.overrides:
        try:
            study.recipe_for(task)
        except ValidationError as error:
            yield from faults_of(error, f"overrides.{task}")
