"""What a study's tables hold, decided once: which averages over which languages, for every metric of every task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from isthmus.results.averages import Figure, Scores, Seed, figures, shared
from isthmus.results.row import Row

ALL, ZERO_SHOT, UNSEEN = "all", "zero-shot", "unseen"


class Planned(Protocol):
    """A place of the table, measured or not; a cell of a plan is one, and so is a row."""

    @property
    def arm(self) -> str:
        """Return an arm of the study or ``baseline:NAME``."""

    @property
    def seed(self) -> int | None:
        """Return the seed, None where none plays a part."""

    @property
    def task(self) -> str:
        """Return the task the arm is judged on."""

    @property
    def language(self) -> str:
        """Return the language it is judged in."""

    @property
    def zero_shot(self) -> bool:
        """Tell whether the language gave no training data."""


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of all arms and baselines on some languages, or on a single one.

    ``languages`` are those averaged over, each scored for every arm and seed under way; ``planned`` is how many there will
    be, languages without labels left out. ``examples`` is their number in one arm and seed, over all ``languages``.
    """

    name: str
    languages: tuple[str, ...]
    planned: int
    splits: tuple[str, ...]
    examples: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Table:
    """One metric of one task: a line for each average (all, the source, zero-shot, groups) and one for each language.

    ``seeds`` is the number of seeds planned for each arm and baseline; ``unlabelled`` are languages whose labels were
    stripped; ``headline`` names the average that matters: zero-shot, or all where there is none. ``layers`` are, for each
    arm, those that the data ``chosen_on`` chose.
    """

    task: str
    metric: str
    main: bool
    seeds: Mapping[str, int]
    unlabelled: tuple[str, ...]
    averages: tuple[Line, ...]
    languages: tuple[Line, ...]
    headline: str
    layers: Mapping[str, tuple[int, ...]]
    chosen_on: str

    def average(self, name: str) -> Line:
        """Return the line of an average by name."""
        return next(line for line in self.averages if line.name == name)


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the tables of a study say; a task's main metric comes before its others.

    ``against`` is the arm that deltas are taken to, of each arm's own model where there are several.
    ``planned`` and ``missing`` count places of the table; ``waiting`` are tasks without any score yet.
    """

    source: str
    against: str | None
    tables: tuple[Table, ...]
    planned: int
    missing: int
    waiting: tuple[str, ...]


def summarise(
    rows: Collection[Row],
    planned: Sequence[Planned],
    *,
    source: str,
    groups: Mapping[str, Sequence[str]],
    against: str | None,
) -> Summary:
    """Return what the rows of a study say so far, in the order of the places planned, whatever the order of the rows.

    ``groups`` are declared sets of languages; where there are some, zero-shot languages in none of them form the group
    ``unseen``. ``against`` is the arm that deltas are taken to, None for no deltas.
    """
    done, places = {_place(row) for row in rows}, {_place(place) for place in planned}
    assert done <= places, f"scores of places that are not planned: {sorted(map(str, done - places))[:3]}"
    tables = []
    for task in dict.fromkeys(place.task for place in planned):
        here, found = [place for place in planned if place.task == task], [row for row in rows if row.task == task]
        mains = {row.metric for row in found if row.main}
        for metric in sorted({row.metric for row in found}, key=lambda name: (name not in mains, name)):
            tables.append(_table(found, here, metric, source, groups, against))
    waiting = dict.fromkeys(place.task for place in planned if place.task not in {table.task for table in tables})
    return Summary(source, against, tuple(tables), len(places), len(places - done), tuple(waiting))


def _place(place: Planned) -> tuple[str, Seed, str, str]:
    return place.arm, place.seed, place.task, place.language


def _table(
    rows: Sequence[Row],
    planned: Sequence[Planned],
    metric: str,
    source: str,
    groups: Mapping[str, Sequence[str]],
    against: str | None,
) -> Table:
    stripped = {row.language for row in rows if row.value is None}
    measured = [row for row in rows if row.metric == metric]
    scores: dict[tuple[str, Seed], dict[str, float]] = {(place.arm, place.seed): {} for place in planned}
    for row in measured:
        if row.value is not None:
            scores[row.arm, row.seed][row.language] = row.value
    scopes = scopes_of([place for place in planned if place.language not in stripped], source, groups)
    return Table(
        task=planned[0].task,
        metric=metric,
        main=any(row.main for row in measured),
        seeds=dict(Counter(arm for arm, _ in scores)),
        unlabelled=tuple(sorted(stripped)),
        averages=tuple(_line(name, scope, measured, scores, against) for name, scope in scopes.items()),
        languages=tuple(_line(name, (name,), measured, scores, against) for name in scopes[ALL]),
        headline=headline_of(scopes),
        layers=_layers(measured),
        chosen_on=max((row.chosen_on for row in measured), default=""),
    )


def _layers(rows: Sequence[Row]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for row in rows:
        if row.layer is not None:
            found.setdefault(row.arm, set()).add(row.layer)
    return {arm: tuple(sorted(layers)) for arm, layers in found.items()}


def scopes_of(planned: Sequence[Planned], source: str, groups: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return {name: languages} of the averages; a language is zero-shot only where it is so for every arm."""
    languages = sorted({place.language for place in planned}, key=lambda language: (language != source, language))
    trained_on = {place.language for place in planned if not place.zero_shot}
    zero_shot = [language for language in languages if language not in trained_on]
    named = {name: [language for language in languages if language in group] for name, group in groups.items()}
    if groups and UNSEEN not in groups:
        grouped = {language for group in groups.values() for language in group}
        named[UNSEEN] = [language for language in zero_shot if language not in grouped]
    scopes = {source: [language for language in languages if language == source], ZERO_SHOT: zero_shot, **named}
    return {ALL: languages} | {name: scope for name, scope in scopes.items() if scope}


def headline_of(scopes: Collection[str]) -> str:
    """Return the name of the average that matters: zero-shot, or all where there is none."""
    return ZERO_SHOT if ZERO_SHOT in scopes else ALL


def _line(name: str, scope: Sequence[str], rows: Sequence[Row], scores: Scores, against: str | None) -> Line:
    languages = shared(scores, scope)
    splits = tuple(sorted({row.split for row in rows if row.language in languages}))
    examples = {row.language: row.n for row in rows if row.language in languages}
    return Line(name, languages, len(scope), splits, sum(examples.values()), figures(scores, languages, against))
