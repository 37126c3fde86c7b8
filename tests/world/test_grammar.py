"""Each trait changes what it should in every kind of sentence, and nothing else."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from random import Random

import pytest

from isthmus.world.grammar import Grammar, laid_out, text_of
from isthmus.world.language import load_built_in
from isthmus.world.lexicon import make_lexicon
from isthmus.world.meaning import Being, Both, Event, Located, Place, Quality, Query, Thing
from isthmus.world.sampling import Names, Sampler

ANNA, BEN = Thing("Anna", "person"), Thing("Ben", "person")
APPLES = Thing("apple", many=True)
BOUGHT = Event(Thing("dog", adjective="red"), "buy", APPLES, Place("in", Thing("garden")), "today", negated=True)
BIGGER = Quality(Thing("dog"), "big", ANNA)
ASKED = Query(BOUGHT, "object")

# What near says, and what a language says that differs from it in one trait: the event, the comparison, the question.
NEAR = (
    "the red dog not buy the apple-plural in the garden today .",
    "the dog was more big than Anna .",
    "what the red dog not buy in the garden today ?",
)
SAME = (None, None, None)
SAYS = {
    ("order", "SOV"): (
        "the red dog the apple-plural in the garden today not buy .",
        "the dog more big than Anna was .",
        "what the red dog in the garden today not buy ?",
    ),
    ("order", "VSO"): (
        "not buy the red dog the apple-plural in the garden today .",
        "was the dog more big than Anna .",
        "what not buy the red dog in the garden today ?",
    ),
    ("order", "OVS"): (
        "the apple-plural not buy the red dog in the garden today .",
        "more big than Anna was the dog .",
        "what not buy the red dog in the garden today ?",
    ),
    ("order", "OSV"): (
        "the apple-plural the red dog in the garden today not buy .",
        "more big than Anna the dog was .",
        "what the red dog in the garden today not buy ?",
    ),
    ("adjective", "after"): (
        "the dog red not buy the apple-plural in the garden today .",
        None,
        "what the dog red not buy in the garden today ?",
    ),
    ("adposition", "after"): (
        "the red dog not buy the apple-plural the garden in today .",
        "the dog was Anna than more big .",
        "what the red dog not buy the garden in today ?",
    ),
    ("negation", "after"): (
        "the red dog buy not the apple-plural in the garden today .",
        None,
        "what the red dog buy not in the garden today ?",
    ),
    ("negation", "suffix"): (
        "the red dog buy-not the apple-plural in the garden today .",
        None,
        "what the red dog buy-not in the garden today ?",
    ),
    ("article", "after"): (
        "red dog the not buy apple-plural the in garden the today .",
        "dog the was more big than Anna .",
        "what red dog the not buy in garden the today ?",
    ),
    ("article", "suffix"): (
        "red dog-article not buy apple-plural-article in garden-article today .",
        "dog-article was more big than Anna .",
        "what red dog-article not buy in garden-article today ?",
    ),
    ("article", "none"): (
        "red dog not buy apple-plural in garden today .",
        "dog was more big than Anna .",
        "what red dog not buy in garden today ?",
    ),
    ("case", "suffix"): ("the red dog not buy the apple-plural-object in the garden today .", None, None),
    ("case", "prefix"): ("the red dog not buy the object-apple-plural in the garden today .", None, None),
    ("plural", "prefix"): ("the red dog not buy the plural-apple in the garden today .", None, None),
    ("plural", "none"): ("the red dog not buy the apple in the garden today .", None, None),
    ("question", "in_place"): (None, None, "the red dog not buy what in the garden today ?"),
    ("copula", "none"): (None, "the dog more big than Anna .", None),
    ("resource", 0.1): SAME,
    ("cognates", 0.1): SAME,
}


@pytest.mark.parametrize(("trait", "value"), SAYS, ids=lambda value: str(value))
def test_a_trait_changes_its_own_part_of_a_sentence_alone(variant, gloss, trait, value):
    grammar = variant(**{trait: value})
    said = [gloss(grammar.sentence(meaning)) for meaning in (BOUGHT, BIGGER, ASKED)]
    assert said == [own or near for own, near in zip(SAYS[trait, value], NEAR, strict=True)]


def test_names_take_the_case_of_objects_too(variant, gloss):
    event = Event(ANNA, "help", Thing("Ben", "person", "Stone"))
    assert gloss(variant().sentence(event)) == "Anna help Ben Stone ."
    words = variant(case="suffix").sentence(event)
    letters = variant().lexicon.affixes["object"]
    assert [word.text.endswith(letters) for word in words][2:4] == [False, True]
    assert [word.entity for word in words] == ["B-PER", "O", "B-PER", "I-PER", "O"]


def test_both_of_two_joined_objects_bear_the_case(variant, gloss):
    event = Event(ANNA, "help", Both(Thing("dog"), Thing("cat")))
    said = gloss(variant(case="suffix", article="none").sentence(event))
    assert said == "Anna help dog-object and cat-object ."


def test_a_negation_suffix_without_a_copula_to_bear_it_is_a_word(variant, gloss):
    denied = replace(BIGGER, negated=True)
    assert gloss(variant(negation="suffix").sentence(denied)) == "the dog was-not more big than Anna ."
    assert gloss(variant(negation="suffix", copula="none").sentence(denied)) == "the dog not more big than Anna ."


def test_english_is_english(world):
    english = world.grammars["en"]
    said = {
        BOUGHT: "the red dog did not buy the apples in the garden today.",
        replace(BOUGHT, negated=False, front="time"): "today the red dog bought the apples in the garden.",
        ASKED: "what did the red dog not buy in the garden today?",
        Query(BOUGHT, "subject"): "who did not buy the apples in the garden today?",
        Query(replace(BOUGHT, negated=False), "place"): "where did the red dog buy the apples today?",
        BIGGER: "the dog was bigger than Anna.",
        replace(BIGGER, subject=Thing("wolf", many=True)): "the wolves were bigger than Anna.",
        replace(BIGGER, than=None, negated=True): "the dog was not big.",
        Being(Thing("sparrow", definite=False), Thing("bird", definite=False)): "a sparrow was a bird.",
        Located(Both(ANNA, BEN), Place("in", Thing("Salem", "city"))): "Anna and Ben were in Salem.",
        Query(Located(Thing("box"), Place("near", Thing("mill"))), "place"): "where was the box?",
        Event(Thing("Brook", "company"), "sleep"): "Brook company slept.",
    }
    assert {meaning: text_of(english.sentence(meaning)) for meaning in said} == said


def test_an_organisation_is_named_as_adjectives_stand(variant, gloss):
    event = Event(Thing("Brook", "company"), "sleep")
    before, after = variant().sentence(event), variant(adjective="after").sentence(event)
    assert [word.entity for word in before] == ["B-ORG", "I-ORG", "O", "O"]
    assert [word.entity for word in after] == ["B-ORG", "I-ORG", "O", "O"]
    assert [word.concept for word in before][:2] == ["", "company"]
    assert [word.concept for word in after][:2] == ["company", ""]


@pytest.mark.parametrize("script", ["georgian", "greek", "cyrillic"])
def test_another_script_has_no_latin_letter(things, script):
    traits = {"script": script, "cognates": 0.0}
    language = load_built_in("near").model_copy(update=traits)
    grammar = Grammar(language, make_lexicon(language, things, 0), things)
    sampler = Sampler(Random(0), things, Names.all_of(things))
    letters = {letter for _ in range(300) for letter in text_of(grammar.sentence(sampler.meaning())) if letter.isalpha()}
    assert {unicodedata.name(letter).split()[0] for letter in letters} == {script.upper()}


def test_verbs_say_in_their_category_where_their_arguments_stand(variant):
    event = Event(ANNA, "help", BEN)
    found = {order: variant(order=order).sentence(event) for order in ("SVO", "SOV", "VSO", "OVS")}
    categories = {order: next(w.category for w in words if w.pos == "VERB") for order, words in found.items()}
    assert categories == {"SVO": r"(S\NP)/NP", "SOV": r"(S\NP)\NP", "VSO": "(S/NP)/NP", "OVS": r"(S/NP)\NP"}


def test_words_know_where_they_stand_in_running_text(variant):
    words = variant().sentence(BOUGHT)
    text, spans = laid_out(words, 5)
    assert text.endswith(f"{words[-2].text}.")
    assert [text[start - 5 : end - 5] for start, end in spans] == [word.text for word in words]
