"""Bitext mining: two texts about the same things, of which few sentences translate each other.

No sentence stands twice. Every second sentence without a translation has a near miss in the other text: the same names and
things with another verb, another place, or the roles exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from isthmus.core.seeds import stream
from isthmus.world.grammar import text_of
from isthmus.world.language import SOURCE
from isthmus.world.layout import lines
from isthmus.world.meaning import Event, Noun, Place, Thing, exchanged
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"dev": 400, "test": 800}  # sentences of each side
SHARE = 0.08  # of them that have a translation


def render(request: Request) -> dict[str, str]:
    """Return ``id TAB sentence`` of both sides and ``id TAB id`` of the pairs."""
    own, english, size = request.grammar, request.grammars[SOURCE], SIZES[request.split]
    sampler = Sampler(stream(request.seed, f"bucc2018/{request.split}"), own.things, Names.all_of(own.things))
    both, left, right = _drawn(sampler, size)
    sides = []
    for name, grammar, alone in ((request.language, own, left), (SOURCE, english, right)):
        events = [*enumerate([*both, *alone])]
        sampler.draw.shuffle(events)
        ids = {number: f"{name}-{row:09d}" for row, (number, _) in enumerate(events, start=1)}
        sides.append((ids, lines(f"{ids[number]}\t{text_of(grammar.sentence(event))}" for number, event in events)))
    (own_ids, own_text), (english_ids, english_text) = sides
    path = SET.patterns[request.split].replace("{language}", request.language)
    stem = path.removesuffix(f".{request.language}")
    gold = lines(f"{own_ids[number]}\t{english_ids[number]}" for number in range(len(both)))
    return {f"{stem}.en": english_text, f"{stem}.gold": gold, path: own_text}


def _drawn(sampler: Sampler, size: int) -> tuple[list[Event], list[Event], list[Event]]:
    """Return the events of both sides, of the one and of the other; no two events say the same in any language."""
    met: set[Event] = set()
    fresh = _fresh(sampler, met)
    both = [next(fresh) for _ in range(round(SHARE * size))]
    left: list[Event] = []
    right: list[Event] = []
    while len(left) < size - len(both):
        left.append(next(fresh))
        near = _near_miss(left[-1], sampler)
        if sampler.chance(0.5) or _gist(near) in met:
            near = next(fresh)
        met.add(_gist(near))
        right.append(near)
    return both, left, right


def _fresh(sampler: Sampler, met: set[Event]) -> Iterator[Event]:
    while True:
        event = sampler.told()
        if _gist(event) not in met:
            met.add(_gist(event))
            yield sampler.fronted(event) if sampler.chance(0.3) else event


def _near_miss(event: Event, sampler: Sampler) -> Event:
    at = sampler.draw.random()
    if at < 0.35:
        return replace(event, verb=sampler.verb())
    return replace(event, place=sampler.place(), front=None) if at < 0.7 else exchanged(event)


def _gist(event: Event) -> Event:
    """Return the event without what some language leaves unsaid: articles, number, and the order of parts."""
    assert event.object is not None, event
    assert event.place is not None, event
    place = Place(event.place.adposition, _bare(event.place.thing))
    return replace(event, subject=_bare(event.subject), object=_bare(event.object), place=place, front=None)


def _bare(noun: Noun) -> Thing:
    assert isinstance(noun, Thing), noun
    return replace(noun, many=False, definite=True)


SET = WorldSet(
    {"dev": "bucc2018/{language}-en.dev.{language}", "test": "bucc2018/{language}-en.test.{language}"},
    render,
    bilingual=True,
)
