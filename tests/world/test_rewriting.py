"""What pairs and choices are made of: what must stay the same does, and what must change does."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from isthmus.evaluation.pair_features import edit_distance, longest_common_run
from isthmus.world.comparing import opposed, turned
from isthmus.world.grammar import text_of
from isthmus.world.meaning import Both
from isthmus.world.rewriting import crowded, joined_otherwise, moved, roles_exchanged
from isthmus.world.sampling import Names, Sampler


@pytest.fixture
def sampler(things) -> Sampler:
    return Sampler(Random(7), things, Names.all_of(things))


def acting(event) -> tuple[frozenset[str], frozenset[str]]:
    """Return who acted and who was acted upon, in no order."""
    sides = (event.subject, event.object)
    return tuple(frozenset({one.first, one.second} if isinstance(one, Both) else {one}) for one in sides)


def test_two_joined_in_the_other_order_say_the_same_and_exchanged_roles_do_not(sampler):
    for _ in range(200):
        event = crowded(sampler)
        assert acting(moved(joined_otherwise(event))) == acting(event)
        assert joined_otherwise(event) != event
        assert acting(roles_exchanged(event)) != acting(event)


def test_both_exchanges_keep_the_words_and_cost_the_same_edits(sampler, world):
    english = world.grammars["en"]
    looks: dict[bool, Counter[tuple[int, int]]] = {True: Counter(), False: Counter()}
    for _ in range(300):
        event = crowded(sampler)
        first = text_of(english.sentence(event)).rstrip(".").split()
        for same, other in ((True, joined_otherwise(event)), (False, roles_exchanged(event))):
            second = text_of(english.sentence(moved(other))).rstrip(".").split()
            assert Counter(first) == Counter(second)
            looks[same][edit_distance(first, second), longest_common_run(first, second)] += 1
    costs = [sum(cost * n for (cost, _), n in look.items()) / 300 for look in looks.values()]
    runs = [sum(run * n for (_, run), n in look.items()) / 300 for look in looks.values()]
    assert costs[0] == pytest.approx(costs[1], rel=0.02)
    assert runs[0] == pytest.approx(runs[1], rel=0.02)


def test_opposed_comparisons_imply_what_synonyms_and_antonyms_make_of_them(sampler, things):
    for _ in range(200):
        told = opposed(sampler)
        synonym, antonym = told.facts[told.same], told.facts[1 - told.same]
        assert told.word in things.concepts[synonym.adjective].synonyms
        assert told.word in things.concepts[antonym.adjective].antonyms
        assert told.implied(told.same) == synonym
        assert told.implied(1 - told.same) == turned(antonym) != antonym
        assert told.other not in (synonym.adjective, antonym.adjective)
