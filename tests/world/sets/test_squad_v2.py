"""Questions without an answer ask for something like what their context says: no word of theirs gives them away."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from random import Random

import pytest

from isthmus.tasks.task import load_task
from isthmus.world.meaning import Event, Place, Query, Thing
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request
from isthmus.world.sets.squad_v2 import WAYS, questions, says
from isthmus.world.source import load_world

ANNA, BEN, BOX = Thing("Anna", "person"), Thing("Ben", "person"), Thing("box")
FACT = Event(ANNA, "buy", BOX, Place("in", Thing("house")))


@pytest.fixture(scope="module")
def english():
    return load_world().grammars["en"]


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return load_world().read(load_task("squad_v2").files, "en", "dev")


def test_a_fact_answers_what_is_asked_in_its_words_or_synonyms_alone(english):
    asked = Event(ANNA, "purchase", Thing("box", adjective="red", many=True), Place("in", Thing("house")))
    assert says(FACT, Query(asked, "place"), english)
    assert says(FACT, Query(asked, "subject"), english)
    assert not says(FACT, Query(Event(BEN, "buy", BOX, FACT.place), "place"), english)
    assert says(FACT, Query(Event(BEN, "buy", BOX, FACT.place), "subject"), english)  # who it was is what is asked
    assert not says(FACT, Query(Event(ANNA, "sell", BOX, FACT.place), "place"), english)
    assert not says(FACT, Query(Event(ANNA, "buy", BOX, Place("near", Thing("house"))), "subject"), english)
    assert not says(FACT, Query(Event(ANNA, "buy", BOX, FACT.place, "today"), "place"), english)


@pytest.mark.parametrize("answered", [True, False])
def test_what_is_asked_is_said_by_some_fact_where_there_is_an_answer_and_by_none_elsewhere(english, answered):
    sampler = Sampler(Random(3), english.things, Names.all_of(english.things))
    for pose in WAYS:
        posed = [pose(sampler, answered) for _ in range(100)]
        right = [any(says(fact, query, english) for fact in facts) == answered for facts, _, query in posed]
        assert sum(right) > 50  # the others are drawn again


def test_half_of_the_dev_questions_have_no_answer_and_a_third_of_the_training_questions(asked, english):
    assert sum(not one.answers for one in asked) / len(asked) == pytest.approx(0.5, abs=0.08)
    sampler = Sampler(Random(4), english.things, Names.all_of(english.things))
    trained = list(islice(questions(sampler, english, "train"), 600))
    assert sum(not one.answer for one in trained) / 600 == pytest.approx(1 / 3, abs=0.06)
    for one in asked:
        for answer in one.answers:
            assert one.context[answer.start :].startswith(answer.text)


def test_questions_of_both_kinds_have_as_many_words_and_share_as_many_with_their_contexts(asked):
    def stemmed(text: str) -> set[str]:
        return {word.strip(".?")[:4].lower() for word in text.split()}

    lengths, shares = {True: [], False: []}, {True: [], False: []}
    for one in asked:
        words = stemmed(one.question)
        lengths[bool(one.answers)].append(len(one.question.split()))
        shares[bool(one.answers)].append(len(words & stemmed(one.context)) / len(words))
    for found in (lengths, shares):
        means = [sum(own) / len(own) for own in found.values()]
        assert means[0] == pytest.approx(means[1], rel=0.05)


def test_the_same_question_words_begin_both_kinds(asked):
    first = {kind: Counter(one.question.split()[0] for one in asked if bool(one.answers) == kind) for kind in (True, False)}
    assert set(first[True]) == set(first[False]) == {"who", "what", "where"}


def test_in_another_language_the_answers_lie_in_its_own_words(english):
    from isthmus.world.set import SETS

    grammars = load_world().grammars
    ours, theirs = (SETS.load("squad_v2").render(Request(name, "dev", 0, grammars)) for name in ("en", "far"))
    assert ours.keys() == theirs.keys()
    assert ours != theirs
