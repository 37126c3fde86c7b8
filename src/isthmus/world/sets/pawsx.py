"""Strict PAWS: both labels have the same words, and one exchange of noun phrases; only what it does to the meaning differs.

A paraphrase exchanges two that are joined by ``and``, the other label one who acted and one who was acted upon. In both an
adjunct moves. So counts, lengths and overlap say nothing.
"""

from __future__ import annotations

from isthmus.core.seeds import stream
from isthmus.world.grammar import text_of
from isthmus.world.layout import pairs
from isthmus.world.rewriting import crowded, joined_otherwise, moved, roles_exchanged
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 12_000, "dev": 400, "test": 500}


def render(request: Request) -> dict[str, str]:
    """Return rows ``first second label``, label 1 for a paraphrase."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"pawsx/{request.split}"), grammar.things, Names.all_of(grammar.things))
    rows = []
    for number in range(SIZES[request.split]):
        first = crowded(sampler)
        same = number % 2 == 0
        second = moved(joined_otherwise(first) if same else roles_exchanged(first))
        rows.append((text_of(grammar.sentence(first)), text_of(grammar.sentence(second)), str(int(same))))
    return {SET.patterns[request.split].replace("{language}", request.language): pairs(rows)}


SET = WorldSet({split: f"pawsx/{split}-{{language}}.tsv" for split in SIZES}, render)
