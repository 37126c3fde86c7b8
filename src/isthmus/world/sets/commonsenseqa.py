"""What was a bird? Common sense over open sets: what belongs to a class, and what class something belongs to.

The nouns of the development set are in no question or choice of the training set, so that nothing can be learnt by heart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from isthmus.core.seeds import stream
from isthmus.world.grammar import Grammar, text_of
from isthmus.world.layout import json_lines
from isthmus.world.meaning import Being, Query, Thing
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 10_000, "dev": 400}
CHOICES = "ABCDE"
HELD_OUT = 3  # every third member of a class is in the development set alone


def members(grammar: Grammar, split: str) -> dict[str, tuple[str, ...]]:
    """Return {class: its members} of one split."""
    concepts, dev = grammar.things.concepts, split == "dev"
    return {
        name: tuple(word for i, word in enumerate(words) if (i % HELD_OUT == 1) == dev)
        for name, words in grammar.things.classes().items()
        if concepts[name].kind != "place"  # raw text says of no place what it is
    }


def items(sampler: Sampler, grammar: Grammar, split: str) -> Iterator[dict[str, Any]]:
    """Yield the records of questions; each class is asked for, or is the answer, as often."""
    known = members(grammar, split)
    for number in range(SIZES[split]):
        asked, *others = sampler.draw.sample(sorted(known), len(CHOICES))
        member = sampler.draw.choice(known[asked])
        being = Being(_a(member), _a(asked))
        backwards = sampler.chance(0.25)
        wrong = others if backwards else [sampler.draw.choice(known[other]) for other in others]
        choices = [asked if backwards else member, *wrong]
        sampler.draw.shuffle(choices)
        yield {
            "id": f"{split}-{number}",
            "answerKey": CHOICES[choices.index(asked if backwards else member)],
            "question": {
                "question_concept": member if backwards else asked,
                "stem": text_of(grammar.sentence(Query(being, "noun" if backwards else "subject"))),
                "choices": _choices(choices, grammar),
            },
        }


def _choices(nouns: list[str], grammar: Grammar) -> list[Mapping[str, str]]:
    return [{"label": name, "text": text_of(grammar.noun(_a(noun)))} for name, noun in zip(CHOICES, nouns, strict=True)]


def _a(noun: str) -> Thing:
    return Thing(noun, definite=False)


def render(request: Request) -> dict[str, str]:
    """Return JSON lines as CommonsenseQA has them."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"commonsenseqa/{request.split}"), grammar.things, Names.all_of(grammar.things))
    return {SET.patterns[request.split]: json_lines(items(sampler, grammar, request.split))}


SET = WorldSet(
    {"train": "commonsenseqa/train_rand_split.jsonl", "dev": "commonsenseqa/dev_rand_split.jsonl"},
    render,
)
