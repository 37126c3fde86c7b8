"""What holds in any language that traits can declare: meanings are said whole, questions lack what they ask for."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import get_args

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from isthmus.core.errors import StudyError
from isthmus.world.grammar import Grammar, text_of
from isthmus.world.inventory import inventory
from isthmus.world.language import TRAITS, Language, load_language
from isthmus.world.lexicon import make_lexicon
from isthmus.world.meaning import Being, Both, Event, Located, Place, Quality, Query, Thing
from isthmus.world.questions import asked_about
from isthmus.world.sampling import Names, Sampler

CHOICES = {name: get_args(Language.model_fields[name].annotation) for name in (*TRAITS, "script")}
SHARE = st.floats(0, 1).map(lambda share: round(share, 2))


@st.composite
def languages(draw) -> Language:
    """Languages as users write them; those that contradict themselves are refused, and so not drawn."""
    traits = {name: draw(st.sampled_from(values)) for name, values in CHOICES.items()}
    cognates = draw(SHARE) if traits["script"] == "latin" else 0.0
    rest = {"name": "own", "about": "drawn", "cognates": cognates, "native_names": draw(SHARE), "resource": 1.0}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "own.yaml")
        file.write_text(yaml.safe_dump({**traits, **rest}), encoding="utf-8")
        try:
            return load_language(file)
        except StudyError:
            assume(False)
            raise


def grammar_of(language: Language, seed: int) -> Grammar:
    return Grammar(language, make_lexicon(language, inventory(), seed), inventory())


def parts(filler) -> list[str]:
    """Return the concepts a part of a meaning must be said with."""
    if isinstance(filler, Both):
        return [*parts(filler.first), "and", *parts(filler.second)]
    if isinstance(filler, Place):
        return [filler.adposition, *parts(filler.thing)]
    if isinstance(filler, Thing):
        own = {"noun": [filler.word], "company": ["company"], "bank": ["bank"]}.get(filler.kind, [])
        return own + ([filler.adjective] if filler.adjective else [])
    return [filler] if filler else []


def concepts(meaning) -> Counter[str]:
    """Return the content words of a meaning."""
    if isinstance(meaning, Event):
        said = [meaning.subject, meaning.verb, meaning.object, meaning.place, meaning.time]
    elif isinstance(meaning, Quality):
        said = [meaning.subject, meaning.adjective, meaning.than, "than" if meaning.than else None]
    else:
        said = [meaning.subject, meaning.noun if isinstance(meaning, Being) else meaning.place]
    return Counter(concept for filler in said for concept in parts(filler))


GRAMMATICAL = {"the", "a", "not", "was", "did", "more", ""}


@given(languages(), st.integers(0, 9))
def test_a_sentence_has_the_concepts_of_its_meaning_and_no_others(language, seed):
    grammar, sampler = grammar_of(language, seed), Sampler(Random(seed), inventory(), Names.all_of(inventory()))
    for make in (sampler.event, sampler.quality, sampler.being, sampler.located):
        meaning = make()
        words = grammar.sentence(meaning)
        assert Counter(word.concept for word in words if word.concept not in GRAMMATICAL) == concepts(meaning)
        assert all(word.text.strip() for word in words)
        assert words[-1].text == "."
        names = [word for word in words if word.pos == "PROPN"]
        assert all(word.entity != "O" for word in names)


@given(languages(), st.integers(0, 9), st.sampled_from(("subject", "object", "place", "time")))
def test_a_question_lacks_what_it_asks_for_and_has_one_question_word(language, seed, slot):
    grammar, sampler = grammar_of(language, seed), Sampler(Random(seed), inventory(), Names.all_of(inventory()))
    event = sampler.told()
    assume(getattr(event, slot) is not None)
    asked, told = grammar.sentence(Query(event, slot)), grammar.sentence(event)
    assert [word.slot for word in asked if word.category == "WH"] == [slot]
    rest = [word.text for word in asked if word.category != "WH"]
    assert Counter(rest) == Counter([*(word.text for word in told[:-1] if word.slot != slot), "?"])
    position = [word.category == "WH" for word in asked].index(True)
    in_place = next(i for i, word in enumerate(told) if word.slot == slot)
    assert position == (0 if language.question == "front" else in_place)


@given(languages(), st.integers(0, 9))
def test_an_answer_stands_where_it_is_said_to_stand(language, seed):
    grammar, sampler = grammar_of(language, seed), Sampler(Random(seed), inventory(), Names.all_of(inventory()))
    facts = [*sampler.alike(3), sampler.located(), sampler.quality(), sampler.being()]
    for fact in facts:
        for slot in ("subject", "object", "place", "time", "noun"):
            if getattr(fact, slot, None) is None:
                continue
            found = asked_about(Query(fact, slot), facts, grammar, "q")
            assert found.context[found.start : found.start + len(found.answer)] == found.answer
            assert found.answer == text_of([word for word in grammar.sentence(fact) if word.slot == slot])
            assert found.context.startswith(text_of(grammar.sentence(facts[0])))


@given(languages(), st.integers(0, 9))
def test_what_is_somewhere_is_told_from_where_it_is(language, seed):
    # Who did what is shown by order, case or articles; the same words with roles exchanged must not be the same text.
    grammar, sampler = grammar_of(language, seed), Sampler(Random(seed), inventory(), Names.all_of(inventory()))
    event = Event(sampler.person(), sampler.verb(), Thing("dog"))
    exchanged = Event(event.object, event.verb, event.subject)
    assert text_of(grammar.sentence(event)) != text_of(grammar.sentence(exchanged))
    box, house = Thing("box"), Thing("house")
    inside = text_of(grammar.sentence(Located(box, Place("in", house))))
    assert inside != text_of(grammar.sentence(Located(house, Place("in", box))))
