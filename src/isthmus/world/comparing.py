"""What comparisons imply: who is bigger than another is larger than that one, and the other smaller.

A comparison said again has two switches, the order of the things and a word that means the same or the opposite; it is true
when both or none are turned. Two comparisons together, one with a synonym and one with an antonym of a word, hold the same
words whichever is which: only what is said of whom decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from isthmus.world.meaning import Both, Noun, Quality, Thing
from isthmus.world.sampling import Sampler


@dataclass(frozen=True, slots=True)
class Opposed:
    """Two comparisons of four things, one with a synonym and the other with an antonym of ``word``.

    ``other`` means the opposite of ``word`` and is in neither; "" where there is no such word.
    """

    facts: tuple[Quality, Quality]
    word: str
    other: str
    same: int  # which of the two has the synonym

    def implied(self, fact: int) -> Quality:
        """Return what one of the facts implies, with ``word``."""
        return self.facts[fact] if fact == self.same else turned(self.facts[fact])


def opposed(sampler: Sampler) -> Opposed:
    """Return two comparisons of opposite words, the one first as often as the other."""
    concepts = sampler.things.concepts
    word = sampler.draw.choice([word for word in sampler.things.of_kind("adjective") if concepts[word].synonyms])
    synonym, antonym = sampler.draw.choice(concepts[word].synonyms), sampler.draw.choice(concepts[word].antonyms)
    same = int(sampler.chance(0.5))
    adjectives = (antonym, synonym) if same else (synonym, antonym)
    a, b, c, d = unlike(sampler, 4)
    other = sampler.draw.choice(concepts[antonym].synonyms or ("",))
    return Opposed((Quality(a, adjectives[0], b), Quality(c, adjectives[1], d)), word, other, same)


def turned(fact: Quality) -> Quality:
    """Return a comparison with its things in the other order."""
    assert fact.than is not None, fact
    return replace(fact, subject=fact.than, than=fact.subject)


def unlike(sampler: Sampler, count: int) -> Sequence[Thing]:
    """Return things that share no noun and no name."""
    found: list[Thing] = []
    met: set[str] = set()
    while len(found) < count:
        thing = sampler.anything()
        if not heads(thing) & met:
            found.append(thing)
            met |= heads(thing)
    return found


def heads(noun: Noun) -> set[str]:
    """Return the nouns and names of a noun phrase, by which it is told from another in any language."""
    if isinstance(noun, Both):
        return heads(noun.first) | heads(noun.second)
    return {noun.word} | ({noun.last} if noun.last else set())
