"""Scores by the share of raw text that is of one domain: for each target and their mean, arm by arm and as a line."""

from __future__ import annotations

from dataclasses import dataclass

from isthmus.analysis.averages_over_targets import Contrast, averages_by_target
from isthmus.analysis.shares import ShareEffects, share_effects
from isthmus.plan.graph import Plan
from isthmus.report.answer import signed
from isthmus.report.effects import averages, scored_mains
from isthmus.results.table import headline_of
from isthmus.store.store import Store
from isthmus.study.domains import DomainShares, domain_shares
from isthmus.study.spec import Study


@dataclass(frozen=True, slots=True)
class ByShare:
    """Arms that differ in their share of text in a domain, and what that does to each target, the mean over them last."""

    of: DomainShares
    effects: tuple[ShareEffects, ...]


def by_share(study: Study, plan: Plan, store: Store) -> tuple[ByShare, ...]:
    """Return what the share of text in a domain does, on the headline average of each target; empty where arms have no such.

    A target that is judged with the head a stage left is in no mean over targets. Raises CorruptArtifact where a score is
    damaged.
    """
    asked = domain_shares(study)
    if not asked:
        return ()
    scopes = {task: names[headline_of(names)] for task, names in averages(study, plan).items()}
    found = averages_by_target(list(scored_mains(plan, store)), scopes)
    kept = {target.task for target in study.targets if target.head == "kept"}
    by_target = []
    for one in asked:
        against = one.alone or next(iter(one.shares))
        judged = tuple(task for task in scopes if task in found)
        averaged = tuple(task for task in judged if task not in kept)
        named = [*((task,) for task in judged), *([averaged] if len(averaged) > 1 else [])]
        effects = [share_effects(found, one.shares, against, targets) for targets in named]
        by_target.append(ByShare(one, tuple(effect for effect in effects if effect.points)))
    return tuple(one for one in by_target if one.effects)


def heading(one: ByShare) -> str:
    """Return in words what is compared."""
    words = " + ".join(one.of.tasks) or "raw text alone"
    of = "all steps" if one.of.text is None else f"the raw text, which is {one.of.text * 100:g} % of the steps"
    return f"{words}: share of {one.of.domain} in {of}"


def called(effects: ShareEffects) -> str:
    """Return the name of a target, or of the mean over them."""
    return effects.targets[0] if len(effects.targets) == 1 else f"mean of {len(effects.targets)} targets"


def trend_in_words(effects: ShareEffects) -> str:
    """Return the slope with its interval, in points from a share of 0 to one of 1."""
    return told(effects.trend) if effects.trend else "not every arm has a score yet"


def told(found: Contrast) -> str:
    """Return a difference with its interval in words."""
    ends = found.ends()
    return f"{signed(found.delta)} ({f'{signed(ends[0])} to {signed(ends[1])}' if ends else 'no interval'})"
