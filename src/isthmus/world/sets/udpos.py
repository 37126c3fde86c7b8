"""Parts of speech: sentences of all kinds, the same ones in every language."""

from __future__ import annotations

from isthmus.core.seeds import stream
from isthmus.world.layout import tags
from isthmus.world.meaning import Meaning, Query
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 3000, "dev": 300, "test": 400}


def render(request: Request) -> dict[str, str]:
    """Return ``word TAB tag`` lines."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"udpos/{request.split}"), grammar.things, Names.all_of(grammar.things))
    sentences = [grammar.sentence(_drawn(sampler)) for _ in range(SIZES[request.split])]
    return {SET.patterns[request.split].replace("{language}", request.language): tags(sentences, "pos")}


def _drawn(sampler: Sampler) -> Meaning | Query:
    """Return a meaning of any kind, sometimes a question."""
    if sampler.chance(0.1):
        return Query(sampler.told(), sampler.draw.choice(("subject", "object", "place")))
    return sampler.meaning()


SET = WorldSet({split: f"udpos/{split}-{{language}}.tsv" for split in SIZES}, render)
