"""What the size and the spread of intermediate data do to each target: surfaces with their coefficients, in numbers and
words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isthmus.analysis.crossed import Estimate
from isthmus.analysis.power_law import PowerLaw
from isthmus.analysis.spreads import Spreads, spreads_of
from isthmus.analysis.surface import TRAINED, UNTRAINED, Surface, surfaces, trained
from isthmus.core.at_model import model_in
from isthmus.plan.graph import Plan
from isthmus.report.answer import signed
from isthmus.report.effects import averages, scored_mains
from isthmus.results.table import ALL, ZERO_SHOT
from isthmus.store.store import Store
from isthmus.study.spec import Study


@dataclass(frozen=True, slots=True)
class Surfaced:
    """The surfaces of one target by the arms of one design, and how much more the languages of the data gain.

    ``model`` is the model of the arms where the study has several, else empty.
    """

    task: str
    metric: str
    model: str
    against: str
    spreads: Spreads
    surfaces: tuple[Surface, ...]
    trained: Estimate | None

    @property
    def heading(self) -> str:
        """Return what was spread, what it is judged on, and from which model."""
        return f"{self.spreads.task} before {self.task}{f' ({self.model})' if self.model else ''}"


def surfaced(study: Study, plan: Plan, store: Store) -> tuple[Surfaced, ...]:
    """Return the surfaces of every target by every set of arms that size and languages tell apart; empty where there is
    none.

    A target is left out until every arm of the set has a score. Raises CorruptArtifact where a score is damaged.
    """
    found: list[Surfaced] = []
    models = dict.fromkeys(map(model_in, study.arms))
    sets = [
        (model, one)
        for model in models
        for one in spreads_of({arm: own for arm, own in study.arms.items() if model_in(arm) == model}, study.source)
    ]
    if not sets:
        return ()
    scopes, scored = averages(study, plan), list(scored_mains(plan, store))
    for model, spreads in sets:
        against = study.reference_of(spreads.arms[0].arm)
        for task in dict.fromkeys(one.task for one in scored) if against else ():
            own = [one for one in scored if one.task == task]
            asked = {name: scope for name, scope in scopes[task].items() if name != ALL or ZERO_SHOT not in scopes[task]}
            made = surfaces(own, spreads, against or "", asked, study.source)
            if made:
                beyond = trained(own, spreads, against or "", study.source)
                found.append(Surfaced(task, made[0].metric, model, against or "", spreads, made, beyond))
    return tuple(found)


def told(one: Estimate | None) -> str:
    """Return an estimate with its interval, a dash where there is none."""
    if one is None:
        return "–"
    ends = one.ends()
    return f"{signed(one.value)} ({f'{signed(ends[0])} to {signed(ends[1])}' if ends else 'no interval'})"


def sentences(one: Surfaced) -> list[str]:
    """Return what the surfaces of a target say, in words: the averages first, then what draws, languages and sizes tell."""
    said = [_said(surface) for surface in one.surfaces if surface.scope not in (TRAINED, UNTRAINED)]
    if one.trained:
        clear = "a clear difference" if one.trained.sign else "no clear difference"
        said.append(
            f"Within an arm, the gain of languages in its training data less that of languages outside them makes {clear}, "
            f"{told(one.trained)}."
        )
    for surface in one.surfaces:
        if surface.law and surface.scope in (ZERO_SHOT, ALL):
            said.append(f"On {surface.scope}, {law_in_words(surface.law)}")
    if len(one.spreads.draws) == 1:
        said.append("Languages were drawn once, so the intervals do not tell what another draw would change.")
    return said


def _said(surface: Surface) -> str:
    parts = []
    for what, found in (("examples", surface.examples), ("languages, with as many examples,", surface.languages)):
        if found:
            clear = "a clear difference" if found.sign else "no clear difference"
            parts.append(f"a doubling of the {what} makes {clear}, {told(found)}")
    return f"On {_over(surface)}, {' and '.join(parts) if parts else 'the arms vary too little to tell'}."


def _over(surface: Surface) -> str:
    number = len(surface.over)
    return f"{surface.scope} ({number} language{'' if number == 1 else 's'})"


def law_in_words(law: PowerLaw) -> str:
    """Return what the errors over sizes say of saturation."""
    sizes = f"{len(law.sizes)} sizes"
    if law.bend.sign < 0:
        return f"the error falls faster with each doubling (over {sizes}): nothing saturates."
    if law.told and (law.alpha is None or law.floor is None):
        return f"the error flattens, but as no power of the size does ({sizes})."
    if not law.told or law.alpha is None or law.floor is None:
        return f"a saturating power law cannot be told from a straight line in the logarithm of the size ({sizes})."
    low, best, high = law.alpha
    between = f"{low:.2g} to {high:.2g}" if high else f"{low:.2g} or more"
    rate = f"{best:.2g} ({between})" if best else between
    return (
        f"the error flattens: it goes with the size to the power of minus {rate}, and no size would bring it below "
        f"{law.floor[0]:.1f} to {law.floor[2]:.1f} points."
    )


def estimates_of(found: Sequence[Surfaced]) -> list[Estimate]:
    """Return the gain at every spot of some surfaces."""
    return [spot.gain for one in found for surface in one.surfaces for spot in surface.spots]
