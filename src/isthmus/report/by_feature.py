"""In which languages an arm gains: against distance, resources and script, declared by the world or taken from the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from isthmus.analysis.features import FeatureEffect, feature_effect, gains_of
from isthmus.analysis.languages import languages as table
from isthmus.analysis.languages import typological_distance
from isthmus.analysis.paired import Effect
from isthmus.plan.graph import Plan
from isthmus.report.answer import signed
from isthmus.report.effects import scored_mains
from isthmus.store.store import Store
from isthmus.study.spec import Study
from isthmus.world.language import built_in, distance, load_built_in

Features = Mapping[str, Mapping[str, float]]  # name -> language -> value
DISTANCE, TEXT = "distance from {source}", "pretraining text (log2)"
UNCERTAIN = 0.05


@dataclass(frozen=True, slots=True)
class ByFeature:
    """The gains of one arm on one target in single languages, and what each feature of languages has to do with them.

    ``effects`` are those of languages with a value of the first feature; ``partial`` holds the others of it alike.
    """

    arm: str
    task: str
    feature: str
    values: Mapping[str, float]
    effects: tuple[Effect, ...]
    fitted: tuple[tuple[str, FeatureEffect], ...]
    partial: tuple[tuple[str, FeatureEffect], ...] = ()

    @property
    def line(self) -> FeatureEffect | None:
        """Return the effect of the first feature, None where languages are too few."""
        return next((effect for name, effect in self.fitted if name == self.feature), None)


@dataclass(frozen=True, slots=True)
class BestHere:
    """The arm with the highest gain of all in one language; ``clear`` holds after Bonferroni over the arms it was best
    of."""

    task: str
    language: str
    effect: Effect
    rivals: int
    clear: bool


def features_of(distances: Mapping[str, float] | None, languages: Sequence[str], start: str) -> Features:
    """Return what is known of languages beside ``start``, the language that labels are in; empty where nothing is.

    ``distances`` are those that the world declares; of its own languages the parts of them and the text are known too. For
    natural languages the table has grammar, family and script beside those of the start, resource class, and text in CC-100
    (which has to be more than none for its logarithm).
    """
    others = [name for name in languages if name != start]
    first = DISTANCE.format(source=start)
    if distances is not None:
        origin = load_built_in(start) if start in built_in() else None
        far = {name: distance(load_built_in(name), origin) for name in others if origin and name in built_in()}
        found = {
            first: {name: distances[name] for name in others if name in distances},
            "distance in grammar": {name: one.typology for name, one in far.items()},
            "distance in words": {name: one.lexicon for name, one in far.items()},
            "another script": {name: one.script for name, one in far.items()},
            TEXT: {name: log2(one.resource) for name, one in far.items()},
        }
    else:
        known, home = {name: table()[name] for name in others if name in table()}, table().get(start)
        apart = {name: typological_distance(one, home) for name, one in known.items()} if home else {}
        found = {
            first: {name: value for name, value in apart.items() if value is not None},
            "another family": {name: float(one.family != home.family) for name, one in known.items()} if home else {},
            "another script": {name: float(one.script != home.script) for name, one in known.items()} if home else {},
            "resource class": {n: float(one.joshi_class) for n, one in known.items() if one.joshi_class is not None},
            TEXT: {name: log2(one.cc100_gib) for name, one in known.items() if one.cc100_gib},
        }
    return {name: own for name, own in found.items() if len(set(own.values())) > 1}


def by_feature(
    study: Study, plan: Plan, store: Store, distances: Mapping[str, float] | None, effects: Sequence[Effect]
) -> tuple[ByFeature, ...]:
    """Return the gains of every arm on every target by features of languages; none where languages are too few for a line.

    ``distances`` are those that the world declares, ``effects`` of single languages among others, against the arm compared
    with. Raises CorruptArtifact where a score is damaged.
    """
    single = [one for one in effects if one.languages == (one.language,) and one.language != study.source]
    features = features_of(distances, sorted({one.language for one in single}), study.source)
    if not features:
        return ()
    first = next(iter(features))
    scored = list(scored_mains(plan, store))
    found = []
    for arm, against, task in dict.fromkeys((one.arm, one.against, one.task) for one in single):
        own = tuple(e for e in single if (e.arm, e.task) == (arm, task) and e.language in features[first])
        gained = gains_of([one for one in scored if one.task == task and one.arm in (arm, against)], arm, against)
        if not own or gained is None:
            continue
        alone = [(name, feature_effect(gained, values)) for name, values in features.items()]
        if not any(one for _, one in alone):
            continue
        beside = {first: features[first], TEXT: features[TEXT]} if first != TEXT and TEXT in features else {}
        held = [
            (name, feature_effect(gained, values, {other: beside[other] for other in beside if other != name}))
            for name, values in beside.items()
        ]
        found.append(
            ByFeature(
                arm,
                task,
                first,
                {effect.language: features[first][effect.language] for effect in own},
                own,
                tuple((name, one) for name, one in alone if one),
                tuple((name, one) for name, one in held if one),
            )
        )
    return tuple(found)


def best_here(effects: Sequence[Effect]) -> tuple[BestHere, ...]:
    """Return the arm that gains most in each language of each target, where several compete.

    The best of many looks best by luck too: it is called clear where its p times the number of arms is below 5 %.
    """
    places: dict[tuple[str, str], list[Effect]] = {}
    for one in effects:
        if one.languages == (one.language,):
            places.setdefault((one.task, one.language), []).append(one)
    found = []
    for (task, language), own in places.items():
        if len(own) > 1:
            best = max(own, key=lambda effect: effect.delta)
            clear = best.delta > 0 and best.p is not None and best.p * len(own) < UNCERTAIN
            found.append(BestHere(task, language, best, len(own), clear))
    return tuple(found)


def slope_in_words(one: FeatureEffect | None) -> str:
    """Return a slope with its interval, in points for a unit of the feature."""
    if one is None:
        return "too few languages for a line"
    return f"slope {signed(one.slope)} ({signed(one.low)} to {signed(one.high)})"


def rank_in_words(one: FeatureEffect) -> str:
    """Return the correlation of ranks with its interval."""
    ends = "" if one.rank_low is None or one.rank_high is None else f" ({one.rank_low:+.2f} to {one.rank_high:+.2f})"
    return f"{one.rank:+.2f}{ends}".replace("-", "−")
