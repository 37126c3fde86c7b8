"""A fixed number of examples spread over more and more languages: is it how many examples, or in how many languages?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

from isthmus.core.errors import StudyError, UnknownName, nearest
from isthmus.core.seeds import stream
from isthmus.designs.design import Design, Facts, Made, TaskStage, reference
from isthmus.designs.orders import sample
from isthmus.study.record import Count, Languages, Many, Name, Record, Seed, Some
from isthmus.study.spec import Study


class SizeDiversity(Record):
    """``sizes`` are budgets of examples, ``spreads`` numbers of languages that share each budget evenly.

    Languages come from ``pool`` in a row drawn with ``seed``; the first n of it are the n languages, so that fewer are
    always among more. ``first`` are languages that every row begins with. ``by`` says how a row goes on: at ``random``, with
    one of each of the ``families`` in turn, or with the language farthest from those before it (``distance``: the share of
    grammatical traits that differ from the nearest of them). ``draws`` is the number of rows: more than one tells the
    number of languages from which ones they are. A smaller budget is the first examples of a larger one; in parallel data
    all languages have the same ones. ``via: translation`` of the task translates the source's examples into the languages.
    """

    task: TaskStage
    sizes: Some[Count]
    spreads: Some[Count]
    pool: Languages
    by: Literal["random", "family", "distance"]
    seed: Seed
    draws: Count = 1
    first: Many[Name] = ()
    families: dict[Name, Some[Name]] = {}


def make(settings: SizeDiversity, study: Study, facts: Facts) -> Made:
    """Return ``TASK-SIZExSPREAD`` for every size, spread and row; languages that rows have in common are one arm."""
    pool = _pool(settings, facts)
    _check(settings, pool)
    rows = _rows(settings, pool, facts)
    arms = reference(study)
    made = set()
    for number, row in enumerate(rows, 1):
        for spread in settings.spreads:
            languages = tuple(sorted(row[:spread]))
            if languages in made:
                continue
            made.add(languages)
            again = f"-row{number}" if len(rows) > 1 else ""
            for size in settings.sizes:
                changes: dict[str, object] = {"languages": languages, "max_examples": size // spread}
                if settings.task.via and languages == (study.source,):
                    changes["via"] = None  # nothing is translated into the language that all is in
                arms[f"{settings.task.name}-{size}x{spread}{again}"] = (settings.task.model_copy(update=changes),)
    told = [", ".join(row[: max(settings.spreads)]) for row in rows]
    notes = tuple(f"row {number}: {row}" if len(rows) > 1 else f"languages: {row}" for number, row in enumerate(told, 1))
    return Made(arms, notes, tuple(_uneven(settings, pool, rows)))


def _pool(settings: SizeDiversity, facts: Facts) -> tuple[str, ...]:
    if settings.task.mix:
        raise StudyError("found a mix, expected a single task", key="task")
    try:
        there = facts.languages(settings.task.name, settings.task.split)
    except UnknownName as error:
        raise StudyError(str(error), key="task") from None
    if settings.task.via and there:
        # What a translator knows is checked with the arms; the data say nothing of it.
        if settings.pool == "all":
            what = "a stage via translation has no list of languages of its own; name those of the pool"
            raise StudyError(what, key="pool")
        there = settings.pool
    if settings.pool == "all":
        if not there:
            raise StudyError(f"the data hold no {settings.task.split} split of {settings.task.name}", key="pool")
        return there
    for i, language in enumerate(settings.pool):
        if language in settings.pool[:i]:
            raise StudyError(f"{language!r} stands twice", key=f"pool[{i}]")
        if language not in there:
            what = f"no {settings.task.split} data of {settings.task.name} in {language!r}"
            raise StudyError(f"{what}; {nearest(language, there)}", key=f"pool[{i}]")
    return settings.pool


def _check(settings: SizeDiversity, pool: Sequence[str]) -> None:
    """Refuse what cannot be spread, or not evenly."""
    for name in ("languages", "max_examples"):
        if name in settings.task.model_fields_set:
            raise StudyError(f"{name} is what this design chooses; leave it out", key=f"task.{name}")
    for name, numbers in (("sizes", settings.sizes), ("spreads", settings.spreads)):
        for i, number in enumerate(numbers):
            if number in numbers[:i]:
                raise StudyError(f"{number} stands twice", key=f"{name}[{i}]")
    for i, language in enumerate(settings.first):
        if language in settings.first[:i]:
            raise StudyError(f"{language!r} stands twice", key=f"first[{i}]")
        if language not in pool:
            raise StudyError(f"{language!r} is not in the pool; {nearest(language, pool)}", key=f"first[{i}]")
    for i, spread in enumerate(settings.spreads):
        if spread > len(pool):
            raise StudyError(f"found {spread}, but the pool has {len(pool)} languages", key=f"spreads[{i}]")
        for j, size in enumerate(settings.sizes):
            if size % spread:
                near = max(size // spread, 1) * spread
                what = f"{size} examples cannot be shared evenly by {spread} languages; the nearest number is {near}"
                raise StudyError(what, key=f"sizes[{j}]")
    if (settings.by == "family") != bool(settings.families):
        raise StudyError("families ({name: [languages]}) go with by: family, and with it only", key="families")


def _rows(settings: SizeDiversity, pool: Sequence[str], facts: Facts) -> list[tuple[str, ...]]:
    """Return the rows of languages, different ones; at random each language stands at each place as often as any other."""
    rest = sorted(set(pool) - set(settings.first))
    if settings.draws > max(1, len(rest)):
        raise StudyError(f"found {settings.draws}, but {len(rest)} languages begin as many rows at most", key="draws")
    drawn = sample(len(rest), settings.draws, stream(settings.seed, "size_diversity")) if rest else [()]
    farness = _farness(settings, pool, facts)
    return [_grown(settings.first, [rest[place] for place in order], farness) for order in drawn]


def _grown(first: Sequence[str], order: Sequence[str], farness: Callable[[Sequence[str], str], float]) -> tuple[str, ...]:
    """Return a row: each time the language that is farthest from those before, of equals the first in a random order."""
    row, left = list(first), list(order)
    while left:
        chosen = max(left, key=lambda language: farness(row, language))
        left.remove(chosen)
        row.append(chosen)
    return tuple(row)


def _farness(settings: SizeDiversity, pool: Sequence[str], facts: Facts) -> Callable[[Sequence[str], str], float]:
    """Return what says how much a language adds to a row."""
    if settings.by == "family":
        home: dict[str, str] = {}
        for name, languages in settings.families.items():
            for i, language in enumerate(languages):
                if language in home:
                    what = f"{language!r} is in the family {home[language]!r} and in the family {name!r}"
                    raise StudyError(what, key=f"families.{name}[{i}]")
                home[language] = name
        if homeless := sorted(set(pool) - home.keys()):
            raise StudyError(f"{homeless[0]!r} of the pool is in no family", key="families")
        return lambda row, language: -sum(home[other] == home[language] for other in row)
    if settings.by == "distance":
        if bare := sorted(set(pool) - facts.traits.keys()):
            raise StudyError(f"no traits are declared of {bare[0]!r}; expected random or family", key="by")
        return lambda row, language: min((_apart(facts, one, language) for one in row), default=0.0)
    return lambda *_: 0.0


def _apart(facts: Facts, one: str, other: str) -> float:
    """Return the share of traits in which two languages differ."""
    pairs = list(zip(facts.traits[one], facts.traits[other], strict=True))
    return sum(a != b for a, b in pairs) / len(pairs)


def _uneven(settings: SizeDiversity, pool: Sequence[str], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Say where random rows do not have every language equally often, so that a language may pass for a number of them."""
    if settings.by != "random":
        return []
    free = [language for language in pool if language not in settings.first]
    for spread in sorted(settings.spreads):
        times = Counter(language for row in rows for language in row[:spread])
        most, least = max(free, key=times.__getitem__, default=""), min(free, key=times.__getitem__, default="")
        if times[most] != times[least]:
            what = f"{most!r} is one of {spread} in {times[most]} of {len(rows)} rows, {least!r} in {times[least]}"
            hint = f"; draws: {len(free)} has each equally often" if len(rows) != len(free) else ""
            return [f"languages are unbalanced: {what}{hint}"]
    return []


DESIGN = Design(
    name="size_diversity",
    description="a fixed number of examples spread over more and more languages",
    settings=SizeDiversity,
    make=make,
)
