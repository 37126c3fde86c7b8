"""What each arm changes by model, where a study has several, and whether the largest model gains more than the smallest.

The last is a difference of differences: (arm − reference) of the largest model less the same of the smallest, on the same
examples and seeds. Largest and smallest are the last and the first of the models as a study lists them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from isthmus.analysis.averages_over_targets import Contrast, TargetAverages, averages_by_target, contrast
from isthmus.core.at_model import at_model, without_model
from isthmus.plan.graph import Plan
from isthmus.report.claim_table import scopes_on
from isthmus.report.effect_grid import between
from isthmus.report.effects import scored_mains
from isthmus.report.grid import DELTA, NONE, Grid
from isthmus.store.store import Store
from isthmus.study.spec import Study

AVERAGE = "average of targets"


@dataclass(frozen=True, slots=True)
class Bounded:
    """A difference in points and the ends of its 95 % interval, None where nothing tells how far chance reaches."""

    delta: float
    low: float | None
    high: float | None

    @property
    def sign(self) -> int:
        """Return 1 or -1 where the interval lies on one side of 0, else 0."""
        return 0 if self.low is None or self.high is None else (self.low > 0) - (self.high < 0)


@dataclass(frozen=True, slots=True)
class ByModel:
    """One arm on one target, or on the average of all: its effect on each model, None while that is not measured.

    ``difference`` is the effect on the largest model less that on the smallest.
    """

    arm: str
    target: str
    effects: Mapping[str, Bounded | None]
    difference: Bounded | None


def by_model(study: Study, plan: Plan, store: Store) -> tuple[ByModel, ...]:
    """Return the effects of every arm by model, target by target, then on their average; empty where there is one model.

    They are of each target's main figure, averaged over the languages that matter there. A target that is judged with the
    head a stage left is in no average, since not every arm has one. Raises CorruptArtifact where a score is damaged.
    """
    if not study.models or study.reference is None:
        return ()
    averages = averages_by_target(list(scored_mains(plan, store)), scopes_on(study, plan, ""))
    arms = [arm for arm in dict.fromkeys(map(without_model, study.arms)) if arm != study.reference]
    judged = [target.task for target in study.targets if target.head != "kept"]
    places: list[tuple[str, tuple[str, ...]]] = [(target.task, (target.task,)) for target in study.targets]
    places += [(AVERAGE, tuple(judged))] if len(judged) > 1 else []
    found = [_of(study, averages, arm, name, tasks) for name, tasks in places for arm in arms]
    return tuple(one for one in found if any(one.effects.values()))


def _of(study: Study, averages: Mapping[str, TargetAverages], arm: str, name: str, tasks: Collection[str]) -> ByModel:
    assert study.reference is not None, "effects are differences from a reference"
    models, weights = list(study.models), dict[str, dict[tuple[str, str], float]]()
    for model in models:
        pair = ((at_model(arm, model), 1), (at_model(study.reference, model), -1))
        weights[model] = {(one, task): sign / len(tasks) for one, sign in pair for task in tasks}
    apart = weights[models[-1]] | {place: -weight for place, weight in weights[models[0]].items()}
    effects = {model: _bounded(contrast(averages, own)) for model, own in weights.items()}
    return ByModel(arm, name, effects, _bounded(contrast(averages, apart)) if len(models) > 1 else None)


def _bounded(found: Contrast | None) -> Bounded | None:
    if found is None:
        return None
    return Bounded(found.delta, *(found.ends() or (None, None)))


def model_grids(found: Sequence[ByModel]) -> list[Grid]:
    """Return the table of effects by model; nothing where there is one model."""
    if not found:
        return []
    models = list(found[0].effects)
    headers = ("", "target", *(f"{DELTA} {model}" for model in models), _apart(models))
    rows = tuple(
        (one.arm, one.target, *(_cell(one.effects[model]) for model in models), _cell(one.difference)) for one in found
    )
    return [Grid("effects by model, each against the arm without stages of that model", headers, rows, ())]


def model_notes(found: Sequence[ByModel]) -> Iterator[str]:
    """Yield what the last column of ``model_grids`` is."""
    if found:
        models = list(found[0].effects)
        yield (
            f"{_apart(models)}: what an arm changes on {models[-1]} beyond what it changes on {models[0]}, paired by seed "
            "and example, with its 95 % interval"
        )


def _apart(models: Sequence[str]) -> str:
    return f"{models[-1]} − {models[0]}"


def _cell(one: Bounded | None) -> str:
    return NONE if one is None else f"{one.delta:+z.1f} {between(one.low, one.high)}"


def models_json(found: Sequence[ByModel]) -> list[dict[str, Any]]:
    """Return the effects by model as plain JSON types."""
    return [asdict(one) for one in found]
