"""What the arms of a study were made to tell, in a sentence each: order, size and diversity, domain, model, cost,
claims.

These stand in the answer after what is true of any study; names of arms and targets stand between backticks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from isthmus.core.at_model import model_in
from isthmus.report.answer import signed
from isthmus.report.by_model import AVERAGE, Bounded, ByModel
from isthmus.report.efficiency_words import answered
from isthmus.report.shares import called, told
from isthmus.report.surfaces import Surfaced
from isthmus.report.surfaces import told as estimate_told
from isthmus.results.table import ALL, ZERO_SHOT

if TYPE_CHECKING:
    from isthmus.report.evidence import Evidence

MANY = 3  # arms beyond which a sentence tells no more than what lies between models


def by_question(evidence: Evidence) -> Iterator[str]:
    """Yield the sentences of whatever designs the study has, and last how its claims came out."""
    for ordered in evidence.orders:
        yield from _of_model(ordered.model, ordered.sentences)
    if said := [sentence for one in evidence.surfaces if (sentence := _doublings(one))]:
        yield f"Gains by the size and the languages of the data: {'; '.join(said)}."
    for shares in evidence.shares:
        lines = [f"`{called(one)}` {told(one.trend)}" for one in shares.effects if one.trend]
        if lines:
            model = model_in(next(iter(shares.of.shares)))
            on = f" ({model})" if model else ""
            yield (
                f"From none of the text being of `{shares.of.domain}` to all of it{on}, scores change by {'; '.join(lines)}."
            )
    if apart := [one for one in evidence.sizes if one.target == AVERAGE and one.difference]:
        yield _by_model(apart)
    if evidence.efficiency:
        yield from answered(evidence.efficiency)
    if evidence.judgements:
        yield _verdicts(evidence)


def _of_model(model: str, sentences: tuple[str, ...]) -> Iterator[str]:
    for sentence in sentences:
        yield f"{model}: {sentence}" if model else sentence


def _doublings(one: Surfaced) -> str:
    """Return what a doubling of examples, and of languages, adds on the average that matters."""
    surface = next((own for scope in (ZERO_SHOT, ALL) for own in one.surfaces if own.scope == scope), None)
    if surface is None or not (surface.examples or surface.languages):
        return ""
    parts = [
        f"twice the {what} {estimate_told(found)}"
        for what, found in (("examples", surface.examples), ("languages", surface.languages))
        if found
    ]
    model = f" ({one.model})" if one.model else ""
    return f"`{one.task}`{model}, {surface.scope}: {', '.join(parts)}"


def _by_model(found: list[ByModel]) -> str:
    models = list(found[0].effects)
    if len(found) > MANY:
        said = [f"`{one.arm}` {_bounded(one.difference)}" for one in found]
        return f"On the average of targets, effects on {models[-1]} beyond those on {models[0]}: {'; '.join(said)}."
    said = [
        f"`{one.arm}` {', '.join(f'{model} {_bounded(effect)}' for model, effect in one.effects.items() if effect)}, "
        f"{models[-1]} beyond {models[0]} {_bounded(one.difference)}"
        for one in found
    ]
    return f"On the average of targets, effects by model: {'; '.join(said)}."


def _bounded(one: Bounded | None) -> str:
    if one is None:
        return "–"
    ends = "" if one.low is None or one.high is None else f" [{signed(one.low)}, {signed(one.high)}]"
    return f"{signed(one.delta)}{ends}"


def _verdicts(evidence: Evidence) -> str:
    counts = Counter(one.outcome for one in evidence.judgements)
    said = [f"{counts[outcome]} {outcome}" for outcome in ("supported", "contradicted", "undecided") if counts[outcome]]
    rest = f", {counts['not asked here']} not asked here" if counts["not asked here"] else ""
    number = len(evidence.judgements)
    return f"Of {number} claim{'' if number == 1 else 's'}: {', '.join(said) or 'none judged'}{rest}."
