"""Questions about descriptions, another genre than SQuAD's events: where things are, what they are, how they compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from isthmus.core.seeds import stream
from isthmus.world.grammar import Grammar
from isthmus.world.layout import Asked, squad
from isthmus.world.meaning import Being, Located, Meaning, Quality, Query, Thing
from isthmus.world.questions import asked_about
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 3000, "test": 400}


def questions(sampler: Sampler, grammar: Grammar, count: int) -> Iterator[Asked]:
    """Yield questions with their contexts of two or three descriptions of the same kind of things."""
    for number in range(count):
        facts = described(sampler, sampler.draw.choice((2, 3, 3)))
        chosen = sampler.draw.choice(facts)
        if isinstance(chosen, Located):
            slot = sampler.draw.choice(("place", "place", "subject"))
        else:
            slot = "subject" if isinstance(chosen, Quality) else sampler.draw.choice(("noun", "subject"))
        yield asked_about(Query(chosen, slot), facts, grammar, f"q{number}")


def described(sampler: Sampler, size: int) -> list[Meaning]:
    """Return descriptions none of which answers for another: subjects, places, adjectives and classes all differ."""
    facts: list[Meaning] = []
    taken: set[object] = set()
    word = sampler.draw.choice(sampler.things.of_kind("thing", "animal", "person"))
    while len(facts) < size:
        fact = _description(sampler, word)
        parts: set[object] = {fact.subject}
        if isinstance(fact, Located):
            parts.add(fact.place)
        elif isinstance(fact, Quality):
            parts |= {fact.adjective, fact.than}
        else:
            parts.add(fact.noun)
        if not parts & taken:
            taken |= parts
            facts.append(fact)
    return facts


def _description(sampler: Sampler, word: str) -> Located | Quality | Being:
    at = sampler.draw.random()
    if at < 0.55:
        # Things of one name, told apart by what they are like.
        alike = sampler.chance(0.6)
        subject = replace(sampler.noun(word, 1.0), many=False, definite=True) if alike else sampler.anything()
        return Located(subject, sampler.place())
    if at < 0.8:
        adjective = sampler.draw.choice(sampler.things.of_kind("adjective"))
        return Quality(sampler.person(), adjective, than=sampler.anything())
    return Being(sampler.person(), Thing(sampler.draw.choice(sampler.things.of_kind("person")), definite=False))


def render(request: Request) -> dict[str, str]:
    """Return the JSON of SQuAD."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"tydiqa/{request.split}"), grammar.things, Names.all_of(grammar.things))
    asked = questions(sampler, grammar, SIZES[request.split])
    return {SET.patterns[request.split].replace("{language}", request.language): squad(asked)}


SET = WorldSet(
    {
        "train": "tydiqa/tydiqa-goldp-v1.1-train/tydiqa.goldp.{language}.train.json",
        "test": "tydiqa/tydiqa-goldp-v1.1-dev/tydiqa.goldp.{language}.dev.json",
    },
    render,
)
