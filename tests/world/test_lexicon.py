"""Words: how many are English, that no two concepts share one, and that a language's words are its own affair."""

from __future__ import annotations

import pytest

from isthmus.world.language import built_in, load_built_in
from isthmus.world.lexicon import AFFIXES, SCRIPTS, make_lexicon
from isthmus.world.source import World


@pytest.mark.parametrize("name", built_in())
def test_the_share_of_english_words_is_the_declared_one(things, name):
    language = load_built_in(name)
    words = make_lexicon(language, things, 0).words
    shared = sum(form == concept for concept, form in words.items())
    assert shared == round(language.cognates * len(things.concepts))


@pytest.mark.parametrize("name", [name for name in built_in() if load_built_in(name).script == "latin"])
def test_the_share_of_native_names_is_the_declared_one(things, name):
    language = load_built_in(name)
    names = make_lexicon(language, things, 0).names
    own = sum(form != english for english, form in names.items())
    assert own == round(language.native_names * len(things.names))


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("name", built_in())
def test_no_two_concepts_or_names_share_a_word(things, name, seed):
    lexicon = make_lexicon(load_built_in(name), things, seed)
    forms = [form.lower() for form in (*lexicon.words.values(), *lexicon.names.values())]
    assert len(set(forms)) == len(forms) == len(things.concepts) + len(things.names)


def test_a_language_of_its_own_has_no_word_that_another_concept_has_in_english(things):
    words = make_lexicon(load_built_in("lex"), things, 0).words
    english = {form for concept in things.concepts.values() for form in (concept.word, concept.other)}
    assert all(form not in english for concept, form in words.items() if form != concept)


def test_affixes_differ_from_each_other_and_from_every_word(things):
    lexicon = make_lexicon(load_built_in("far"), things, 0)
    assert set(lexicon.affixes) == set(AFFIXES)
    assert len({*lexicon.affixes.values(), *lexicon.words.values()}) == len(AFFIXES) + len(things.concepts)


def test_a_language_has_the_same_words_whatever_other_languages_there_are():
    one, other = (World(tuple(map(load_built_in, names))) for names in (("en", "far"), ("en", "near", "scr", "far")))
    assert one.grammars["far"].lexicon == other.grammars["far"].lexicon


def test_another_seed_gives_other_words(things):
    words = [make_lexicon(load_built_in("far"), things, seed).words for seed in (0, 1)]
    own = [concept for concept in words[0] if concept not in (words[0][concept], words[1][concept])]
    assert sum(words[0][concept] == words[1][concept] for concept in own) < len(own) / 10


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_has_a_letter_of_its_own_for_each_latin_one(script):
    assert len(set(SCRIPTS[script])) == len(SCRIPTS[script]) == 26
