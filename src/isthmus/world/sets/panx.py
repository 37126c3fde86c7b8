"""Named entities: shared, native and ambiguous names, a third of which training sets never show."""

from __future__ import annotations

from isthmus.core.seeds import stream
from isthmus.world.layout import tags
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 4000, "dev": 300, "test": 400}


def render(request: Request) -> dict[str, str]:
    """Return ``word TAB tag`` lines."""
    grammar = request.grammar
    names = Names.all_of(grammar.things)
    if request.split == "train":
        names = names.seen()
    sampler = Sampler(stream(request.seed, f"panx/{request.split}"), grammar.things, names)
    sentences = [grammar.sentence(sampler.meaning()) for _ in range(SIZES[request.split])]
    return {SET.patterns[request.split].replace("{language}", request.language): tags(sentences, "entity")}


SET = WorldSet({split: f"panx/{split}-{{language}}.tsv" for split in SIZES}, render)
