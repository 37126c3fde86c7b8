"""Answer retrieval from a pool of all languages: facts that share words, and questions each of which one of them answers.

As in XQuAD-R the same contexts stand in every language, and every sentence of every language is a candidate.
"""

from __future__ import annotations

from collections.abc import Iterator

from isthmus.core.seeds import stream
from isthmus.world.grammar import Grammar, text_of
from isthmus.world.layout import Asked, squad_sentences
from isthmus.world.meaning import Query
from isthmus.world.questions import asked_about
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZE = 100  # contexts
FACTS = 3  # of a context, each asked about


def paragraphs(sampler: Sampler, grammar: Grammar, count: int) -> Iterator[tuple[tuple[str, ...], list[Asked]]]:
    """Yield the sentences of contexts, and their questions."""
    for number in range(count):
        facts = sampler.alike(FACTS)
        asked = []
        for i, fact in enumerate(facts):
            slot = sampler.draw.choice(("subject", "object", "place"))
            asked.append(asked_about(Query(fact, slot), facts, grammar, f"q{number}-{i}"))
        yield tuple(text_of(grammar.sentence(fact)) for fact in facts), asked


def render(request: Request) -> dict[str, str]:
    """Return the JSON of XQuAD-R of one language; questions and their ids are the same in every language."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, "lareqa/test"), grammar.things, Names.all_of(grammar.things))
    path = SET.patterns["test"].replace("{language}", request.language)
    return {path: squad_sentences(paragraphs(sampler, grammar, SIZE))}


SET = WorldSet({"test": "lareqa/xquad-r/{language}.json"}, render, pooled=True)
