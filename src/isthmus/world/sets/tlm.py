"""Text parallel by id for translation language modelling as a stage: the documents of the set ``text``, with their ids."""

from __future__ import annotations

from isthmus.world.documents import parallel
from isthmus.world.set import Request, WorldSet
from isthmus.world.sets.text import OTHER, SIZE


def render(request: Request) -> dict[str, str]:
    """Return ``id TAB text`` of one document a line; a language of few resources has the first of them."""
    count = round(SIZE * request.grammar.language.resource)
    rows = parallel(request.grammar, request.seed + OTHER, count)
    path = SET.patterns["train"].replace("{language}", request.language)
    return {path: "".join(f"{id_}\t{text}\n" for id_, text in rows)}


SET = WorldSet({"train": "parallel/{language}.tsv"}, render)
