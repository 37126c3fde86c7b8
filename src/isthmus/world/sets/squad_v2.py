"""Questions about events of which a part has no answer: it asks for something like what its context says.

What is asked is drawn before it is drawn whether the context says it: one slot of a fact may be another fact's, who did it
and whom it was done to may be exchanged, the verb may be an antonym where it would be a synonym. So the questions of both
kinds have the same words, and as many of them stand in their contexts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from isthmus.core.seeds import stream
from isthmus.world.comparing import heads
from isthmus.world.grammar import Grammar, text_of
from isthmus.world.layout import Asked, squad_v2
from isthmus.world.meaning import Both, Event, Place, Query, Thing, exchanged
from isthmus.world.questions import asked_about
from isthmus.world.rewriting import acting, contrasted
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 10_000, "dev": 400}
ANSWERED = {"train": 2 / 3, "dev": 1 / 2}  # share of questions, as in the official sets
SLOTS = ("subject", "object", "place")
Posed = tuple[list[Event], Event, Query]  # the facts, the one that answers or seems to, and what is asked


def questions(sampler: Sampler, grammar: Grammar, split: str) -> Iterator[Asked]:
    """Yield questions with their contexts of two or three events."""
    for number in range(SIZES[split]):
        answered = sampler.chance(ANSWERED[split])
        pose = sampler.draw.choice(WAYS)
        while True:
            facts, fact, query = pose(sampler, answered)
            if any(says(one, query, grammar) for one in facts) == answered:
                break
        sampler.draw.shuffle(facts)
        one = asked_about(Query(fact, query.slot), facts, grammar, f"q{number}")
        one = replace(one, question=text_of(grammar.sentence(query)))
        yield one if answered else replace(one, answer="", start=0)


def says(fact: Event, query: Query, grammar: Grammar) -> bool:
    """Say whether a fact answers a question: what the question mentions is so in the fact, in these words or synonyms."""
    asked = query.meaning
    assert isinstance(asked, Event), asked
    verbs = (asked.verb, *grammar.things.concepts[asked.verb].synonyms)
    mentioned = [slot for slot in (*SLOTS, "time") if slot != query.slot and getattr(asked, slot) is not None]
    return fact.verb in verbs and all(_gist(getattr(fact, slot)) == _gist(getattr(asked, slot)) for slot in mentioned)


def _gist(filler: Any) -> object:
    """Return what a slot holds without adjectives, articles and number."""
    if isinstance(filler, Place):
        return filler.adposition, heads(filler.thing)
    return heads(filler) if isinstance(filler, Thing | Both) else filler


def _mixed_up(sampler: Sampler, answered: bool) -> Posed:
    """Return a question about a fact, or about that fact with a slot of another one."""
    facts = sampler.alike(sampler.draw.choice((2, 2, 3)))
    fact, other = sampler.draw.sample(facts, 2)
    slot = sampler.draw.choice(SLOTS)
    changed = sampler.draw.choice([name for name in (*SLOTS, "verb") if name != slot])
    return facts, fact, Query(fact if answered else replace(fact, **_only(changed, getattr(other, changed))), slot)


def _turned(sampler: Sampler, answered: bool) -> Posed:
    """Return a question about who did something to whom, or about the same the other way round."""
    fact = acting(sampler)
    return [fact, *_others(sampler, fact)], fact, Query(fact if answered else exchanged(fact), sampler.draw.choice(SLOTS))


def _reworded(sampler: Sampler, answered: bool) -> Posed:
    """Return a question that has a synonym of a fact's verb, or an antonym."""
    asked, said = contrasted(sampler, same=answered)
    fact = replace(sampler.told(), verb=said)
    return [fact, *_others(sampler, fact)], fact, Query(replace(fact, verb=asked), sampler.draw.choice(SLOTS))


WAYS: tuple[Callable[[Sampler, bool], Posed], ...] = (_mixed_up, _turned, _reworded)


def _others(sampler: Sampler, fact: Event) -> Sequence[Event]:
    """Return a fact or two that share something with a fact."""
    found = []
    for _ in range(sampler.draw.choice((1, 1, 2))):
        shared = sampler.draw.choice(SLOTS)
        found.append(replace(sampler.told(), **_only(shared, getattr(fact, shared))))
    return found


def _only(slot: str, filler: Any) -> dict[str, Any]:
    return {slot: filler}


def render(request: Request) -> dict[str, str]:
    """Return the JSON of SQuAD v2.0."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"squad_v2/{request.split}"), grammar.things, Names.all_of(grammar.things))
    return {SET.patterns[request.split]: squad_v2(questions(sampler, grammar, request.split))}


SET = WorldSet({"train": "squad_v2.0/train-v2.0.json", "dev": "squad_v2.0/dev-v2.0.json"}, render)
