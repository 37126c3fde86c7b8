"""Natural language inference: MNLI's training set in English, and XNLI's development and test sets in every language."""

from __future__ import annotations

from isthmus.core.seeds import stream
from isthmus.world.inference import inferences
from isthmus.world.layout import pairs
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 15_000, "dev": 402, "test": 501}


def render(request: Request) -> dict[str, str]:
    """Return rows ``premise hypothesis label``."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"xnli/{request.split}"), grammar.things, Names.all_of(grammar.things))
    rows = inferences(sampler, grammar, SIZES[request.split])
    return {SET.patterns[request.split].replace("{language}", request.language): pairs(rows)}


SET = WorldSet(
    {"train": "xnli/train-en.tsv", "dev": "xnli/dev-{language}.tsv", "test": "xnli/test-{language}.tsv"},
    render,
)
