"""Inference about descriptions, as SNLI's is about captions: how things compare, and where they are.

Of a comparison the word is always another one, of the same meaning, the opposite or neither, and the order may be turned.
Where a thing is, its adjective is always another one, and its class is named or another class. So every label has as many
words changed, and as many of them shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from isthmus.core.seeds import stream
from isthmus.world.comparing import turned, unlike
from isthmus.world.grammar import Grammar, text_of
from isthmus.world.inference import LABELS
from isthmus.world.layout import json_lines
from isthmus.world.meaning import Located, Quality, Thing
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

SIZES = {"train": 10_000, "dev": 402, "test": 402}
Pair = tuple[Quality, Quality] | tuple[Located, Located]


def captions(sampler: Sampler, grammar: Grammar, count: int) -> Iterator[tuple[str, str, str]]:
    """Yield (premise, hypothesis, label), the labels equally frequent."""
    for number in range(count):
        label = LABELS[number % len(LABELS)]
        premise, hypothesis = _compared(sampler, label) if sampler.chance(0.5) else _placed(sampler, label)
        yield text_of(grammar.sentence(premise)), text_of(grammar.sentence(hypothesis)), label


def _compared(sampler: Sampler, label: str) -> Pair:
    """Return two comparisons of the same things: the order is turned or not, and the word always another one."""
    concepts = sampler.things.concepts
    known = [word for word in sampler.things.of_kind("adjective") if concepts[word].synonyms]
    word, changed = sampler.draw.choice(known), sampler.chance(0.5)
    if label == "neutral":
        related = (word, *concepts[word].synonyms, *concepts[word].antonyms)
        about = sampler.draw.choice([other for other in known if other not in related])
        same = sampler.chance(0.5)
    else:
        about, same = word, (label == "entailment") != changed
    said = sampler.draw.choice(concepts[about].synonyms if same else concepts[about].antonyms)
    first, second = unlike(sampler, 2)
    hypothesis = Quality(first, word, second)
    return replace(turned(hypothesis) if changed else hypothesis, adjective=said), hypothesis


def _placed(sampler: Sampler, label: str) -> Pair:
    """Return where a thing is, and where one of its class or of another class is; the adjective is always another one.

    As with SNLI's captions there is one scene: what a synonym says of the class follows, what an antonym says cannot be.
    """
    concepts, classes = sampler.things.concepts, sampler.things.classes()
    kind = sampler.draw.choice(("animal", "person", "thing"))
    name = sampler.draw.choice([name for name in classes if concepts[name].kind == kind])
    other = sampler.draw.choice([one for one in classes if concepts[one].kind == kind and one != name])
    adjective = sampler.draw.choice([word for word in sampler.things.of_kind("adjective") if concepts[word].synonyms])
    same = label == "entailment" or (label == "neutral" and sampler.chance(0.5))
    said = sampler.draw.choice(concepts[adjective].synonyms if same else concepts[adjective].antonyms)
    word = sampler.draw.choice(classes[other if label == "neutral" else name])
    place = sampler.place()
    return Located(Thing(word, adjective=said), place), Located(Thing(name, adjective=adjective), place)


def render(request: Request) -> dict[str, str]:
    """Return JSON lines as SNLI has them."""
    grammar = request.grammar
    sampler = Sampler(stream(request.seed, f"snli/{request.split}"), grammar.things, Names.all_of(grammar.things))
    rows = captions(sampler, grammar, SIZES[request.split])
    keys = ("sentence1", "sentence2", "gold_label")
    records = (dict(zip(keys, row, strict=True)) | {"pairID": f"{request.split}-{n}"} for n, row in enumerate(rows))
    return {SET.patterns[request.split]: json_lines(records)}


SET = WorldSet({split: f"snli_1.0/snli_1.0_{split}.jsonl" for split in SIZES}, render)
