"""What a variant loses against the full model, and whether it loses less or more after an intermediate stage.

The loss is that of one arm, model and seed: the score of the variant less that of the full model, on the same examples. The
interaction is a difference of differences: the loss of an arm less that of the reference arm, below 0 where the arm with a
stage loses more. All are weighted sums of scores, with the interval of one (``averages_over_targets``): over seeds and
examples. Near the ceiling or near chance there is little to lose, so an interaction may be one of scales; scores stand by.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from isthmus.analysis.averages_over_targets import Contrast, averages_by_target, contrast
from isthmus.analysis.holm import holm
from isthmus.analysis.paired import Scored
from isthmus.core.at_model import at_model, model_in, without_model
from isthmus.core.at_variant import at_variant, variant_in, without_variant

Weights = dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Loss:
    """What one variant of one arm loses on a target, in points: variant less full model, so below 0 where it is worse.

    ``scope`` is a language or the name of an average, ``languages`` what it is over. ``against`` is the reference arm of the
    same model, ``against_loss`` what its variant loses, ``interaction`` the loss less that; all None for the reference
    itself and where it has no such variant. ``p`` is that of no interaction, ``p_holm`` after Holm among all that matter.
    """

    arm: str
    variant: str
    task: str
    scope: str
    languages: tuple[str, ...]
    loss: Contrast
    against: str | None = None
    against_loss: Contrast | None = None
    interaction: Contrast | None = None
    p: float | None = None
    p_holm: float | None = None


def losses(
    scored: Collection[Scored],
    reference: str,
    scopes: Mapping[str, Mapping[str, Sequence[str]]],
    headline: Mapping[str, str],
) -> list[Loss]:
    """Return the loss of every variant of every arm, on each average and each language.

    ``scopes`` are the averages of each task ({task: {name: languages}}). ``scored`` are the runs of configurations
    (``at_variant``), of one figure a target; ``reference`` is the arm without stages, whose own of each model is meant;
    ``headline`` names the average of each target that Holm's family is made of.
    """
    found = []
    for task, averages in scopes.items():
        own = [one for one in scored if one.task == task]
        named = dict.fromkeys(language for spoken in averages.values() for language in spoken)
        lines = {language: (language,) for language in named} | {name: tuple(spoken) for name, spoken in averages.items()}
        for scope in [*averages, *(language for language in named if language not in averages)]:
            found += _on(task, scope, own, reference, lines[scope])
    return _corrected(found, headline)


def _on(task: str, scope: str, scored: Collection[Scored], reference: str, languages: Sequence[str]) -> list[Loss]:
    """Return the losses on one average of one target."""
    averages = averages_by_target(scored, {task: languages})
    if task not in averages:
        return []
    target, found = averages[task], []
    for name in target.runs:
        variant, arm = variant_in(name), without_variant(name)
        loss = contrast(averages, loss_of(arm, variant, {task: 1.0})) if variant and arm in target.runs else None
        if loss is None:
            continue
        one = Loss(arm, variant, task, scope, target.languages, loss)
        partner = at_model(reference, model_in(arm))
        if without_model(arm) != reference:
            other = contrast(averages, loss_of(partner, variant, {task: 1.0}))
            both = contrast(averages, interaction_of(arm, partner, variant, {task: 1.0}))
            if other is not None and both is not None:
                one = replace(
                    one, against=partner, against_loss=other, interaction=both, p=p_of(both)
                )  # fmt: skip
        found.append(one)
    return found


def loss_of(arm: str, variant: str, shares: Mapping[str, float]) -> Weights:
    """Return the weights of what a variant of an arm loses; ``shares`` are those of the targets."""
    full = {(arm, task): -share for task, share in shares.items()}
    return full | {(at_variant(arm, variant), task): share for task, share in shares.items()}


def interaction_of(arm: str, against: str, variant: str, shares: Mapping[str, float]) -> Weights:
    """Return the weights of what a variant of an arm loses beyond what that of another loses."""
    other = loss_of(against, variant, shares)
    return loss_of(arm, variant, shares) | {place: -weight for place, weight in other.items()}


def p_of(found: Contrast) -> float | None:
    """Return the two-sided p of no difference, None where nothing tells how far chance reaches."""
    from scipy.special import stdtr

    if found.chance is None:
        return None
    seeds = len(found.by_seed)
    error = found.chance.error(seeds)
    if not error:
        return 1.0
    return 2 * float(stdtr(found.chance.freedom(seeds), -abs(found.delta) / error))


def _corrected(found: Sequence[Loss], headline: Mapping[str, str]) -> list[Loss]:
    """Return losses, the interactions on each target's headline with their p after Holm among themselves."""
    family = [(i, one.p) for i, one in enumerate(found) if one.scope == headline.get(one.task) and one.p is not None]
    done = list(found)
    for (place, _), p in zip(family, holm([p for _, p in family]), strict=True):
        done[place] = replace(found[place], p_holm=p)
    return done
