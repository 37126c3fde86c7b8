"""Readings with a reason or a consequence: one answer follows, and neither the answers nor shared words say which."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from isthmus.tasks.task import load_task
from isthmus.world.sampling import Names, Sampler
from isthmus.world.sets.cosmosqa import NEXT, UNDOING, WHY, items
from isthmus.world.source import load_world


@pytest.fixture(scope="module")
def english():
    return load_world().grammars["en"]


@pytest.fixture(scope="module")
def rows(english):
    sampler = Sampler(Random(5), english.things, Names.all_of(english.things))
    return list(items(sampler, english, "dev"))


def forms(concepts, verb: str) -> set[str]:
    """Return how a verb and its synonyms look in English."""
    return {concepts[word].other for word in (verb, *concepts[verb].synonyms)}


def test_what_undoes_a_deed_is_its_opposite(english):
    for done, undone in UNDOING.items():
        assert undone in english.things.concepts[done].antonyms


def test_the_right_answer_alone_undoes_what_was_done_to_the_same_thing(english, rows):
    concepts = english.things.concepts
    pairs = [(forms(concepts, done), forms(concepts, undone)) for done, undone in UNDOING.items()]
    for _, context, question, *answers, label in rows:
        said, asked = question.removesuffix("?").split(". ")
        told = next(fact for fact in context.split(". ") if fact.startswith(f"{said} "))
        verb, thing = told.split()[1], told.split(" ", 2)[2]
        answering = next(
            (after if asked == NEXT else before) for before, after in pairs if verb in (before if asked == NEXT else after)
        )
        fits = [
            i
            for i, answer in enumerate(answers)
            if answer.split()[1] in answering and thing.startswith(answer.split(" ", 2)[2].removesuffix("."))
        ]
        assert fits == [int(label)], (context, question, answers)


def test_answers_are_two_things_of_the_reading_by_two_verbs_that_are_not_in_it(rows):
    for _, context, _, *answers, _ in rows:
        parts = [answer.removesuffix(".").split(" ", 2) for answer in answers]
        assert len({who for who, _, _ in parts}) == 1
        for at in (1, 2):
            assert sorted(Counter(part[at] for part in parts).values()) == [2, 2]
        assert all(verb not in context.split() and thing in context for _, verb, thing in parts)


def test_reasons_and_consequences_are_as_many_and_every_place_is_right_as_often(rows):
    asked = Counter(row[2].split(". ")[1] for row in rows)
    assert set(asked) == {f"{WHY}?", f"{NEXT}?"}
    assert asked[f"{WHY}?"] / len(rows) == pytest.approx(0.5, abs=0.08)
    assert all(count / len(rows) == pytest.approx(0.25, abs=0.07) for count in Counter(row[-1] for row in rows).values())


def test_the_task_reads_a_question_apart_from_its_reading(world):
    first = world.read(load_task("cosmosqa").files, "en", "dev")[0]
    assert first.question.endswith("?")
    assert first.context.endswith(".")
    assert len(first.endings) == 4
