"""Drawing meanings: who did what to whom, where and when, and what things are like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from isthmus.world.inventory import Inventory
from isthmus.world.meaning import Being, Both, Event, Located, Meaning, Noun, Place, Quality, Thing

ADPOSITIONS = ("in", "near", "behind")
HELD_OUT = 3  # every third name is kept from training sets: what tests show is not remembered names alone


@dataclass(frozen=True)
class Names:
    """The names a sampler may use."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    cities: tuple[str, ...]

    @classmethod
    def all_of(cls, things: Inventory) -> Names:
        """Return every name; those of ``both`` are people's and cities'."""
        return cls(things.first + things.both, things.last, things.cities + things.both)

    def seen(self) -> Names:
        """Return the names that training sets have, two of three."""
        return Names(*(tuple(n for i, n in enumerate(own) if i % HELD_OUT) for own in (self.first, self.last, self.cities)))


@dataclass(frozen=True)
class Sampler:
    """Draws meanings from one stream of random numbers."""

    draw: Random
    things: Inventory
    names: Names

    def chance(self, probability: float) -> bool:
        """Return true with a probability."""
        return self.draw.random() < probability

    @cached_property
    def _people(self) -> tuple[str, ...]:
        return self.things.of_kind("person")

    @cached_property
    def _nouns(self) -> tuple[str, ...]:
        return self.things.of_kind("thing", "animal", "thing", "person")

    @cached_property
    def _qualities(self) -> tuple[str, ...]:
        return self.things.of_kind("adjective")

    def noun(self, word: str, adjective: float = 0.3) -> Thing:
        """Return a noun phrase, with an adjective or a colour as often as said."""
        kind = self.things.of_kind("colour" if self.chance(0.3) else "adjective")
        chosen = self.draw.choice(kind) if self.chance(adjective) else None
        return Thing(word, adjective=chosen, many=self.chance(0.2), definite=self.chance(0.8))

    def person(self) -> Thing:
        """Return somebody by name, sometimes with a surname."""
        last = self.draw.choice(self.names.last) if self.chance(0.25) else None
        return Thing(self.draw.choice(self.names.first), "person", last)

    def organisation(self) -> Thing:
        """Return a company or a bank, called after a person or a city."""
        if self.chance(0.5):
            return Thing(self.draw.choice(self.names.last), "company")
        return Thing(self.draw.choice(self.names.cities), "bank")

    def somebody(self) -> Thing:
        """Return one who can act."""
        at = self.draw.random()
        if at < 0.5:
            return self.person()
        if at < 0.6:
            return self.organisation()
        return self.noun(self.draw.choice(self._people if at < 0.85 else self.things.of_kind("animal")))

    def anything(self) -> Thing:
        """Return somebody or something that can be acted upon."""
        if self.chance(0.25):
            return self.person()
        return self.noun(self.draw.choice(self._nouns))

    def perhaps_two(self, noun: Thing, other: Thing) -> Noun:
        """Return a noun phrase, now and then joined with another one by and."""
        return Both(noun, other) if self.chance(0.15) and noun != other else noun

    def place(self) -> Place:
        """Return a place: beside or in something, or in a city."""
        if self.chance(0.3):
            return Place("in" if self.chance(0.7) else "near", Thing(self.draw.choice(self.names.cities), "city"))
        thing = replace(self.noun(self.draw.choice(self.things.of_kind("place")), 0.15), many=False)
        return Place(self.draw.choice(ADPOSITIONS), thing)

    def time(self) -> str:
        """Return a time."""
        return self.draw.choice(self.things.of_kind("time"))

    def verb(self) -> str:
        """Return a transitive verb."""
        return self.draw.choice(self.things.of_kind("transitive"))

    def event(self, *, place: float = 0.45, time: float = 0.35, negated: float = 0.1) -> Event:
        """Return an event; most have an object that is not the subject."""
        if self.chance(0.12):
            verb, object_ = self.draw.choice(self.things.of_kind("intransitive")), None
        else:
            verb, object_ = self.verb(), self.anything()
        subject = self.somebody()
        while subject == object_:
            subject = self.somebody()
        event = Event(
            self.perhaps_two(subject, self.somebody()),
            verb,
            object_ and self.perhaps_two(object_, self.anything()),
            self.place() if self.chance(place) else None,
            self.time() if self.chance(time) else None,
            self.chance(negated),
        )
        return self.fronted(event) if self.chance(0.3) else event

    def fronted(self, event: Event) -> Event:
        """Return the event with another order of its parts: an adjunct moved to the front, or back from it."""
        choices = [name for name in (None, "place", "time") if name is None or getattr(event, name) is not None]
        others = [name for name in choices if name != event.front]
        return replace(event, front=self.draw.choice(others)) if others else event

    def quality(self) -> Quality:
        """Return what something is like, often compared with another thing."""
        than = self.anything() if self.chance(0.5) else None
        subject = self.anything()
        while subject == than:
            subject = self.anything()
        return Quality(subject, self.draw.choice(self._qualities), than, self.chance(0.1))

    def being(self) -> Being:
        """Return what something is: a member of its class, or a person of some trade."""
        if self.chance(0.5):
            return Being(self.person(), Thing(self.draw.choice(self._people), definite=False))
        word = self.draw.choice(self._nouns)
        above = self.things.concepts[word].above
        return Being(Thing(word, definite=False), Thing(above, definite=False))

    def located(self) -> Located:
        """Return where something is."""
        return Located(self.anything(), self.place(), self.chance(0.1))

    def meaning(self) -> Meaning:
        """Return a meaning of any kind, most of them events."""
        at = self.draw.random()
        if at < 0.6:
            return self.event()
        return self.quality() if at < 0.75 else self.being() if at < 0.85 else self.located()

    def scene(self, size: int) -> list[Meaning]:
        """Return some meanings about the same things: each but the first begins with what another was about."""
        told = [self.meaning()]
        while len(told) < size:
            new, old = self.meaning(), self.draw.choice(told)
            same = self.chance(0.6) and not isinstance(new, Being) and not isinstance(old, Being)
            told.append(replace(new, subject=old.subject) if same else new)
        return told

    def alike(self, size: int) -> list[Event]:
        """Return events of which each shares its verb, object or place with the first, and no two the same parts.

        What question answering and inference need: facts that cannot be told apart by one word.
        """
        first = self.told()
        events = [first]
        while len(events) < size:
            other = self.told()
            shared = self.draw.sample(("verb", "object", "place", "subject"), self.draw.choice((1, 2)))
            other = replace(other, **{name: getattr(first, name) for name in shared})
            if all(other.subject != e.subject or other.verb != e.verb or other.object != e.object for e in events):
                events.append(other)
        self.draw.shuffle(events)
        return events

    def told(self) -> Event:
        """Return an event with a subject, an object and a place, as a fact to ask about."""
        subject, object_ = self.somebody(), self.anything()
        while subject == object_:
            subject = self.somebody()
        return Event(subject, self.verb(), object_, self.place(), self.time() if self.chance(0.4) else None)
