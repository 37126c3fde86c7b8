"""What a translator knows of the world: the same meanings rendered in another language, or a word list and no grammar.

A word list turns English text, word for word and in its own order, into words of another language: stems with the endings
that an English form shows, names in their other form. What English does not show, the case of an object say, it cannot know,
and no word moves: the result is what a reader of that language would know for a translation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from isthmus.core.seeds import stream
from isthmus.world.grammar import Grammar
from isthmus.world.inventory import Concept

NOUNS = ("animal", "person", "thing", "place")
VERBS = ("transitive", "intransitive")
PIECES = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class WordList:
    """{English form: form of another language}, empty for a word that has none there.

    ``denial`` is the ending that stands for ``not`` where that is no word; ``content`` are the words that a wrong one is
    taken from.
    """

    words: Mapping[str, str]
    denial: str
    content: Sequence[str]

    def to_json(self) -> str:
        """Return it as JSON, the same for the same words."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=0) + "\n"

    @classmethod
    def from_json(cls, text: str) -> WordList:
        """Return what ``to_json`` wrote."""
        return cls(**json.loads(text))


def word_list(grammar: Grammar) -> WordList:
    """Return the word list from English into the language of a grammar."""
    language, lexicon, concepts = grammar.language, grammar.lexicon, grammar.things.concepts.values()
    words: dict[str, str] = {}
    for one in concepts:
        words[one.word] = lexicon.words[one.word]
    for one in concepts:  # where a second form is the first form of another word, that one counts
        words.setdefault(one.other, _second(one, grammar))
    words |= lexicon.names
    for article in ("the", "a"):
        words[article] = words[article] if language.article in ("before", "after") else ""
    was = words["was"] if language.copula == "word" else ""
    words |= {"an": words["a"], "was": was, "were": was, "did": ""}  # no other language asks or denies with did
    content = sorted({lexicon.words[one.word] for one in concepts if not one.kind.isupper()})
    return WordList(words, lexicon.affixes["not"] if language.negation == "suffix" else "", content)


def _second(concept: Concept, grammar: Grammar) -> str:
    """Return what stands for the second English form of a word: a plural, a past, a comparative."""
    stem, plural = grammar.lexicon.words[concept.word], grammar.lexicon.affixes["plural"]
    if concept.kind in NOUNS:
        return {"suffix": stem + plural, "prefix": plural + stem, "none": stem}[grammar.language.plural]
    return f"{grammar.lexicon.words['more']} {stem}" if concept.kind == "adjective" else stem


def translated(text: str, known: WordList, noise: float = 0.0, seed: int = 0) -> str:
    """Return English text word for word in another language; what is not in the list stays as it is.

    A ``noise`` share of the words known is replaced by another word of the language, drawn from the seed and the text.
    """
    draw = stream(seed, f"lexicon/{text}")
    return "".join(_spoken(text, known, noise, draw))


def _spoken(text: str, known: WordList, noise: float, draw: Random) -> Iterator[str]:
    """Yield the pieces of a translated text."""
    denied, dropped, last = False, False, ""
    pieces = PIECES.findall(text)
    for i, piece in enumerate(pieces):
        if piece.isspace():
            if not dropped:
                yield piece
            continue
        if piece == "not" and known.denial:
            # The ending goes to the copula before it, or else to the verb behind it.
            denied = not (last in ("was", "were") and known.words[last])
            dropped, last = True, piece
            continue
        found = known.words.get(piece, piece)
        dropped, last = not found, piece
        if piece in known.words and found and noise and draw.random() < noise:
            found = draw.choice([word for word in known.content if word != found])
        if found and (denied or (known.denial and piece in ("was", "were") and pieces[i + 1 : i + 3] == [" ", "not"])):
            found, denied = found + known.denial, False
        yield found


def rendering_folder(root: Path, language: str) -> Path:
    """Return where a world renders its English data in another language, below the same names."""
    return root / "renderings" / language


def word_list_file(root: Path, language: str) -> Path:
    """Return where a world lays out its word list into a language."""
    return root / "word-lists" / f"{language}.json"
