"""Pairs to be judged: half of them intact, the others changed in their words and nowhere else."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.core.seeds import stream
from isthmus.mixing.pairs import CORRUPTED, INTACT, Words, pair_mixture, words_of

DRAWS = 4000
# A word begins with an even number below 100 and goes on with odd ones; numbers from 100 are signs.
WORDS = Words(frozenset(range(0, 100, 2)), frozenset(range(100, 200)))
PIVOT = [([4, 6, 7, 8], [14, 16, 18]), ([8, 4], [18, 14])]
DOCUMENTS = [([24, 25, 26], [26, 24, 25, 100]), ([28], [28, 24, 25])]
TEXT = {"en": [([4, 6, 7, 8, 10], None)], "de": [([14, 16, 18, 20], None)], "sw": [([24, 25, 26, 28, 30, 31], [32])]}


def mixture(translations=None, segments=None, room=50):
    return pair_mixture(translations or {}, segments or {}, TEXT, "en", 0.5, WORDS, room)


def drawn(mixture, size=DRAWS, seed=0):
    return [(tuple(a), tuple(b), label) for a, b, label in islice(mixture.draw(stream(seed, "pairs")), size)]


def words(ids):
    return [tuple(ids[s:e]) for s, e in WORDS.spans(ids)]


def near(count, trials, share):
    return abs(count - trials * share) < 4 * sqrt(trials * share * (1 - share))


def test_a_word_is_a_run_from_a_sub_word_that_begins_one_to_the_next_or_to_a_sign():
    assert WORDS.spans([1, 4, 5, 5, 6, 100, 7, 8]) == [(1, 4), (4, 5), (7, 8)]
    assert WORDS.spans([]) == WORDS.spans([3, 100]) == []


def test_the_marks_of_a_vocabulary_tell_words_and_signs():
    vocabulary = {"▁a": 0, "b": 1, ".": 2, "▁": 3, "▁.": 4, "7": 5, "語": 6, "▁«": 7, "…": 8}
    assert words_of(vocabulary) == Words(frozenset({0, 3, 4, 7}), frozenset({2, 8}))


def test_a_name_is_known_by_the_capital_letter_it_begins_with_in_any_script():
    vocabulary = {"▁Ana": 0, "▁ana": 1, "Ana": 2, "▁": 3, "▁Ж": 4, "▁жА": 5, "▁語": 6, "▁Élan": 7}
    assert words_of(vocabulary).capital == {0, 4, 7}


def test_half_the_pairs_are_intact_and_half_of_each_kind_where_there_are_both():
    intact = {(*map(tuple, pair),) for pair in DOCUMENTS} | {(tuple(a), tuple(b)) for p in PIVOT for a, b in (p, p[::-1])}
    found = drawn(mixture({"de": PIVOT}, {"sw": DOCUMENTS}))
    labels = Counter(label for *_, label in found)
    assert near(labels[INTACT], DRAWS, 0.5)
    assert {(a, b) for a, b, label in found if label == INTACT} == intact
    assert near(sum(a[0] >= 24 for a, *_ in found), DRAWS, 0.5)
    assert near(sum(a[0] < 14 for a, *_ in found), DRAWS, 0.25)


@pytest.mark.parametrize("kinds", [{"translations": {"de": PIVOT}}, {"segments": {"sw": DOCUMENTS}}])
def test_one_kind_alone_is_all_there_is(kinds):
    found = drawn(mixture(**kinds), 300)
    assert {a[0] >= 24 for a, *_ in found} == {"segments" in kinds}


def test_a_corrupted_pair_has_two_words_that_changed_places_or_one_of_the_language_that_is_new():
    seconds = {tuple(a): tuple(b) for pair in PIVOT for a, b in (pair, pair[::-1])} | {
        tuple(a): tuple(b) for a, b in DOCUMENTS
    }
    tongues = [{w for segment in text for ids in segment if ids for w in words(ids)} for text in TEXT.values()]
    kinds: Counter[str] = Counter()
    for first, second, label in drawn(mixture({"de": PIVOT}, {"sw": DOCUMENTS})):
        if label == CORRUPTED:
            before, after = words(seconds[first]), words(second)
            changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
            if len(changed) == 2:
                assert changed[0] == changed[1][::-1]
                assert len(second) == len(seconds[first])
            else:
                ((old, new),) = changed
                assert any({old, new} <= tongue for tongue in tongues)
            kinds["swap" if len(changed) == 2 else "other"] += 1
            assert [i for i in second if i >= 100] == [i for i in seconds[first] if i >= 100]
    assert near(kinds["swap"], kinds.total(), 0.7)


# Words from 40 on are names: two of a segment, or one beside two other words, or nothing but names.
NAMED = Words(WORDS.begin, WORDS.end, frozenset(range(40, 100, 2)))
NAMES = {"sw": [([4], [40, 41, 14, 16, 42])], "yo": [([6], [44, 14, 16])]}
SAID = {"sw": [([40, 18, 42, 43, 20], None)], "yo": [([44, 46, 22], None)]}


def corrupted_of(language):
    made = pair_mixture({}, {language: NAMES[language]}, SAID, "en", 0.5, NAMED, 50)
    [(_, second)] = NAMES[language]
    for _, after, label in drawn(made):
        if label == CORRUPTED:
            yield [(a, b) for a, b in zip(words(second), words(after), strict=True) if a != b]


def is_name(word):
    return word[0] >= 40


def test_two_names_change_places_more_often_than_other_words():
    swaps = [changed for changed in corrupted_of("sw") if len(changed) == 2]
    # seven in ten, and of the rest the two names are one of six pairs of words
    assert near(sum(all(is_name(old) for old, _ in changed) for changed in swaps), len(swaps), 0.7 + 0.3 / 6)


def test_a_single_name_changes_places_with_any_word():
    swaps = Counter(frozenset(old[0] for old, _ in changed) for changed in corrupted_of("yo") if len(changed) == 2)
    assert set(swaps) == {frozenset(pair) for pair in ((44, 14), (44, 16), (14, 16))}
    assert all(near(number, swaps.total(), 1 / 3) for number in swaps.values())


@pytest.mark.parametrize("language", NAMES)
def test_a_name_gives_way_to_a_name_and_a_word_to_a_word(language):
    replaced = [changed[0] for changed in corrupted_of(language) if len(changed) == 1]
    assert {is_name(old) for old, _ in replaced} == {True, False}
    assert all(is_name(old) == is_name(new) for old, new in replaced)


@given(st.lists(st.integers(0, 110), max_size=9), st.lists(st.integers(0, 110), max_size=12), st.integers(0, 5))
def test_what_has_two_different_words_is_corrupted_within_the_room_and_the_rest_is_passed_over(first, second, seed):
    room = len(first) + len(second)
    made = mixture(segments={"sw": [(first, second)]}, room=room)
    assert (made is None) == (len(set(words(second))) < 2)
    for a, b, label in drawn(made, 20, seed) if made else ():
        assert a == tuple(first)
        assert (b == tuple(second)) == (label == INTACT)
        assert len(a) + len(b) <= room


def test_a_translation_of_which_one_side_cannot_be_corrupted_is_none():
    assert mixture({"de": [([4], [14, 16])]}) is None


def test_the_same_stream_draws_alike():
    made = mixture({"de": PIVOT}, {"sw": DOCUMENTS})
    assert drawn(made, 50) == drawn(made, 50)
    assert drawn(made, 50) != drawn(made, 50, seed=1)
