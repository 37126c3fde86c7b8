"""Questions of SQuAD's genre in every language: the same contexts and questions, with the same ids."""

from __future__ import annotations

from isthmus.core.seeds import stream
from isthmus.world.layout import squad
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet
from isthmus.world.sets.squad import questions

SIZE = 400


def render(request: Request) -> dict[str, str]:
    """Return the JSON of SQuAD."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, "xquad/test"), grammar.things, Names.all_of(grammar.things))
    return {SET.patterns["test"].replace("{language}", request.language): squad(questions(sampler, grammar, SIZE))}


SET = WorldSet({"test": "xquad/xquad.{language}.json"}, render)
