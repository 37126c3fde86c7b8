"""Raw text of another domain, the genre of TyDiQA: where things are, what they are, how they compare."""

from __future__ import annotations

from isthmus.world.domains import rendered
from isthmus.world.meaning import Meaning
from isthmus.world.sampling import Sampler
from isthmus.world.set import Request, WorldSet
from isthmus.world.sets.tydiqa import described


def told(sampler: Sampler) -> list[Meaning]:
    """Return the facts of a context: two or three descriptions, none of which answers for another."""
    return described(sampler, sampler.draw.choice((2, 3, 3)))


def render(request: Request) -> dict[str, str]:
    """Return one context a line."""
    return rendered(request, "descriptions", told)


SET = WorldSet({"train": "text/descriptions/{language}.txt"}, render)
