"""Saying the same otherwise, and saying something else with the same words: what pairs of sentences are made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from isthmus.world.meaning import Both, Event, Noun, Place, Thing, exchanged
from isthmus.world.sampling import ADPOSITIONS, Sampler


def crowded(sampler: Sampler) -> Event:
    """Return an event of three who can all act, two of them joined by and: any two can be exchanged.

    The three are one word each and the place is long: where the place moves it is the longest run of words that stays
    together, whatever becomes of the three, and any two of them are exchanged at the same cost.
    """
    people = sampler.chance(0.6)
    words = sampler.names.first if people else sampler.things.of_kind("animal", "person")
    first, second, third = (
        Thing(word, "person") if people else Thing(word, many=True, definite=False) for word in sampler.draw.sample(words, 3)
    )
    pair = Both(first, second)
    subject, object_ = (pair, third) if sampler.chance(0.5) else (third, pair)
    thing = replace(sampler.noun(sampler.draw.choice(sampler.things.of_kind("place")), 1.0), many=False)
    time = sampler.time() if sampler.chance(0.5) else None
    front = sampler.draw.choice(("place", "time" if time else None))
    return Event(subject, sampler.verb(), object_, Place(sampler.draw.choice(ADPOSITIONS), thing), time, front=front)


def acting(sampler: Sampler) -> Event:
    """Return an event of two who can both act, so that the roles can be exchanged and nothing shows it."""
    subject, object_ = sampler.somebody(), sampler.somebody()
    while subject == object_:
        object_ = sampler.somebody()
    time = sampler.time() if sampler.chance(0.4) else None
    return Event(subject, sampler.verb(), object_, sampler.place(), time)


def contrasted(sampler: Sampler, *, same: bool) -> tuple[str, str]:
    """Return a verb, and another one that means the same or the opposite; by itself the first does not tell which."""
    concepts = sampler.things.concepts
    verbs = sampler.things.of_kind("transitive")
    verb = sampler.draw.choice([word for word in verbs if concepts[word].synonyms and concepts[word].antonyms])
    return verb, sampler.draw.choice(concepts[verb].synonyms if same else concepts[verb].antonyms)


def moved(event: Event) -> Event:
    """Return a crowded event with its adjuncts where they were not before."""
    return replace(event, front=("time" if event.time else None) if event.front == "place" else "place")


def joined_otherwise(event: Event) -> Event:
    """Return the event with the two that are joined in the other order: the same meaning."""
    return replace(event, subject=_turned(event.subject), object=event.object and _turned(event.object))


def _turned(noun: Noun) -> Noun:
    return Both(noun.second, noun.first) if isinstance(noun, Both) else noun


def roles_exchanged(event: Event) -> Event:
    """Return the event with who did it and whom it was done to exchanged: the same words, another meaning.

    Of two joined, the one that stands next to the other role in English moves. So the exchange crosses one word, the verb,
    as that of two joined crosses ``and``: how far words moved does not tell the one from the other.
    """
    subject, object_ = event.subject, event.object
    assert object_ is not None, "an event without an object has no roles to exchange"
    if isinstance(subject, Both):
        assert isinstance(object_, Thing), object_
        return replace(event, subject=Both(subject.first, object_), object=subject.second)
    if isinstance(object_, Both):
        return replace(event, subject=object_.first, object=Both(subject, object_.second))
    return exchanged(event)


def synonymous(event: Event, sampler: Sampler) -> Event | None:
    """Return the event with another verb of the same meaning, or None where there is none."""
    synonyms = sampler.things.concepts[event.verb].synonyms
    return replace(event, verb=sampler.draw.choice(synonyms)) if synonyms else None


def opposite(event: Event, sampler: Sampler) -> Event | None:
    """Return the event with a verb of the opposite meaning, or None where there is none."""
    antonyms = sampler.things.concepts[event.verb].antonyms
    return replace(event, verb=sampler.draw.choice(antonyms)) if antonyms else None


def _only(slot: str, filler: Any) -> dict[str, Any]:
    return {slot: filler}


def shortened(event: Event, sampler: Sampler) -> Event | None:
    """Return the event with an adjunct or an adjective left out, or None where there is nothing to leave out."""
    adjuncts = [name for name in ("place", "time") if getattr(event, name)]
    ways = [replace(event, **_only(name, None), front=None) for name in adjuncts]
    for slot in ("subject", "object"):
        thing = getattr(event, slot)
        if isinstance(thing, Thing) and thing.adjective:
            ways.append(replace(event, **_only(slot, replace(thing, adjective=None))))
    return sampler.draw.choice(ways) if ways else None


def general(event: Event, sampler: Sampler) -> Event | None:
    """Return the event with a noun made its class (a sparrow a bird), or None where no noun has one."""
    ways = []
    for slot in ("subject", "object"):
        thing = getattr(event, slot)
        if isinstance(thing, Thing) and thing.kind == "noun" and (above := sampler.things.concepts[thing.word].above):
            ways.append(replace(event, **_only(slot, replace(thing, word=above, definite=False))))
    return sampler.draw.choice(ways) if ways else None
