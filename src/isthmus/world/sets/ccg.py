"""Supertags: every word with its category, after combinatory categorial grammar: it says what the word combines with."""

from __future__ import annotations

from isthmus.core.seeds import stream
from isthmus.world.layout import tags
from isthmus.world.meaning import Query
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 5000, "dev": 400}
QUESTIONS = 0.15  # share of sentences that ask


def render(request: Request) -> dict[str, str]:
    """Return ``word TAB category`` lines."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"ccg/{request.split}"), grammar.things, Names.all_of(grammar.things))
    slots = ("subject", "object", "place")
    sentences = [
        grammar.sentence(
            Query(sampler.told(), sampler.draw.choice(slots)) if sampler.chance(QUESTIONS) else sampler.meaning()
        )
        for _ in range(SIZES[request.split])
    ]
    return {SET.patterns[request.split]: tags(sentences, "category")}


SET = WorldSet({"train": "ccg/train.tsv", "dev": "ccg/dev.tsv"}, render)
