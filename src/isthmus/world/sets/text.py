"""Raw text for masked language modelling as a stage: documents of one language that no encoder was pretrained on."""

from __future__ import annotations

from isthmus.world.documents import parallel
from isthmus.world.layout import lines
from isthmus.world.set import Request, WorldSet

SIZE = 3000
OTHER = 1_000_003  # added to the seed


def render(request: Request) -> dict[str, str]:
    """Return one document a line."""
    count = round(SIZE * request.grammar.language.resource)
    texts = (text for _, text in parallel(request.grammar, request.seed + OTHER, count))
    return {SET.patterns["train"].replace("{language}", request.language): lines(texts)}


SET = WorldSet({"train": "text/{language}.txt"}, render)
