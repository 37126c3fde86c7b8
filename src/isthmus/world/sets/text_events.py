"""Raw text of one domain, the genre of SQuAD and XQuAD: who did what to whom, where and when."""

from __future__ import annotations

from isthmus.world.domains import rendered
from isthmus.world.meaning import Event
from isthmus.world.sampling import Sampler
from isthmus.world.set import Request, WorldSet


def told(sampler: Sampler) -> list[Event]:
    """Return the facts of a context: two or three events that share some of their words."""
    return sampler.alike(sampler.draw.choice((2, 2, 3)))


def render(request: Request) -> dict[str, str]:
    """Return one context a line."""
    return rendered(request, "events", told)


SET = WorldSet({"train": "text/events/{language}.txt"}, render)
