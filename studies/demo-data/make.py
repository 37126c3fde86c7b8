"""Writes the data of the demonstration: simple sentences in English, German and Spanish that say the same, with their tags.

A hand-written grammar: each template draws words from the lists below and says the sentence in three languages, every word
with its universal part of speech. The files beside this script are what it writes; a test compares them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import NamedTuple

LANGUAGES = ("en", "de", "es")
TRAIN, DEV, TEST = 180, 30, 50  # sentences


class Noun(NamedTuple):
    """A thing in three languages; ``de`` and ``es`` come with their gender, as articles need it."""

    en: str
    de: str
    de_gender: str
    es: str
    es_gender: str


class Verb(NamedTuple):
    """A verb: he sees, to see; er sieht, sehen (also: sie sehen); él ve, ver, ellos ven."""

    en: str
    en_base: str
    de: str
    de_base: str
    es: str
    es_base: str
    es_plural: str


def _nouns(text: str) -> list[Noun]:
    return [Noun(*line.split()) for line in text.strip().splitlines()]


THINGS = _nouns("""
boat Boot n barco m
harbour Hafen m puerto m
garden Garten m jardín m
house Haus n casa f
river Fluss m río m
bridge Brücke f puente m
book Buch n libro m
letter Brief m carta f
table Tisch m mesa f
window Fenster n ventana f
tree Baum m árbol m
road Straße f carretera f
school Schule f escuela f
market Markt m mercado m
lamp Lampe f lámpara f
map Karte f mapa m
""")
PEOPLE = _nouns("""
teacher Lehrerin f maestra f
doctor Ärztin f doctora f
child Kind n niño m
sailor Matrose m marinero m
farmer Bauer m granjero m
neighbour Nachbarin f vecina f
""")
GROUPS = [
    ("children", "Kinder", "niños"),
    ("sailors", "Matrosen", "marineros"),
    ("farmers", "Bauern", "granjeros"),
    ("teachers", "Lehrerinnen", "maestras"),
]
VERBS = [
    Verb("sees", "see", "sieht", "sehen", "ve", "ver", "ven"),
    Verb("draws", "draw", "zeichnet", "zeichnen", "dibuja", "dibujar", "dibujan"),
    Verb("describes", "describe", "beschreibt", "beschreiben", "describe", "describir", "describen"),
    Verb("finds", "find", "findet", "finden", "encuentra", "encontrar", "encuentran"),
    Verb("visits", "visit", "besucht", "besuchen", "visita", "visitar", "visitan"),
    Verb("cleans", "clean", "putzt", "putzen", "limpia", "limpiar", "limpian"),
    Verb("paints", "paint", "malt", "malen", "pinta", "pintar", "pintan"),
    Verb("sells", "sell", "verkauft", "verkaufen", "vende", "vender", "venden"),
]
DOINGS = [
    ("works", "arbeitet", "trabaja"),
    ("sings", "singt", "canta"),
    ("sleeps", "schläft", "duerme"),
    ("waits", "wartet", "espera"),
    ("reads", "liest", "lee"),
]
HOW = [
    ("slowly", "langsam", "lentamente"),
    ("today", "heute", "hoy"),
    ("here", "hier", "aquí"),
    ("always", "immer", "siempre"),
]
LIKE = [
    ("old", "alt", "viej"),
    ("small", "klein", "pequeñ"),
    ("new", "neu", "nuev"),
    ("white", "weiß", "blanc"),
    ("red", "rot", "roj"),
    ("quiet", "ruhig", "tranquil"),
]
NUMBERS = [("two", "zwei", "dos"), ("three", "drei", "tres"), ("four", "vier", "cuatro"), ("seven", "sieben", "siete")]
PERSONS = ["Ana", "Marta", "Peter", "Sofia", "Jonas", "Clara"]
PLACES = [
    ("Lisbon", "Lissabon", "Lisboa"),
    ("Vienna", "Wien", "Viena"),
    ("Rome", "Rom", "Roma"),
    ("Geneva", "Genf", "Ginebra"),
    ("Prague", "Prag", "Praga"),
    ("Athens", "Athen", "Atenas"),
]
FIRMS = ["Nordlicht", "Aldora", "Veleta"]
NAMES = {
    **dict.fromkeys(PERSONS, "B-PER"),
    **dict.fromkeys((place for places in PLACES for place in places), "B-LOC"),
    **dict.fromkeys(FIRMS, "B-ORG"),
}

Sentence = list[tuple[str, str]]  # words with their tags


def der(noun: Noun, adjective: str = "", *, object_: bool = False) -> str:
    """Return a German noun with its definite article, in the nominative or the accusative."""
    masculine = {"m": "den" if object_ else "der", "f": "die", "n": "das"}[noun.de_gender]
    ending = "en" if object_ and noun.de_gender == "m" else "e"
    return f"{masculine}/DET {f'{adjective}{ending}/ADJ ' if adjective else ''}{noun.de}/NOUN"


def el(noun: Noun, adjective: str = "") -> str:
    """Return a Spanish noun with its definite article, an adjective after it."""
    article, ending = {"m": ("el", "o"), "f": ("la", "a")}[noun.es_gender]
    return f"{article}/DET {noun.es}/NOUN{f' {adjective}{ending}/ADJ' if adjective else ''}"


def acts(draw: Random) -> list[str]:
    """The old sailor paints the boat."""
    who, what, verb, like = draw.choice(PEOPLE), draw.choice(THINGS), draw.choice(VERBS), draw.choice(LIKE)
    return [
        f"the/DET {like[0]}/ADJ {who.en}/NOUN {verb.en}/VERB the/DET {what.en}/NOUN ./PUNCT",
        f"{der(who, like[1])} {verb.de}/VERB {der(what, object_=True)} ./PUNCT",
        f"{el(who, like[2])} {verb.es}/VERB {el(what)} ./PUNCT",
    ]


def sees_something(draw: Random) -> list[str]:
    """Ana sees the red house."""
    who, what, verb, like = draw.choice(PERSONS), draw.choice(THINGS), draw.choice(VERBS), draw.choice(LIKE)
    return [
        f"{who}/PROPN {verb.en}/VERB the/DET {like[0]}/ADJ {what.en}/NOUN ./PUNCT",
        f"{who}/PROPN {verb.de}/VERB {der(what, like[1], object_=True)} ./PUNCT",
        f"{who}/PROPN {verb.es}/VERB {el(what, like[2])} ./PUNCT",
    ]


def lives_somewhere(draw: Random) -> list[str]:
    """Clara works in Rome today."""
    who, doing, where, how = draw.choice(PERSONS), draw.choice(DOINGS), draw.choice(PLACES), draw.choice(HOW[1:3])
    return [
        f"{who}/PROPN {doing[0]}/VERB in/ADP {where[0]}/PROPN {how[0]}/ADV ./PUNCT",
        f"{who}/PROPN {doing[1]}/VERB {how[1]}/ADV in/ADP {where[1]}/PROPN ./PUNCT",
        f"{who}/PROPN {doing[2]}/VERB {how[2]}/ADV en/ADP {where[2]}/PROPN ./PUNCT",
    ]


def works_for(draw: Random) -> list[str]:
    """Peter works for Aldora in Prague."""
    who, firm, where = draw.choice(PERSONS), draw.choice(FIRMS), draw.choice(PLACES)
    return [
        f"{who}/PROPN works/VERB for/ADP {firm}/PROPN in/ADP {where[0]}/PROPN ./PUNCT",
        f"{who}/PROPN arbeitet/VERB für/ADP {firm}/PROPN in/ADP {where[1]}/PROPN ./PUNCT",
        f"{who}/PROPN trabaja/VERB para/ADP {firm}/PROPN en/ADP {where[2]}/PROPN ./PUNCT",
    ]


def does_somehow(draw: Random) -> list[str]:
    """The child sleeps and the farmer sings slowly."""
    one, other = draw.sample(PEOPLE, 2)
    (doing, second), how = draw.sample(DOINGS, 2), draw.choice(HOW)
    return [
        f"the/DET {one.en}/NOUN {doing[0]}/VERB and/CCONJ the/DET {other.en}/NOUN {second[0]}/VERB {how[0]}/ADV ./PUNCT",
        f"{der(one)} {doing[1]}/VERB und/CCONJ {der(other)} {second[1]}/VERB {how[1]}/ADV ./PUNCT",
        f"{el(one)} {doing[2]}/VERB y/CCONJ {el(other)} {second[2]}/VERB {how[2]}/ADV ./PUNCT",
    ]


def some_do(draw: Random) -> list[str]:
    """Three sailors clean the table."""
    number, who, verb, what = draw.choice(NUMBERS), draw.choice(GROUPS), draw.choice(VERBS), draw.choice(THINGS)
    return [
        f"{number[0]}/NUM {who[0]}/NOUN {verb.en_base}/VERB the/DET {what.en}/NOUN ./PUNCT",
        f"{number[1]}/NUM {who[1]}/NOUN {verb.de_base}/VERB {der(what, object_=True)} ./PUNCT",
        f"{number[2]}/NUM {who[2]}/NOUN {verb.es_plural}/VERB {el(what)} ./PUNCT",
    ]


def does_not(draw: Random) -> list[str]:
    """Jonas does not visit the school."""
    who, verb, what = draw.choice(PERSONS), draw.choice(VERBS), draw.choice(THINGS)
    return [
        f"{who}/PROPN does/AUX not/PART {verb.en_base}/VERB the/DET {what.en}/NOUN ./PUNCT",
        f"{who}/PROPN {verb.de}/VERB {der(what, object_=True)} nicht/PART ./PUNCT",
        f"{who}/PROPN no/ADV {verb.es}/VERB {el(what)} ./PUNCT",
    ]


def does_one(draw: Random) -> list[str]:
    """Does the doctor sell the map?"""
    who, verb, what = draw.choice(PEOPLE), draw.choice(VERBS), draw.choice(THINGS)
    return [
        f"does/AUX the/DET {who.en}/NOUN {verb.en_base}/VERB the/DET {what.en}/NOUN ?/PUNCT",
        f"{verb.de}/VERB {der(who)} {der(what, object_=True)} ?/PUNCT",
        f"¿/PUNCT {verb.es}/VERB {el(who)} {el(what)} ?/PUNCT",
    ]


def because(draw: Random) -> list[str]:
    """She waits because the road is old."""
    doing, what, like = draw.choice(DOINGS), draw.choice(THINGS), draw.choice(LIKE)
    old = f"{like[2]}{'o' if what.es_gender == 'm' else 'a'}"
    return [
        f"she/PRON {doing[0]}/VERB because/SCONJ the/DET {what.en}/NOUN is/AUX {like[0]}/ADJ ./PUNCT",
        f"sie/PRON {doing[1]}/VERB ,/PUNCT weil/SCONJ {der(what)} {like[1]}/ADJ ist/AUX ./PUNCT",
        f"ella/PRON {doing[2]}/VERB porque/SCONJ {el(what)} es/AUX {old}/ADJ ./PUNCT",
    ]


TEMPLATES: list[Callable[[Random], list[str]]] = [
    acts, sees_something, lives_somewhere, works_for, does_somehow, some_do, does_not, does_one, because,
]  # fmt: skip


def sentences(number: int) -> list[dict[str, Sentence]]:
    """Return so many different sentences, each in all languages."""
    draw = Random("demonstration")
    found: dict[str, dict[str, Sentence]] = {}
    while len(found) < number:
        said = draw.choice(TEMPLATES)(draw)
        found[said[0]] = {language: _words(text) for language, text in zip(LANGUAGES, said, strict=True)}
    return list(found.values())


def _words(text: str) -> Sentence:
    words = [(word, tag) for word, _, tag in (token.rpartition("/") for token in text.split())]
    first = next(i for i, (word, _) in enumerate(words) if word != "¿")
    words[first] = (words[first][0][0].upper() + words[first][0][1:], words[first][1])
    return words


def written(sentence: Sentence) -> str:
    """Return a sentence as it is written, punctuation against its word."""
    text = " ".join(word for word, _ in sentence).replace("¿ ", "¿")
    return text.replace(" .", ".").replace(" ?", "?").replace(" ,", ",")


def _tagged(found: Iterable[Sentence]) -> str:
    return "".join("".join(f"{word}\t{tag}\n" for word, tag in sentence) + "\n" for sentence in found)


def _named(sentence: Sentence) -> Sentence:
    return [(word, NAMES.get(word, "O")) for word, _ in sentence]


def main(folder: Path) -> None:
    """Write every file below a folder, in the official layout."""
    found = sentences(TRAIN + DEV + TEST)
    train, dev, test = found[:TRAIN], found[TRAIN : TRAIN + DEV], found[TRAIN + DEV :]
    files = {
        "udpos/train-en.tsv": _tagged(s["en"] for s in train),
        "udpos/dev-en.tsv": _tagged(s["en"] for s in dev),
        "panx/train-en.tsv": _tagged(_named(s["en"]) for s in train),
    }
    for language in LANGUAGES:
        files[f"udpos/test-{language}.tsv"] = _tagged(s[language] for s in test)
        files[f"text/{language}.txt"] = "".join(f"{i}\t{written(s[language])}\n" for i, s in enumerate(train, 1))
        if language != "en":
            for side in (language, "en"):
                files[f"tatoeba/{language}-en.{side}"] = "".join(f"{written(s[side])}\n" for s in test)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
