"""What goes on: four endings to a context of four facts, each ending about another fact, and one of them true.

Each ending is one fact said again with a change of its own kind, and each kind comes in a true and a false form that look
alike: a synonym or an antonym, a comparison turned round rightly or wrongly, two exchanged who are joined or who are not, a
class that a thing belongs to or another. Endings are drawn before it is drawn whether they are true, so that none of them
tells by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from isthmus.core.seeds import stream
from isthmus.world.comparing import heads, opposed, turned
from isthmus.world.grammar import Grammar, text_of
from isthmus.world.layout import json_lines
from isthmus.world.meaning import Event, Meaning, Thing
from isthmus.world.rewriting import crowded, joined_otherwise, moved, roles_exchanged
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 10_000, "dev": 400}


def items(sampler: Sampler, grammar: Grammar, split: str) -> Iterator[dict[str, Any]]:
    """Yield the records of contexts with their endings."""
    for number in range(SIZES[split]):
        label = sampler.draw.randrange(len(CHANGES))
        told = _told(sampler, label)
        endings = [text_of(grammar.sentence(again)) for _, again in told]
        facts = [text_of(grammar.sentence(fact)) for fact, _ in told]
        sampler.draw.shuffle(facts)
        yield {
            "ind": number,
            "activity_label": "world",
            "ctx_a": " ".join(facts),
            "ctx_b": "",
            "ctx": " ".join(facts),
            "endings": endings,
            "split": split,
            "split_type": "indomain",
            "source_id": f"world~{split}-{number}",
            "label": label,
        }


def _told(sampler: Sampler, label: int) -> list[tuple[Meaning, Meaning]]:
    """Return facts, each with its ending, true for the one of the label alone; no two facts are about the same things.

    Each change is made once: so ``and``, too, stands once in a context, and counts for as much as a verb does.
    """
    told: list[tuple[Meaning, Meaning]] = []
    met: set[str] = set()
    for change in sampler.draw.sample(CHANGES, len(CHANGES)):
        while True:
            fact, ending = change(sampler, len(told) == label)
            about = _about(fact)
            if not about & met:
                break
        met |= about
        told.append((fact, ending))
    return told


def _about(fact: Meaning) -> set[str]:
    others = (fact.object,) if isinstance(fact, Event) else (getattr(fact, "than", None),)
    return heads(fact.subject).union(*(heads(noun) for noun in others if noun is not None))


def _verb(sampler: Sampler, true: bool) -> tuple[Meaning, Meaning]:
    concepts = sampler.things.concepts
    words = sampler.things.of_kind("transitive")
    verb = sampler.draw.choice([word for word in words if concepts[word].synonyms and concepts[word].antonyms])
    fact = sampler.told()
    said = sampler.draw.choice(concepts[verb].synonyms if true else concepts[verb].antonyms)
    return replace(fact, verb=said), replace(fact, verb=verb)


def _comparison(sampler: Sampler, true: bool) -> tuple[Meaning, Meaning]:
    told = opposed(sampler)
    ending = replace(told.implied(0), adjective=told.word)
    return told.facts[0], ending if true else turned(ending)


def _roles(sampler: Sampler, true: bool) -> tuple[Meaning, Meaning]:
    fact = crowded(sampler)
    return fact, moved(joined_otherwise(fact) if true else roles_exchanged(fact))


def _class(sampler: Sampler, true: bool) -> tuple[Meaning, Meaning]:
    """Return a fact about a noun of one class, and the same of something of a class: its own, or another of its kind."""
    concepts, classes = sampler.things.concepts, sampler.things.classes()
    kind = sampler.draw.choice(("animal", "person", "thing"))
    name = sampler.draw.choice([name for name in classes if concepts[name].kind == kind])
    others = [other for other in classes if concepts[other].kind == kind and other != name]
    word = sampler.draw.choice(classes[name if true else sampler.draw.choice(others)])
    fact = sampler.told()
    slot = "object" if kind == "thing" or sampler.chance(0.5) else "subject"
    told, general = sampler.noun(word), Thing(name, definite=False)
    if slot == "object":
        return replace(fact, object=told), replace(fact, object=general)
    return replace(fact, subject=told), replace(fact, subject=general)


CHANGES: tuple[Callable[[Sampler, bool], tuple[Meaning, Meaning]], ...] = (_verb, _comparison, _roles, _class)


def render(request: Request) -> dict[str, str]:
    """Return JSON lines as HellaSwag has them."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"hellaswag/{request.split}"), grammar.things, Names.all_of(grammar.things))
    return {SET.patterns[request.split]: json_lines(items(sampler, grammar, request.split))}


SET = WorldSet({"train": "hellaswag/hellaswag_train.jsonl", "dev": "hellaswag/hellaswag_val.jsonl"}, render)
