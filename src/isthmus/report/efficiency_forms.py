"""What every cheaper form of a model saves and what it loses, before and after a stage: the mean over models and targets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from isthmus.analysis.averages_over_targets import Contrast, TargetAverages, averages_by_target, contrast
from isthmus.analysis.holm import holm
from isthmus.analysis.latency import Ratio, ratio_between
from isthmus.analysis.paired import Scored
from isthmus.analysis.retention import Weights, interaction_of, loss_of, p_of
from isthmus.core.at_model import at_model, without_model
from isthmus.core.at_variant import at_variant
from isthmus.results.measured import Measurements
from isthmus.results.table import headline_of
from isthmus.study.spec import Study

Scopes = Mapping[str, Mapping[str, Sequence[str]]]  # {task: {average or language: languages}}
KEPT, OTHERS = "languages kept", "other languages"  # of a vocabulary that is trimmed to some

Places = list[tuple[str, str]]  # (model, target)


@dataclass(frozen=True, slots=True)
class Form:
    """One variant, of the reference arm and of another; every model and target that has it on both sides weighs alike.

    ``scope`` is empty for each target's own headline, or one of ``KEPT`` and ``OTHERS``. ``before`` is what the variant of
    the reference changes in points, ``after`` what that of ``arm`` does, ``difference`` the latter less the former; None
    where a side lacks scores, or is not there. Ratios are to the full model, (reference, arm).
    ``p_holm`` is that of no difference, after Holm among all forms of the headlines.
    """

    variant: str
    arm: str
    scope: str
    places: int
    before: Contrast | None
    after: Contrast | None
    difference: Contrast | None
    latency: tuple[Ratio | None, Ratio | None]
    throughput: tuple[Ratio | None, Ratio | None]
    p_holm: float | None = None


def forms(study: Study, measured: Collection[Measurements], scored: Collection[Scored], scopes: Scopes) -> tuple[Form, ...]:
    """Return a line for every variant and arm, and two more for a variant whose vocabulary is trimmed to some languages.

    ``scored`` are the runs of configurations, ``scopes`` the averages of each target.
    """
    heads = {task: own[headline_of(own)] for task, own in scopes.items()}
    averages = {"": averages_by_target(scored, heads)}
    found = []
    arms = [arm for arm in dict.fromkeys(map(without_model, study.arms)) if arm != study.reference]
    for variant in study.variants:
        spoken = {"": heads} | dict(_by_vocabulary(study, variant, scopes))
        for scope, languages in spoken.items():
            own = averages[""] if not scope else averages_by_target(scored, languages)
            for arm in arms or [study.reference or ""]:
                found.append(_form(study, measured, own, variant, arm, scope))
    return _corrected([one for one in found if one.before or one.after or any((*one.latency, *one.throughput))])


def _by_vocabulary(study: Study, variant: str, scopes: Scopes) -> Iterator[tuple[str, Mapping[str, Sequence[str]]]]:
    """Yield the languages that a trimmed vocabulary is for, and those that it is not; nothing where it is for all."""
    asked = study.variants[variant].vocabulary
    if asked is None or asked == "all":
        return
    spoken = {task: list(dict.fromkeys(name for names in own.values() for name in names)) for task, own in scopes.items()}
    for scope, kept in ((KEPT, True), (OTHERS, False)):
        named = {task: [name for name in own if (name in asked) == kept] for task, own in spoken.items()}
        if any(named.values()):
            yield scope, named


def _form(
    study: Study,
    measured: Collection[Measurements],
    averages: Mapping[str, TargetAverages],
    variant: str,
    arm: str,
    scope: str,
) -> Form:
    sides = [side for side in dict.fromkeys((study.reference, arm)) if side]
    places = [
        (model, task)
        for task, target in averages.items()
        for model in study.encoders
        if all(target.runs.get(name) for side in sides for name in _names(side, model, variant))
    ]
    before = contrast(averages, _loss(study.reference, places, variant)) if study.reference and places else None
    after = contrast(averages, _loss(arm, places, variant)) if arm != study.reference and places else None
    both = _difference(arm, study.reference, places, variant) if study.reference and after else None
    # Times are those of all languages timed, so they stand once, with the headline.
    pairs = {side: [_names(side, model, variant)[::-1] for model in study.encoders] for side in sides} if not scope else {}
    ratios = [
        [ratio_between(measured, pairs[side], quantity) if side in pairs else None for side in (study.reference, arm)]
        for quantity in ("latency", "throughput")
    ]
    if arm == study.reference:
        ratios = [[own[0], None] for own in ratios]
    return Form(
        variant,
        arm,
        scope,
        len(places),
        before,
        after,
        contrast(averages, both) if both else None,
        (ratios[0][0], ratios[0][1]),
        (ratios[1][0], ratios[1][1]),
    )


def _names(arm: str, model: str, variant: str) -> tuple[str, str]:
    """Return the full model of an arm and its variant."""
    full = at_model(arm, model)
    return full, at_variant(full, variant)


def _loss(arm: str, places: Places, variant: str) -> Weights:
    weights: Weights = {}
    for model, task in places:
        weights |= loss_of(at_model(arm, model), variant, {task: 1 / len(places)})
    return weights


def _difference(arm: str, against: str, places: Places, variant: str) -> Weights:
    weights: Weights = {}
    for model, task in places:
        weights |= interaction_of(at_model(arm, model), at_model(against, model), variant, {task: 1 / len(places)})
    return weights


def _corrected(found: Sequence[Form]) -> tuple[Form, ...]:
    """Return forms, those of the headlines with the p of their difference after Holm among themselves."""
    done = list(found)
    known = [(i, p_of(one.difference)) for i, one in enumerate(found) if one.difference and not one.scope]
    family = [(i, p) for i, p in known if p is not None]
    for (place, _), p in zip(family, holm([p for _, p in family]), strict=True):
        done[place] = replace(found[place], p_holm=p)
    return tuple(done)
