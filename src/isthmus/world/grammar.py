"""From meanings to words: one grammar for all languages, whose traits decide order, affixes and function words.

Every word carries what tasks may ask of it: part of speech, supertag (as in combinatory categorial grammar), entity, slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from isthmus.world.inventory import Inventory
from isthmus.world.language import SOURCE, Language
from isthmus.world.lexicon import Lexicon, make_lexicon
from isthmus.world.meaning import Being, Both, Event, Meaning, Noun, Place, Quality, Query, Thing

WH = {"subject": "who", "object": "what", "place": "where", "time": "when", "noun": "what"}
STOP, ASK = ".", "?"


class Word(NamedTuple):
    """One word of a sentence; ``concept`` is what it stands for ("" for names), ``slot`` its part of the meaning."""

    text: str
    pos: str
    category: str
    entity: str = "O"
    slot: str = ""
    concept: str = ""


Words = list[Word]


@dataclass(frozen=True)
class Grammar:
    """One language, ready to speak."""

    language: Language
    lexicon: Lexicon
    things: Inventory

    def sentence(self, meaning: Meaning | Query) -> Words:
        """Return the words of a statement or a question, full stop or question mark included."""
        if isinstance(meaning, Query):
            return [*self._question(meaning), Word(ASK, "PUNCT", ASK)]
        return [*self._clause(meaning, None), Word(STOP, "PUNCT", STOP)]

    def noun(self, noun: Noun, slot: str = "", *, is_object: bool = False) -> Words:
        """Return the words of a noun phrase."""
        if isinstance(noun, Both):
            and_ = Word(self._word("and"), "CCONJ", r"(NP\NP)/NP", "O", slot, "and")
            return [
                *self.noun(noun.first, slot, is_object=is_object),
                and_,
                *self.noun(noun.second, slot, is_object=is_object),
            ]
        if noun.kind == "noun":
            return self._common(noun, slot, is_object)
        return self._name(noun, slot, is_object)

    def place(self, place: Place, slot: str = "place") -> Words:
        """Return the words of an adpositional phrase."""
        before = self.language.adposition == "before"
        category = "PP/NP" if before else r"PP\NP"
        adposition = Word(self._word(place.adposition), "ADP", category, "O", slot, place.adposition)
        inner = self.noun(place.thing, slot)
        return [adposition, *inner] if before else [*inner, adposition]

    def _word(self, concept: str) -> str:
        return self.lexicon.words[concept]

    def _second(self, concept: str) -> str:
        """Return the second English form, or the plain word of other languages, which inflect by affixes alone."""
        return self.things.concepts[concept].other if self.language.name == SOURCE else self._word(concept)

    def _affixed(self, stem: str, affix: str, place: str) -> str:
        letters = self.lexicon.affixes[affix]
        return letters + stem if place == "prefix" else stem + letters if place == "suffix" else stem

    def _common(self, thing: Thing, slot: str, is_object: bool) -> Words:
        traits = self.language
        concept = self.things.concepts[thing.word]
        if traits.name == SOURCE:
            form = concept.other if thing.many else concept.word
        else:
            form = self._affixed(self._word(thing.word), "plural", traits.plural) if thing.many else self._word(thing.word)
        if traits.article == "suffix" and thing.definite:
            form = self._affixed(form, "article", "suffix")
        if is_object:
            form = self._affixed(form, "object", traits.case)
        phrase = [Word(form, "NOUN", "N", "O", slot, thing.word)]
        if thing.adjective:
            before = traits.adjective == "before"
            adjective = Word(self._word(thing.adjective), "ADJ", "N/N" if before else r"N\N", "O", slot, thing.adjective)
            phrase = [adjective, *phrase] if before else [*phrase, adjective]
        article = "the" if thing.definite else "a"
        if traits.article in ("before", "after") and (thing.definite or not thing.many):
            before = traits.article == "before"
            letters = self._word(article)
            if traits.name == SOURCE and article == "a" and phrase[0].text[0] in "aeiou":
                letters = "an"
            word = Word(letters, "DET", "NP/N" if before else r"NP\N", "O", slot, article)
            phrase = [word, *phrase] if before else [*phrase, word]
        return phrase

    def _name(self, thing: Thing, slot: str, is_object: bool) -> Words:
        kind = {"person": "PER", "city": "LOC", "company": "ORG", "bank": "ORG"}[thing.kind]
        forms = [self.lexicon.names[name] for name in (thing.word, thing.last) if name]
        words = [Word(form, "PROPN", "NP", f"{'I' if i else 'B'}-{kind}", slot) for i, form in enumerate(forms)]
        if kind == "ORG":
            noun = self._word(thing.kind)
            before = self.language.adjective == "before"  # Brook company, or company Brook
            own = Word(noun, "NOUN", "NP", "I-ORG" if before else "B-ORG", slot, thing.kind)
            words = [*words, own] if before else [own, *(w._replace(entity="I-ORG") for w in words)]
        if is_object and self.language.case != "none":
            at = -1 if self.language.case == "suffix" else 0
            words[at] = words[at]._replace(text=self._affixed(words[at].text, "object", self.language.case))
        return words

    def _clause(self, meaning: Meaning, asked: str | None) -> Words:
        """Return a statement's words without its full stop; the phrase of the slot ``asked`` for is a question word."""
        if isinstance(meaning, Event):
            return self._event(meaning, asked)
        subject = self._phrase("subject", meaning.subject, asked)
        if isinstance(meaning, Quality):
            predicate = self._quality(meaning)
        elif isinstance(meaning, Being):
            predicate = self._phrase("noun", meaning.noun, asked)
        else:
            predicate = self._phrase("place", meaning.place, asked)
        verb = self._copula(meaning.subject) if self.language.copula == "word" else []
        return self._ordered(subject, self._denied(verb, negated=meaning.negated), predicate)

    def _copula(self, subject: Noun) -> Words:
        many = isinstance(subject, Both) or subject.many
        form = "were" if self.language.name == SOURCE and many else self._word("was")
        return [Word(form, "AUX", r"(S\NP)/XP", "O", "", "was")]

    def _phrase(self, slot: str, filler: Noun | Place | str, asked: str | None, *, is_object: bool = False) -> Words:
        if slot == asked:
            return [self._wh(slot, filler)]
        if isinstance(filler, Place):
            return self.place(filler, slot)
        if isinstance(filler, str):
            return [Word(self._word(filler), "ADV", r"S\S", "O", slot, filler)]
        return self.noun(filler, slot, is_object=is_object)

    def _wh(self, slot: str, filler: Noun | Place | str) -> Word:
        concept = WH[slot]
        if slot in ("subject", "object"):
            concept = "who" if self._animate(filler) else "what"
        return Word(self._word(concept), "ADV" if slot in ("place", "time") else "PRON", "WH", "O", slot, concept)

    def _animate(self, filler: Noun | Place | str) -> bool:
        thing = filler.first if isinstance(filler, Both) else filler
        assert isinstance(thing, Thing), filler
        concept = self.things.concepts.get(thing.word)
        return thing.kind == "person" or (concept is not None and concept.kind in ("person", "animal"))

    def _quality(self, meaning: Quality) -> Words:
        if meaning.than is None:
            return [Word(self._word(meaning.adjective), "ADJ", "AP", "O", "", meaning.adjective)]
        form = self._second(meaning.adjective)
        words = [Word(form, "ADJ", "AP/PP", "O", "", meaning.adjective)]
        if self.language.name != SOURCE:
            words.insert(0, Word(self._word("more"), "ADV", "AP/AP", "O", "", "more"))
        before = self.language.adposition == "before"
        than = Word(self._word("than"), "ADP", "PP/NP" if before else r"PP\NP", "O", "than", "than")
        other = self.noun(meaning.than, "than")
        return [*words, than, *other] if before else [*other, than, *words]

    def _denied(self, verb: Words, *, negated: bool) -> Words:
        """Return a verb with its negation, as the language does it."""
        how = self.language.negation
        if not negated:
            return verb
        if how == "suffix" and verb:
            return [*verb[:-1], verb[-1]._replace(text=self._affixed(verb[-1].text, "not", "suffix"))]
        word = Word(self._word("not"), "PART", r"(S\NP)/(S\NP)", "O", "", "not")
        english_copula = self.language.name == SOURCE and bool(verb) and verb[0].concept == "was"
        return [*verb, word] if how == "after" or english_copula else [word, *verb]

    def _ordered(self, subject: Words, verb: Words, last: Words) -> Words:
        parts = {"S": subject, "V": verb, "O": last}
        return [word for letter in self.language.order for word in parts[letter]]

    def _event(self, event: Event, asked: str | None) -> Words:
        subject = self._phrase("subject", event.subject, asked)
        object_ = self._phrase("object", event.object, asked, is_object=True) if event.object else []
        adjuncts = {
            name: self._phrase(name, filler, asked)
            for name, filler in (("place", event.place), ("time", event.time))
            if filler is not None
        }
        first = adjuncts.pop(event.front, []) if event.front else []
        rest = [word for phrase in adjuncts.values() for word in phrase]
        verb = self._denied(self._verb(event), negated=event.negated)
        if self.language.name == SOURCE and event.negated:
            verb = [Word("did", "AUX", r"(S\NP)/(S\NP)", "O", "", "did"), *verb]
        order = self.language.order
        # Adjuncts stand before a verb that comes last, otherwise at the end.
        if order.endswith("V"):
            parts = {"S": subject, "V": [*rest, *verb], "O": object_}
            return [*first, *(word for letter in order for word in parts[letter])]
        return [*first, *self._ordered(subject, verb, object_), *rest]

    def _verb(self, event: Event) -> Words:
        slashes = {"S": ("\\", "/")[self.language.order.index("S") > self.language.order.index("V")]}
        slashes["O"] = ("\\", "/")[self.language.order.index("O") > self.language.order.index("V")]
        category = f"S{slashes['S']}NP" if event.object is None else f"(S{slashes['S']}NP){slashes['O']}NP"
        form = self._word(event.verb) if event.negated else self._second(event.verb)
        return [Word(form, "VERB", category, "O", "", event.verb)]

    def _question(self, query: Query) -> Words:
        meaning, slot = query.meaning, query.slot
        words = self._clause(meaning, slot)
        if self.language.question == "in_place":
            return words
        wh = [word for word in words if word.category == "WH"]
        rest = [word for word in words if word.category != "WH"]
        if self.language.name == SOURCE and slot != "subject":
            rest = self._inverted(meaning, rest)
        return [*wh, *rest]

    def _inverted(self, meaning: Meaning, words: Words) -> Words:
        """Return English words with the auxiliary first: what did Anna see, where was the dog."""
        auxiliary = [word for word in words if word.pos == "AUX"]
        rest = [word for word in words if word.pos != "AUX"]
        if not auxiliary:
            auxiliary = [Word("did", "AUX", r"(S\NP)/(S\NP)", "O", "", "did")]
            assert isinstance(meaning, Event), meaning
            rest = [word._replace(text=word.concept) if word.pos == "VERB" else word for word in rest]
        return [*auxiliary, *rest]


@lru_cache(maxsize=64)
def grammar_of(language: Language, things: Inventory, seed: int) -> Grammar:
    """Return a language's grammar with its lexicon, made once."""
    return Grammar(language, make_lexicon(language, things, seed), things)


def text_of(words: Sequence[Word]) -> str:
    """Return words as running text: spaces between them, punctuation attached."""
    return laid_out(words)[0]


def laid_out(words: Sequence[Word], start: int = 0) -> tuple[str, list[tuple[int, int]]]:
    """Return running text and the characters (start, end) of each word in it, counted from ``start``."""
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    at = start
    for word in words:
        if pieces and word.pos != "PUNCT":
            pieces.append(" ")
            at += 1
        pieces.append(word.text)
        spans.append((at, at + len(word.text)))
        at += len(word.text)
    return "".join(pieces), spans
