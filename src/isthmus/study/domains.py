"""Arms of a study that differ in how much of their raw text is of one domain, found by what their stages draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isthmus.core.at_model import model_in
from isthmus.study.rates import Scheme, is_text, shared
from isthmus.study.spec import Stage, Study

ROUNDED = 6  # decimals to which shares are compared
Group = dict[str, dict[str, float]]  # arm -> {raw text: its share of the steps}


@dataclass(frozen=True, slots=True)
class DomainShares:
    """Arms of one model on the same ``tasks`` by their share of text in a ``domain`` (``mlm/news``), from the smallest on.

    ``text`` is the share of the steps that all of them spend on raw text, and ``shares`` are of that text; where it is None
    they read text of no other kind, and ``shares`` are of all steps. ``alone`` is the arm of the same tasks without text.
    """

    domain: str
    tasks: tuple[str, ...]
    text: float | None
    shares: Mapping[str, float]
    alone: str | None


def domain_shares(study: Study) -> tuple[DomainShares, ...]:
    """Return every set of two or more arms that differ in their share of text in a domain.

    The domain is that of the first raw text that an arm names among several; where no arm mixes two, it is that of the only
    raw text with a domain, and where there are two of these, nobody says which is meant, and there is no such set.
    """
    found = []
    drawn = {
        arm: read for arm, stages in study.arms.items() if len(stages) == 1 and (read := text_rates(stages[0])) is not None
    }
    kin = {arm: (model_in(arm), labelled(study, study.arms[arm][0])) for arm in drawn}
    for model, data in dict.fromkeys(kin.values()):
        tasks = tuple(task for task, *_ in data)
        own = {arm: rates for arm, rates in drawn.items() if kin[arm] == (model, data)}
        alone = next((arm for arm, rates in own.items() if not rates), None)
        totals = {arm: round(sum(rates.values()), ROUNDED) for arm, rates in own.items() if rates}
        for share in sorted(set(totals.values())):
            same = {arm: own[arm] for arm, total in totals.items() if total == share}
            if domain := _domain(same):
                shares = {arm: rates.get(domain, 0.0) / sum(rates.values()) for arm, rates in same.items()}
                found += _several(domain, tasks, share, shares, alone)
        for domain in sorted({name for rates in own.values() for name in rates if "/" in name}):
            only = {arm: rates[domain] for arm, rates in own.items() if set(rates) == {domain}}
            if _differ(only):
                found += _several(domain, tasks, None, ({alone: 0.0} if alone else {}) | only, alone)
    return tuple(found)


def text_rates(stage: Stage) -> dict[str, float] | None:
    """Return the shares of the steps of a stage that go to raw text, None where they change during the run."""
    if not stage.mix:
        return {name: 1.0 for name in stage.tasks if is_text(name)}
    if isinstance(stage.rates, Scheme):
        return stage.rates.text
    if not isinstance(stage.rates, dict):
        return None
    return {name: rate for name, rate in shared(stage.rates).items() if is_text(name)}


def labelled(study: Study, stage: Stage) -> tuple[tuple[str, object, bool], ...]:
    """Return the tasks of a stage beside raw text, each with its languages and whether they are said by translation."""
    named = {task: stage.languages_of(task) or (study.source,) for task in sorted(stage.tasks) if not is_text(task)}
    return tuple((task, own, bool(stage.via) and own != (study.source,)) for task, own in named.items())


def _domain(arms: Group) -> str | None:
    """Return the raw text whose share is meant, None where arms do not say."""
    several = next((rates for rates in arms.values() if len(rates) > 1), None)
    if several:
        return next((name for name in several if "/" in name), None)
    only = {name for rates in arms.values() for name in rates if "/" in name}
    return only.pop() if len(only) == 1 else None


def _several(
    domain: str, tasks: tuple[str, ...], text: float | None, shares: Mapping[str, float], alone: str | None
) -> list[DomainShares]:
    """Return a set of arms in the order of their shares, nothing where all are the same."""
    if not _differ(shares):
        return []
    return [DomainShares(domain, tasks, text, dict(sorted(shares.items(), key=lambda own: own[1])), alone)]


def _differ(shares: Mapping[str, float]) -> bool:
    return len({round(share, ROUNDED) for share in shares.values()}) > 1
