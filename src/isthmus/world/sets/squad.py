"""Questions about events, as SQuAD's are about paragraphs: every fact of a context shares words with the one asked about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isthmus.core.seeds import stream
from isthmus.world.grammar import Grammar
from isthmus.world.layout import Asked, squad
from isthmus.world.meaning import Query
from isthmus.world.questions import asked_about
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 10_000, "dev": 400}
FACTS = (2, 2, 3)  # of a context


def questions(sampler: Sampler, grammar: Grammar, count: int, sizes: Sequence[int] = FACTS) -> Iterator[Asked]:
    """Yield questions with their contexts of events; how many is drawn from ``sizes``."""
    for number in range(count):
        facts = sampler.alike(sampler.draw.choice(sizes))
        chosen = sampler.draw.choice(facts)
        slots = [slot for slot in ("subject", "subject", "object", "object", "place", "time") if getattr(chosen, slot)]
        query = Query(chosen, sampler.draw.choice(slots))
        yield asked_about(query, facts, grammar, f"q{number}")


def render(request: Request) -> dict[str, str]:
    """Return the JSON of SQuAD."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"squad/{request.split}"), grammar.things, Names.all_of(grammar.things))
    return {SET.patterns[request.split]: squad(questions(sampler, grammar, SIZES[request.split]))}


SET = WorldSet({"train": "squad/train-v1.1.json", "dev": "squad/dev-v1.1.json"}, render)
