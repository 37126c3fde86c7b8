"""Question pairs: the same question said otherwise, or another one that looks no less like it.

Each way to say the same has a twin that asks something else with the same changes on the surface: two that are joined
exchanged, or one who acted and one acted upon; a verb or adjective replaced by a synonym, or by another that has synonyms
too. A few ask for another slot or about another place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from isthmus.core.seeds import stream
from isthmus.world.grammar import Grammar, text_of
from isthmus.world.layout import pairs
from isthmus.world.meaning import Event, Query
from isthmus.world.rewriting import crowded, joined_otherwise, roles_exchanged
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 15_000, "dev": 400}
HEADER = ("id", "qid1", "qid2", "question1", "question2", "is_duplicate")


def rows(sampler: Sampler, grammar: Grammar, count: int) -> Iterator[tuple[str, ...]]:
    """Yield the cells of pairs, half of them duplicates."""
    for number in range(count):
        same = sampler.chance(0.5)
        asked = _pair(sampler, same=same)
        first, second = (text_of(grammar.sentence(query)) for query in (asked if sampler.chance(0.5) else asked[::-1]))
        yield str(number), str(2 * number), str(2 * number + 1), first, second, str(int(same))


def _pair(sampler: Sampler, *, same: bool) -> tuple[Query, Query]:
    at = sampler.draw.random()
    if at < 0.5:
        event = replace(crowded(sampler), front=None)
        slot = sampler.draw.choice([slot for slot in ("place", "time") if getattr(event, slot)])
        return Query(event, slot), Query(joined_otherwise(event) if same else roles_exchanged(event), slot)
    if at < 0.9 or same:
        return _reworded(sampler, same=same)
    event = replace(sampler.told(), time=None)
    if at < 0.95:
        return Query(event, "place"), Query(replace(event, place=None, time=sampler.time()), "time")
    slot = sampler.draw.choice(("subject", "object"))
    return Query(event, slot), Query(_elsewhere(event, sampler), slot)


def _elsewhere(event: Event, sampler: Sampler) -> Event:
    assert event.place is not None, event
    old = event.place.thing
    kind = sampler.names.cities if old.kind == "city" else sampler.things.of_kind("place")
    new = replace(old, word=sampler.draw.choice([word for word in kind if word != old.word]))
    return replace(event, place=replace(event.place, thing=new))


def _reworded(sampler: Sampler, *, same: bool) -> tuple[Query, Query]:
    """Return a question and one with another verb or adjective, a synonym where they are to ask the same."""
    event = sampler.told()
    slot = sampler.draw.choice([slot for slot in ("subject", "object", "place", "time") if getattr(event, slot)])
    shown = [name for name in ("subject", "object") if name != slot and getattr(event, name).kind == "noun"]
    if shown and sampler.chance(0.5):
        name = sampler.draw.choice(shown)
        thing = getattr(event, name)
        adjectives = _exchangeable(sampler, "adjective", same=same)
        one, other = (replace(event, **{name: replace(thing, adjective=word)}) for word in adjectives)
    else:
        one, other = (replace(event, verb=word) for word in _exchangeable(sampler, "transitive", same=same))
    return Query(one, slot), Query(other, slot)


def _exchangeable(sampler: Sampler, kind: str, *, same: bool) -> tuple[str, str]:
    """Return two words that have synonyms: of each other, or antonyms where there are any that have, or unrelated."""
    concepts = sampler.things.concepts
    known = [word for word in sampler.things.of_kind(kind) if concepts[word].synonyms]
    word = sampler.draw.choice(known)
    if same:
        return word, sampler.draw.choice(concepts[word].synonyms)
    opposites = [other for other in concepts[word].antonyms if other in known]
    others = [other for other in known if other != word and other not in concepts[word].synonyms]
    return word, sampler.draw.choice(opposites if opposites and sampler.chance(0.7) else others)


def render(request: Request) -> dict[str, str]:
    """Return GLUE's columns below their header."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"qqp/{request.split}"), grammar.things, Names.all_of(grammar.things))
    return {SET.patterns[request.split]: pairs([HEADER, *rows(sampler, grammar, SIZES[request.split])])}


SET = WorldSet({"train": "QQP/train.tsv", "dev": "QQP/dev.tsv"}, render)
