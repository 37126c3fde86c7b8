"""What can be talked about: the concepts of the world and how they are related, from ``inventory.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from isthmus.study.document import read_mapping

FILE = Path(__file__).with_name("inventory.yaml")


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept by its English word; ``other`` is its second English form (plural, past, comparative).

    ``kind`` is a kind of noun (animal, person, thing, place), ``transitive``, ``intransitive``, ``adjective``, ``colour``,
    ``time`` or a part of speech of function words; ``above`` is the class that a noun belongs to ("" for a class itself).
    """

    word: str
    other: str
    kind: str
    above: str = ""
    synonyms: tuple[str, ...] = ()
    antonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inventory:
    """All concepts by their English word, and the names of people and cities."""

    concepts: Mapping[str, Concept]
    first: tuple[str, ...]
    last: tuple[str, ...]
    cities: tuple[str, ...]
    both: tuple[str, ...]

    def of_kind(self, *kinds: str) -> tuple[str, ...]:
        """Return the words of some kinds, nouns that are classes left out, in the order of the file."""
        found = self._by_kind()
        return tuple(word for kind in kinds for word in found.get(kind, ()))

    def classes(self) -> dict[str, tuple[str, ...]]:
        """Return {class: its members}."""
        grouped: dict[str, list[str]] = {}
        for concept in self.concepts.values():
            if concept.above:
                grouped.setdefault(concept.above, []).append(concept.word)
        return {name: tuple(members) for name, members in grouped.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name of a person or a city."""
        return (*self.first, *self.last, *self.cities, *self.both)

    @cache  # noqa: B019 - there is one inventory
    def _by_kind(self) -> dict[str, tuple[str, ...]]:
        above = {concept.above for concept in self.concepts.values()}
        grouped: dict[str, list[str]] = {}
        for concept in self.concepts.values():
            if concept.word not in above:
                grouped.setdefault(concept.kind, []).append(concept.word)
        return {kind: tuple(words) for kind, words in grouped.items()}

    def __hash__(self) -> int:
        return id(self)


@cache
def inventory() -> Inventory:
    """Return the inventory of the package."""
    content, _ = read_mapping(FILE)
    concepts = {concept.word: concept for concept in _concepts(content)}
    names = {key: tuple(words) for key, words in content["names"].items()}
    return Inventory(concepts, names["first"], names["last"], names["city"], names["both"])


def _concepts(content: Mapping[str, Any]) -> Iterator[Concept]:
    for kind, classes in content["nouns"].items():
        for above, members in classes.items():
            yield Concept(above, _plural(above), kind)
            for member in members:
                word, _, plural = member.partition("/")
                yield Concept(word, plural or _plural(word), kind, above)
    for kind, lines in content["verbs"].items():
        yield from (concept for line in lines for concept in _related(line, kind))
    yield from (concept for line in content["adjectives"] for concept in _related(line, "adjective"))
    yield from (Concept(word, word, "colour") for word in content["colours"])
    yield from (Concept(word, word, "time") for word in content["times"])
    yield from (Concept(word, word, kind) for word, kind in content["function"].items())


def _plural(word: str) -> str:
    return word + ("es" if word.endswith(("s", "sh", "ch", "x")) else "s")


def _related(line: str, kind: str) -> Iterator[Concept]:
    """Yield the concepts of ``word form = word form | word form``: synonyms stand between =, antonyms around |."""
    sides = [[tuple(pair.split()) for pair in side.split("=")] for side in line.split("|")]
    for side in sides:
        against = tuple(word for other in sides if other is not side for word, _ in other)
        for word, form in side:
            yield Concept(word, form, kind, "", tuple(w for w, _ in side if w != word), against)
