"""Raw text to pretrain on: parallel documents, documents of two matching segments, and documents that mix languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from isthmus.core.seeds import stream
from isthmus.world.grammar import Grammar, Word, Words, text_of
from isthmus.world.language import SOURCE
from isthmus.world.meaning import Both, Event, Meaning, Place, Query, Thing
from isthmus.world.rewriting import crowded, joined_otherwise
from isthmus.world.sampling import Names, Sampler

PARALLEL, MATCHING, MIXED = 12_000, 8_000, 12_000  # documents of a language with all its resources
MIXED_NAME = "mixed"  # stands where the name of a language does
SWITCHED = 0.4  # share of words of a mixed document that are another language's
LISTED = 0.15  # share of concepts that the word list has for a language of few resources
CROWDED = 0.5  # share of documents of two segments that are about three who can be exchanged
CROSSED = 0.4  # share of them that have one segment in English
BLOCK = 500  # documents drawn from one stream


def parallel(grammar: Grammar, seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Yield (id, text) of documents that say the same in every language."""
    mine = stream(seed, f"parallel/{grammar.language.name}")
    for number, draw in _numbered(seed, "parallel", count):
        sampler = Sampler(draw, grammar.things, Names.all_of(grammar.things))
        told = sampler.scene(draw.choice((1, 1, 2)))
        own = Sampler(mine, grammar.things, sampler.names)
        yield f"d{number}", " ".join(text_of(grammar.sentence(_otherwise(meaning, own))) for meaning in told)


def _otherwise(meaning: Meaning, sampler: Sampler) -> Meaning:
    """Return the same meaning as a translator might put it: adjuncts and joined phrases in another order now and then."""
    if not isinstance(meaning, Event):
        return meaning
    event = sampler.fronted(meaning) if sampler.chance(0.15) else meaning
    return joined_otherwise(event) if sampler.chance(0.15) else event


def matching(grammar: Grammar, english: Grammar, seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Yield two segments: some facts that share words, then one of them said again, or asked and answered.

    One of the segments is in English in a part of them: comparing is then learnt across languages.
    """
    for _, draw in _numbered(seed, f"matching/{grammar.language.name}", count):
        sampler = Sampler(draw, grammar.things, Names.all_of(grammar.things))
        facts = [crowded(sampler)] if sampler.chance(CROWDED) else sampler.alike(draw.choice((1, 2, 2, 3)))
        chosen = draw.choice(facts)
        one, other = draw.choice(((english, grammar), (grammar, english))) if sampler.chance(CROSSED) else (grammar, grammar)
        first = " ".join(text_of(one.sentence(fact)) for fact in facts)
        second = _again(sampler, chosen, other) if sampler.chance(0.5) else _asked(sampler, chosen, other)
        yield (second, first) if sampler.chance(0.5) else (first, second)


def _again(sampler: Sampler, event: Event, grammar: Grammar) -> str:
    again = joined_otherwise(event) if sampler.chance(0.5) else event
    return text_of(grammar.sentence(sampler.fronted(again) if sampler.chance(0.5) else again))


def _asked(sampler: Sampler, event: Event, grammar: Grammar) -> str:
    slots = [slot for slot in ("subject", "object", "place", "time") if getattr(event, slot) is not None]
    query = Query(event, sampler.draw.choice(slots))
    return f"{text_of(grammar.sentence(query))} {text_of(answered(query, grammar))}."


def answered(query: Query, grammar: Grammar) -> Words:
    """Return the words that answer a question: the phrase of the slot it asks for."""
    answer = query.answer
    if isinstance(answer, Place):
        return grammar.place(answer)
    if isinstance(answer, Thing | Both):
        return grammar.noun(answer, query.slot)
    return [Word(grammar.lexicon.words[answer], "ADV", r"S\S", "O", query.slot, answer)]


def mixed(grammars: Mapping[str, Grammar], seed: int, count: int) -> Iterator[str]:
    """Yield documents in English with words of another language put in, or the other way round, from word lists.

    For a language of few resources the list holds a part of the concepts only.
    """
    names = sorted(grammars.keys() - {SOURCE})
    lists = {name: _listed(grammar, seed) for name, grammar in grammars.items()}
    for _, draw in _numbered(seed, "mixed", count):
        foreign = draw.choice(names)
        own, other = (SOURCE, foreign) if draw.random() < 0.5 else (foreign, SOURCE)
        grammar = grammars[own]
        sampler = Sampler(draw, grammar.things, Names.all_of(grammar.things))
        told = sampler.scene(draw.choice((1, 1, 2)))
        sentences = (_switched(grammar.sentence(meaning), lists[other], draw) for meaning in told)
        yield " ".join(text_of(words) for words in sentences)


def _listed(grammar: Grammar, seed: int) -> dict[str, str]:
    words = grammar.lexicon.words
    if grammar.language.resource == 1.0:
        return dict(words)
    kept = stream(seed, f"list/{grammar.language.name}").sample(sorted(words), round(LISTED * len(words)))
    return {concept: words[concept] for concept in kept}


def _switched(words: Sequence[Word], other: Mapping[str, str], draw: Random) -> Words:
    return [
        word._replace(text=other[word.concept]) if word.concept in other and draw.random() < SWITCHED else word
        for word in words
    ]


def _numbered(seed: int, purpose: str, count: int) -> Iterator[tuple[int, Random]]:
    """Yield document numbers with their streams; a stream serves a block, so that fewer documents are a prefix of more."""
    draw = Random()
    for number in range(count):
        if number % BLOCK == 0:
            draw = stream(seed, f"{purpose}/{number // BLOCK}")
        yield number, draw
