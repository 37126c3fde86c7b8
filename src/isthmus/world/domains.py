"""Raw text by domain: the contexts of a genre that questions are asked about, none of whose facts stands in a test set."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from isthmus.core.seeds import stream
from isthmus.world.grammar import Grammar, grammar_of, text_of
from isthmus.world.inventory import Inventory
from isthmus.world.language import SOURCE, Language
from isthmus.world.layout import lines
from isthmus.world.meaning import Meaning
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import SETS, Request, WorldSet

SIZE = 3000  # contexts of a language with all its resources
SENTENCE = re.compile(r"[^.?\"\t\n]+\.")

Draw = Callable[[Sampler], Sequence[Meaning]]


def rendered(request: Request, domain: str, draw: Draw) -> dict[str, str]:
    """Return one context a line, of facts that ``draw`` gives; the same ones in every language."""
    count = round(SIZE * request.grammar.language.resource)
    texts = contexts(request.grammars, request.language, request.seed, domain, count, draw)
    return {f"text/{domain}/{request.language}.txt": lines(texts)}


def contexts(
    grammars: Mapping[str, Grammar], language: str, seed: int, domain: str, count: int, draw: Draw
) -> Iterator[str]:
    """Yield contexts; those with a fact that a test set has are drawn again."""
    english, own = grammars[SOURCE], grammars[language]
    sampler = Sampler(stream(seed, f"text/{domain}"), own.things, Names.all_of(own.things))
    foreign = next((grammar.language for name, grammar in grammars.items() if name != SOURCE), None)
    tested = told_in_tests(english.language, foreign, own.things, seed)
    for _ in range(count):
        facts = draw(sampler)
        while any(text_of(english.sentence(fact)) in tested for fact in facts):
            facts = draw(sampler)
        yield " ".join(text_of(own.sentence(fact)) for fact in facts)


@lru_cache(maxsize=4)
def told_in_tests(english: Language, foreign: Language | None, things: Inventory, seed: int) -> frozenset[str]:
    """Return every statement in English that stands in a test set of a world; ``foreign`` stands for the other languages."""
    grammars = {one.name: grammar_of(one, things, seed) for one in (english, foreign) if one}
    told: set[str] = set()
    for name in SETS.names():
        one: WorldSet = SETS.load(name)
        language = foreign.name if foreign and one.bilingual else english.name
        if "test" in one.patterns and not (one.bilingual and not foreign):
            for content in one.render(Request(language, "test", seed, grammars)).values():
                told |= statements(content)
    return frozenset(told)


def statements(content: str) -> set[str]:
    """Return the statements in the content of a file, words with tags below each other among them."""
    if "\n\n" in content:
        blocks = (" ".join(line.partition("\t")[0] for line in block.split("\n")) for block in content.split("\n\n"))
        content = "\n".join(blocks).replace(" .", ".")
    return {found.strip() for found in SENTENCE.findall(content)}
