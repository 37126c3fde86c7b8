"""What makes no sense in the variants of a study, and in what it measures, although every key by itself is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isthmus.core.errors import StudyError, nearest
from isthmus.study.spec import Study

FULL = "full"  # what tables call the model that is no variant


def check_variants(study: Study) -> Iterator[StudyError]:
    """Yield every contradiction of ``variants`` and ``efficiency``, with its key."""
    for name, variant in study.variants.items():
        if name == FULL:
            yield StudyError(f"{FULL!r} is what tables call the model itself; choose another name", key=f"variants.{name}")
        if isinstance(variant.layers, dict):
            yield from _each_model(study, list(variant.layers), f"variants.{name}.layers")
        if isinstance(variant.vocabulary, tuple) and study.languages != "all":
            yield from _known(f"variants.{name}.vocabulary", variant.vocabulary, study.languages, "the study's languages")
    asked = study.efficiency
    if asked is None:
        return
    targets = [target.task for target in study.targets]
    yield from _known("efficiency.targets", asked.targets, targets, "the targets")
    yield from _known("efficiency.variants", asked.variants, list(study.variants), "the variants")
    yield from _known("efficiency.seeds", asked.seeds, study.seeds, "the seeds")
    if study.languages != "all":
        yield from _known("efficiency.languages", asked.languages or (), study.languages, "the study's languages")


def _each_model(study: Study, named: Sequence[str], key: str) -> Iterator[StudyError]:
    if not study.models:
        yield StudyError("there is one model, so the layers are a number", key=key)
        return
    for name in named:
        if name not in study.models:
            yield StudyError(f"{name!r} is not among the models; {nearest(name, study.models)}", key=f"{key}.{name}")
    if lacking := [name for name in study.models if name not in named]:
        yield StudyError(f"no layers are given for {' and '.join(map(repr, lacking))}", key=key)


def _known(key: str, named: Sequence[str | int], there: Sequence[str | int], what: str) -> Iterator[StudyError]:
    for i, name in enumerate(named):
        if name not in there:
            hint = nearest(str(name), list(map(str, there))) if there else "there are none"
            yield StudyError(f"{name!r} is not among {what}; {hint}", key=f"{key}[{i}]")
