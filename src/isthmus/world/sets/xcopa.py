"""Causes and effects as logic has them: from a comparison its converse follows, and its converse is what it followed from.

The world has no physics: either question has the same answer. A premise has two comparisons of opposite words, a choice says
one of them again: the two choices differ in the order of the compared or, sometimes, in a word and its opposite (see
``comparing``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from isthmus.core.seeds import stream
from isthmus.world.comparing import opposed, turned
from isthmus.world.grammar import Grammar, text_of
from isthmus.world.layout import json_lines
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 10_000, "dev": 300, "test": 400}
QUESTIONS = ("cause", "effect")


def items(sampler: Sampler, grammar: Grammar, count: int) -> Iterator[dict[str, Any]]:
    """Yield the records of items."""
    for number in range(count):
        told = opposed(sampler)
        about = sampler.draw.randrange(2)
        right = replace(told.implied(about), adjective=told.word)
        wrong = replace(right, adjective=told.other) if told.other and sampler.chance(0.5) else turned(right)
        label = int(sampler.chance(0.5))
        choices = (wrong, right) if label else (right, wrong)
        yield {
            "premise": " ".join(text_of(grammar.sentence(fact)) for fact in told.facts),
            "choice1": text_of(grammar.sentence(choices[0])),
            "choice2": text_of(grammar.sentence(choices[1])),
            "question": sampler.draw.choice(QUESTIONS),
            "label": label,
            "idx": number,
            "changed": False,
        }


def render(request: Request) -> dict[str, str]:
    """Return JSON lines as XCOPA has them."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"xcopa/{request.split}"), grammar.things, Names.all_of(grammar.things))
    path = SET.patterns[request.split].replace("{language}", request.language)
    return {path: json_lines(items(sampler, grammar, SIZES[request.split]))}


SET = WorldSet(
    {"train": "xcopa/train-{language}.jsonl", "dev": "xcopa/val-{language}.jsonl", "test": "xcopa/test-{language}.jsonl"},
    render,
)
