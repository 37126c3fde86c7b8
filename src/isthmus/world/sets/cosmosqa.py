"""Why, and what next: what lies behind a reading, where only common sense says what is undone by what.

A reading has two or three facts about as many people; the question says of one of them what was done, and not to what. What
is broken is repaired, what is lost is found: what comes next is asked of what happens first, and the reason of what comes
after. The four answers are two things of the reading by two verbs, neither of them in the reading, and each thing and each
verb stands in two answers. The wrong verb is what comes of another fact or, every other time, a deed that calls for another
one where the question asks what came of one, and the other way round. So the reading says which thing it was, and common
sense the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from isthmus.core.seeds import stream
from isthmus.world.comparing import heads, unlike
from isthmus.world.grammar import Grammar, text_of
from isthmus.world.layout import table
from isthmus.world.meaning import Event, Thing
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 10_000, "dev": 400}
HEADER = ("id", "context", "question", *(f"answer{i}" for i in range(4)), "label")
WHY, NEXT = "why", "then"  # which no language of the world has a word for: questions have the English ones
# {what is done: what undoes it}; each with its synonyms.
UNDOING = {
    "lose": "find",
    "break": "repair",
    "hide": "show",
    "capture": "free",
    "drop": "lift",
    "soil": "clean",
    "harm": "help",
    "wake": "calm",
    "sell": "buy",
    "meet": "leave",
}


def items(sampler: Sampler, grammar: Grammar, split: str) -> Iterator[tuple[str, ...]]:
    """Yield the cells of rows; of causes and of what follows there are as many."""
    for number in range(SIZES[split]):
        asked = sampler.draw.choice((WHY, NEXT))
        facts, own, other = _reading(sampler, asked)
        right = _answering(sampler, own, asked)
        wrong = _answering(sampler, other, asked) if sampler.chance(0.5) else _elsewhere(sampler, facts, asked)
        somebody = _newcomer(sampler, facts)
        answers = [Event(somebody, verb, fact.object) for verb in (right, wrong) for fact in (own, other)]
        order = sampler.draw.sample(range(4), 4)
        yield (
            f"{split}-{number}",
            " ".join(text_of(grammar.sentence(fact)) for fact in facts),
            f"{text_of(grammar.sentence(Event(own.subject, own.verb)))} {asked}?",
            *(text_of(grammar.sentence(answers[i])) for i in order),
            str(order.index(0)),
        )


def _reading(sampler: Sampler, asked: str) -> tuple[list[Event], Event, Event]:
    """Return facts with unlike people, verbs and things, the one asked about, and the one it may be taken for."""
    verbs = sampler.draw.sample([*_senses(asked)], sampler.draw.choice((2, 2, 3)))
    people = _people(sampler, len(verbs))
    things = unlike(sampler, len(verbs))
    facts = []
    for verb, subject, thing in zip(verbs, people, things, strict=True):
        facts.append(replace(sampler.told(), subject=subject, verb=_said(sampler, verb), object=thing))
    own, other = sampler.draw.sample(facts, 2)
    return facts, own, other


def _answering(sampler: Sampler, fact: Event, asked: str) -> str:
    """Return a verb that says what follows a fact or what it followed from."""
    for said, answer in _senses(asked).items():
        if fact.verb in (said, *sampler.things.concepts[said].synonyms):
            return _said(sampler, answer)
    raise AssertionError(f"nothing undoes {fact.verb}")


def _elsewhere(sampler: Sampler, facts: list[Event], asked: str) -> str:
    """Return a verb of another pair than those of the facts, of the same sense as theirs."""
    concepts = sampler.things.concepts
    told = {word for fact in facts for word in (fact.verb, *concepts[fact.verb].synonyms)}
    return _said(sampler, sampler.draw.choice([verb for verb in _senses(asked) if verb not in told]))


def _senses(asked: str) -> dict[str, str]:
    """Return {verb of a fact: verb of the answer} of what is asked."""
    return UNDOING if asked == NEXT else {undone: done for done, undone in UNDOING.items()}


def _said(sampler: Sampler, verb: str) -> str:
    return sampler.draw.choice((verb, *sampler.things.concepts[verb].synonyms))


def _people(sampler: Sampler, count: int) -> list[Thing]:
    return [Thing(name, "person") for name in sampler.draw.sample(sampler.names.first, count)]


def _newcomer(sampler: Sampler, facts: list[Event]) -> Thing:
    """Return somebody of whom the facts say nothing."""
    told = set[str]().union(*(heads(noun) for fact in facts for noun in (fact.subject, fact.object) if noun))
    while True:
        (somebody,) = _people(sampler, 1)
        if somebody.word not in told:
            return somebody


def render(request: Request) -> dict[str, str]:
    """Return the columns of CosmosQA below their header."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"cosmosqa/{request.split}"), grammar.things, Names.all_of(grammar.things))
    return {SET.patterns[request.split]: table(HEADER, items(sampler, grammar, request.split))}


SET = WorldSet({"train": "cosmosqa/train.csv", "dev": "cosmosqa/valid.csv"}, render)
