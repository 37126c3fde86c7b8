"""The table of natural languages: every language of the benchmarks, values that exist, distances that are distances."""

from __future__ import annotations

import re

import pytest

from isthmus.analysis.languages import FEATURES, LEAST, language, languages, typological_distance
from isthmus.core.errors import UnknownName
from isthmus.submission.layout import VERSIONS

ORDERS = {"SVO", "SOV", "VSO", "VOS", "OVS", "OSV", "No dominant order"}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_language_of_the_benchmark_is_there(version):
    needed = {name for listed in VERSIONS[version].languages.values() for name in listed}
    assert needed - languages().keys() == set()


def test_there_are_sixty_and_more_each_once():
    assert len(languages()) >= 60
    assert all(code == one.code for code, one in languages().items())
    glottocodes = [one.glottocode for one in languages().values()]
    assert len(set(glottocodes)) == len(glottocodes)


@pytest.mark.parametrize("one", languages().values(), ids=lambda one: one.code)
def test_every_value_is_one_that_exists(one):
    assert re.fullmatch("[a-z]{2,3}", one.code)
    assert re.fullmatch("[a-z]{3}", one.iso639_3)
    assert re.fullmatch("[a-z]{4}[0-9]{4}", one.glottocode)
    assert re.fullmatch("[A-Z][a-z]{3}", one.script)
    assert one.name
    assert one.family
    assert one.joshi_class in (None, 0, 1, 2, 3, 4, 5)
    assert 0 <= one.cc100_gib <= 300.8
    assert one.order in (None, *ORDERS)
    assert one.features.keys() <= FEATURES.keys()
    assert all(1 <= value <= 9 for value in one.features.values())
    assert (one.wals is None) <= (not one.features and one.genus is None)


def test_known_facts_are_in_their_columns():
    english, japanese, swahili, yoruba = map(language, ("en", "ja", "sw", "yo"))
    assert (english.family, english.genus, english.script, english.order) == ("Indo-European", "Germanic", "Latn", "SVO")
    assert (english.joshi_class, english.cc100_gib) == (5, 300.8)
    assert (japanese.family, japanese.script, japanese.order) == ("Japonic", "Jpan", "SOV")
    assert (swahili.family, swahili.joshi_class, swahili.cc100_gib) == ("Atlantic-Congo", 2, 1.6)
    assert yoruba.cc100_gib == 0  # not among the languages of XLM-R


def test_distances_are_none_to_oneself_the_same_both_ways_and_shares():
    known = [one for one in languages().values() if len(one.features) >= LEAST]
    assert len(known) > 50
    for one in known:
        assert typological_distance(one, one) == 0
        for other in known:
            there = typological_distance(one, other)
            assert there == typological_distance(other, one)
            assert there is None or 0 <= there <= 1


def test_near_languages_are_nearer_than_far_ones():
    english = language("en")
    order = [typological_distance(english, language(code)) for code in ("nl", "es", "hi", "sw")]
    assert order == sorted(order)
    assert typological_distance(language("hi"), language("ur")) < typological_distance(language("hi"), english)


def test_too_little_is_known_for_some_distances():
    assert typological_distance(language("en"), language("kk")) is None


def test_an_unknown_code_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean"):
        language("enn")
