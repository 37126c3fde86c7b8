"""Raw text to pretrain on: one file a language, and ``mixed`` with words of two languages in one document."""

from __future__ import annotations

from isthmus.world.documents import MATCHING, MIXED, MIXED_NAME, PARALLEL, matching, mixed, parallel
from isthmus.world.language import SOURCE
from isthmus.world.set import Request, WorldSet


def render(request: Request) -> dict[str, str]:
    """Return ``id TAB text`` of parallel documents, then ``TAB first TAB second`` of documents of two segments."""
    path = SET.patterns["train"].replace("{language}", request.language)
    if request.language == MIXED_NAME:
        return {path: "".join(f"{text}\n" for text in mixed(request.grammars, request.seed, MIXED))}
    grammar = request.grammar
    share = grammar.language.resource
    lines = [f"{id_}\t{text}\n" for id_, text in parallel(grammar, request.seed, round(PARALLEL * share))]
    lines += [f"\t{a}\t{b}\n" for a, b in matching(grammar, request.grammars[SOURCE], request.seed, round(MATCHING * share))]
    return {path: "".join(lines)}


SET = WorldSet({"train": "corpora/{language}.tsv"}, render)
