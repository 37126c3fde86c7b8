"""Sentence retrieval: the same sentences in a language and in English; no two of them are alike."""

from __future__ import annotations

from isthmus.core.seeds import stream
from isthmus.world.grammar import text_of
from isthmus.world.language import SOURCE
from isthmus.world.layout import lines
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZE = 500


def render(request: Request) -> dict[str, str]:
    """Return the sentences in the language and, on the same lines, in English."""
    own, english = request.grammar, request.grammars[SOURCE]
    sampler = Sampler(stream(request.seed, "tatoeba/test"), own.things, Names.all_of(own.things))
    told: dict[str, str] = {}
    while len(told) < SIZE:
        event = sampler.event()
        told.setdefault(text_of(english.sentence(event)), text_of(own.sentence(event)))
    path = SET.patterns["test"].replace("{language}", request.language)
    return {f"tatoeba/{request.language}-en.en": lines(told), path: lines(told.values())}


SET = WorldSet({"test": "tatoeba/{language}-en.{language}"}, render, bilingual=True)
