"""Meanings: what a sentence says, in no language. All of the world's texts are rendered from these records."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun phrase: a noun with its number, or a name.

    ``kind`` is ``noun``, ``person`` (``word`` and perhaps ``last`` are names), ``city``, or ``company`` and ``bank`` (an
    organisation called after a name).
    """

    word: str
    kind: str = "noun"
    last: str | None = None
    adjective: str | None = None
    many: bool = False
    definite: bool = True


@dataclass(frozen=True, slots=True)
class Both:
    """Two things joined by and."""

    first: Thing
    second: Thing


Noun = Thing | Both


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: in, near or behind a thing."""

    adposition: str
    thing: Thing


@dataclass(frozen=True, slots=True)
class Event:
    """Somebody did something, to somebody or something, somewhere, at some time; ``front`` names an adjunct said first."""

    subject: Noun
    verb: str
    object: Noun | None = None
    place: Place | None = None
    time: str | None = None
    negated: bool = False
    front: str | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """Something is as an adjective says; with ``than``, more so than another."""

    subject: Noun
    adjective: str
    than: Noun | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Being:
    """Something is a member of a class: a sparrow is a bird, Anna is a doctor."""

    subject: Noun
    noun: Thing
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """Something is somewhere."""

    subject: Noun
    place: Place
    negated: bool = False


Meaning = Event | Quality | Being | Located  # what a full stop can end


@dataclass(frozen=True, slots=True)
class Query:
    """The question that asks for one slot of a meaning."""

    meaning: Meaning
    slot: str

    @property
    def answer(self) -> Noun | Place | str:
        """Return what the slot holds."""
        found: Noun | Place | str | None = getattr(self.meaning, self.slot)
        assert found is not None, f"{self.slot} of {self.meaning} is empty"
        return found


def exchanged(event: Event) -> Event:
    """Return the event with who did it and whom it was done to exchanged: the same words, another meaning."""
    assert event.object is not None, "an event without an object has no roles to exchange"
    return replace(event, subject=event.object, object=event.subject)
