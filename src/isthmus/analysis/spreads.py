"""Arms that spread a number of examples over a number of languages: found by their stages, whatever they are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from isthmus.study.spec import Stage

ROUNDING = 0.02  # two budgets are the same where a division among languages alone tells them apart


@dataclass(frozen=True, slots=True)
class Spread:
    """One arm: its examples in all languages together, and these languages."""

    arm: str
    size: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spreads:
    """The arms on one task that differ in nothing but size and languages.

    ``draws`` are rows of them in which fewer languages are always among more; an arm may belong to several, and none is in
    two places of one. There is one draw with all arms where they are no such rows.
    """

    task: str
    arms: tuple[Spread, ...]
    draws: tuple[tuple[Spread, ...], ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the numbers of examples, from few to many."""
        return tuple(sorted({one.size for one in self.arms}))

    @property
    def counts(self) -> tuple[int, ...]:
        """Return the numbers of languages, from few to many."""
        return tuple(sorted({len(one.languages) for one in self.arms}))


def spreads_of(arms: Mapping[str, Sequence[Stage]], source: str) -> tuple[Spreads, ...]:
    """Return every set of arms of one stage on one task that differ in size, in languages, or in both, and nothing else.

    A stage without languages is in the ``source``; one with all of them, or without ``max_examples``, has no known size.
    Data of other languages and data translated into them are two sets, each with the arms of the source alone. Where size
    and number of languages rise together nothing tells them apart, and there is no set.
    """
    found: dict[str, dict[str, list[Spread]]] = {}
    for arm, stages in arms.items():
        if len(stages) != 1 or stages[0].task is None or stages[0].max_examples is None:
            continue
        named = stages[0].languages_of(stages[0].task) or (source,)
        if named == "all":
            continue
        rest = stages[0].model_dump_json(exclude={"languages", "max_examples", "via"})
        way = "" if set(named) == {source} else stages[0].via or "as they are"
        own = Spread(arm, len(named) * stages[0].max_examples, tuple(sorted(named)))
        found.setdefault(rest, {}).setdefault(way, []).append(own)
    made = []
    for ways in found.values():
        home = ways.pop("", [])
        for others in ways.values() or [[]]:
            chosen = _of_budgets([*home, *others])
            if _told_apart(chosen):
                made.append(Spreads(arms[chosen[0].arm][0].name, chosen, _draws(chosen)))
    return tuple(made)


def _of_budgets(arms: Sequence[Spread]) -> tuple[Spread, ...]:
    """Return arms with the budget that theirs is but for what a division among languages leaves over."""
    budgets: list[int] = []
    for size in sorted({one.size for one in arms}, reverse=True):
        if not budgets or size < budgets[-1] * (1 - ROUNDING):
            budgets.append(size)
    return tuple(replace(one, size=min(known for known in budgets if known >= one.size)) for one in arms)


def _told_apart(arms: Sequence[Spread]) -> bool:
    """Say whether arms stand at three places at least, and not on a line of size over number of languages."""
    import numpy as np

    places = sorted({(one.size, len(one.languages)) for one in arms})
    if len(places) < 3:
        return False
    varied = [column - column.mean() for column in np.log(np.array(places, float)).T if len(set(column)) > 1]
    return int(np.linalg.matrix_rank(np.array(varied), tol=ROUNDING)) == len(varied)


def _draws(arms: Sequence[Spread]) -> tuple[tuple[Spread, ...], ...]:
    """Return the rows: chains of sets of languages, one from each number of languages, each within the next."""
    levels: dict[int, list[tuple[str, ...]]] = {}
    for one in sorted(arms, key=lambda one: (len(one.languages), one.languages)):
        level = levels.setdefault(len(one.languages), [])
        if one.languages not in level:
            level.append(one.languages)
    chains = _chains([levels[count] for count in sorted(levels)])
    if chains is None:
        return (tuple(arms),)
    return tuple(tuple(one for one in arms if one.languages in chain) for chain in chains)


def _chains(levels: Sequence[Sequence[tuple[str, ...]]]) -> list[list[tuple[str, ...]]] | None:
    """Return as many chains through the levels as the widest has sets, every set in one; None where there are none."""
    widest = max(range(len(levels)), key=lambda i: len(levels[i]))
    chains = [[own] for own in levels[widest]]
    for level in reversed(levels[:widest]):
        chosen = _matched([chain[0] for chain in chains], level, fewer=True)
        if chosen is None:
            return None
        chains = [[own, *chain] for own, chain in zip(chosen, chains, strict=True)]
    for level in levels[widest + 1 :]:
        chosen = _matched([chain[-1] for chain in chains], level, fewer=False)
        if chosen is None:
            return None
        chains = [[*chain, own] for own, chain in zip(chosen, chains, strict=True)]
    return chains


def _matched(
    ends: Sequence[tuple[str, ...]], level: Sequence[tuple[str, ...]], *, fewer: bool
) -> list[tuple[str, ...]] | None:
    """Return for each end of a chain a set of the next level that fits it, each set used as evenly as can be."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    fits = np.array([[set(own) <= set(end) if fewer else set(end) <= set(own) for own in level] for end in ends])
    turns = -(-len(ends) // len(level))  # how often a set may be used
    cost = np.concatenate([np.where(fits, turn, 1000 * turns) for turn in range(turns)], axis=1)
    places = linear_sum_assignment(cost)[1] % len(level)
    if not all(fits[i, place] for i, place in enumerate(places)) or len(set(places)) < len(level):
        return None
    return [level[place] for place in places]
