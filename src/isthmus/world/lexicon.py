"""The words of a language: shared with English, or its own, made of its own sounds and written in its own script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from isthmus.core.seeds import stream
from isthmus.world.inventory import Inventory
from isthmus.world.language import SOURCE, Language

LATIN = "abcdefghijklmnopqrstuvwxyz"
SCRIPTS = {
    "georgian": "აბცდეფგჰიჯკლმნოპქრსტუვწხყზ",
    "greek": "αβχδεφγηιϊκλμνοπψρστυϋωξύζ",
    "cyrillic": "абцдефгхийклмнопщрстувшжыз",
}
ONSETS = [
    "b",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "z",
    "br",
    "dr",
    "gr",
    "kl",
    "kr",
    "pl",
    "pr",
    "st",
    "tr",
]
VOWELS = ["a", "e", "i", "o", "u", "ai", "au", "ei"]
CODAS = ["n", "r", "s", "l", "m", "k", "t"]
AFFIXES = ("plural", "object", "article", "not")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """{concept: word}, {name: its form} and {affix: its letters} of one language, in its own script."""

    words: Mapping[str, str]
    names: Mapping[str, str]
    affixes: Mapping[str, str]


def make_lexicon(language: Language, things: Inventory, seed: int) -> Lexicon:
    """Return the words of a language; the same for a seed and a language's name whatever other languages there are."""
    draw = stream(seed, f"lexicon/{language.name}")
    concepts = sorted(things.concepts)
    shared = set(draw.sample(concepts, round(language.cognates * len(concepts))))
    taken = {form.lower() for concept in things.concepts.values() for form in (concept.word, concept.other)}
    taken |= {name.lower() for name in things.names}
    sounds = _Sounds(draw)
    words = {c: c if c in shared else sounds.word(taken, short=things.concepts[c].kind.isupper()) for c in concepts}
    native = set(draw.sample(sorted(things.names), round(language.native_names * len(things.names))))
    names = {n: sounds.word(taken).capitalize() if n in native else n for n in sorted(things.names)}
    affixes = {name: sounds.syllable(taken) for name in AFFIXES}
    if language.name == SOURCE:
        affixes = {"plural": "s", "object": "", "article": "", "not": ""}
    return Lexicon(*(_written(forms, language.script) for forms in (words, names, affixes)))


def _written(forms: Mapping[str, str], script: str) -> dict[str, str]:
    if script == "latin":
        return dict(forms)
    table = str.maketrans(LATIN, SCRIPTS[script])
    return {key: form.lower().translate(table) for key, form in forms.items()}


class _Sounds:
    """The syllables one language has."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.onsets, self.vowels = draw.sample(ONSETS, 14), draw.sample(VOWELS, 5)
        self.codas = draw.sample(CODAS, 3)

    def syllable(self, taken: set[str] | None = None) -> str:
        while True:
            coda = self.draw.choice(self.codas) if self.draw.random() < 0.3 else ""
            made = self.draw.choice(self.onsets) + self.draw.choice(self.vowels) + coda
            if taken is None:
                return made
            if made not in taken:
                taken.add(made)
                return made

    def word(self, taken: set[str], *, short: bool = False) -> str:
        """Return a word that is not taken yet, and take it."""
        while True:
            length = 1 if short else self.draw.choice((2, 2, 2, 3))
            made = "".join(self.syllable() for _ in range(length))
            if made not in taken:
                taken.add(made)
                return made
