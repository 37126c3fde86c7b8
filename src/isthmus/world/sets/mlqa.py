"""Questions in every language about longer contexts than XQuAD's; question and context are of one language."""

from __future__ import annotations

from isthmus.core.seeds import stream
from isthmus.world.layout import squad
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet
from isthmus.world.sets.squad import questions

SIZES = {"dev": 300, "test": 400}
FACTS = (3, 4)  # of a context


def render(request: Request) -> dict[str, str]:
    """Return the JSON of SQuAD; questions, ids and answers are the same in every language."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"mlqa/{request.split}"), grammar.things, Names.all_of(grammar.things))
    path = SET.patterns[request.split].replace("{language}", request.language)
    return {path: squad(questions(sampler, grammar, SIZES[request.split], FACTS))}


PAIR = "context-{language}-question-{language}.json"
SET = WorldSet({split: f"mlqa/MLQA_V1/{split}/{split}-{PAIR}" for split in SIZES}, render)
