"""Mixtures of raw text: how often each language and translation pairs are drawn."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from math import sqrt

import pytest

from isthmus.core.seeds import stream
from isthmus.mixing.text import TextMixture

DRAWS = 20_000
# Each language has its own number as its only sub-word; 1 has 800 sub-words, 2 has 200, 3 nothing.
LINES = {"en": [([1] * 8, None)] * 100, "sw": [([2] * 4, None)] * 50, "xx": []}
PAIRS = {"sw": [([1] * 5, [2] * 5)] * 40, "yo": [([1] * 5, [3] * 5)] * 10, "en": []}


def drawn(mixture, seed=0, size=DRAWS):
    return list(islice(mixture.draw(stream(seed, "text")), size))


def near(count, trials, share):
    return abs(count - trials * share) < 4 * sqrt(trials * share * (1 - share))


@pytest.mark.parametrize("alpha", [0.3, 0.7, 1.0])
def test_languages_are_drawn_by_the_smoothed_law(alpha):
    found = drawn(TextMixture(LINES, {}, alpha, 0.5))
    assert all(second is None for _, second in found)
    counts = Counter(first[0] for first, _ in found)
    assert set(counts) == {1, 2}
    assert near(counts[1], DRAWS, 800**alpha / (800**alpha + 200**alpha))


def test_pairs_are_drawn_as_often_as_asked_and_by_the_same_law():
    found = drawn(TextMixture(LINES, PAIRS, 0.5, 0.3))
    pairs = [(first[0], second[0]) for first, second in found if second is not None]
    assert near(len(pairs), DRAWS, 0.3)
    others = Counter(max(pair) for pair in pairs)
    assert near(others[2], len(pairs), 400**0.5 / (400**0.5 + 100**0.5))
    assert near(sum(pair[0] == 1 for pair in pairs), len(pairs), 0.5)


@pytest.mark.parametrize("alpha", [0.3, 1.0])
def test_a_share_overrides_the_law_for_its_language_and_the_others_keep_theirs(alpha):
    lines = LINES | {"mixed": [([3] * 2, None)] * 5}
    found = drawn(TextMixture(lines, PAIRS, alpha, 0.3, {"mixed": 0.4}))
    counts = Counter(first[0] for first, second in found if second is None)
    assert near(counts[3], counts.total(), 0.4)
    assert near(counts[1], counts[1] + counts[2], 800**alpha / (800**alpha + 200**alpha))


def test_a_share_of_nothing_leaves_a_language_out():
    found = drawn(TextMixture(LINES, {}, 0.5, 0.0, {"sw": 0.0, "xx": 0.5}), size=500)
    assert {first[0] for first, _ in found} == {1}


def test_a_line_of_two_segments_is_drawn_in_its_own_order_and_counts_with_both():
    lines = {"en": [([1] * 100, [1] * 500), ([1] * 200, None)], "sw": LINES["sw"]}
    found = drawn(TextMixture(lines, {}, 1.0, 0.0))
    assert {second and len(second) for first, second in found if len(first) == 100} == {500}
    assert near(sum(first[0] == 1 for first, _ in found), DRAWS, 0.8)


def test_every_language_may_have_a_share():
    found = drawn(TextMixture(LINES, {}, 0.5, 0.0, {"en": 0.2, "sw": 0.8}))
    assert near(sum(first[0] == 1 for first, _ in found), DRAWS, 0.2)


def test_pairs_alone_are_drawn_by_shares_of_their_own():
    found = drawn(TextMixture({}, PAIRS, 0.5, 1.0, pair_shares={"sw": 0.1, "yo": 0.9}))
    others = Counter(max(first[0], second[0]) for first, second in found)
    assert near(others[2], DRAWS, 0.1)
    assert others[2] + others[3] == DRAWS


def test_without_a_share_no_pair_is_drawn():
    assert all(second is None for _, second in drawn(TextMixture(LINES, PAIRS, 0.5, 0.0), size=2000))


def test_all_lines_of_a_language_are_drawn():
    lines = {"en": [([i], None) for i in range(30)]}
    assert {first[0] for first, _ in drawn(TextMixture(lines, {}, 0.5, 0.0), size=2000)} == set(range(30))


def test_the_same_stream_draws_alike_and_the_order_of_languages_does_not_count():
    mixture = TextMixture(LINES, PAIRS, 0.5, 0.3)
    turned = TextMixture(dict(reversed(LINES.items())), dict(reversed(PAIRS.items())), 0.5, 0.3)
    assert drawn(mixture, 1, 500) == drawn(turned, 1, 500)
    assert drawn(mixture, 1, 500) != drawn(mixture, 2, 500)


def test_translations_alone_are_drawn_by_the_law_of_pairs_in_both_orders():
    mixture = TextMixture(LINES, PAIRS, 0.5, 0.0)  # the share of pairs among masked text is another matter
    found = [(first[0], second[0]) for first, second in islice(mixture.translations(stream(0, "contrast")), DRAWS)]
    others = Counter(max(pair) for pair in found)
    assert set(others) == {2, 3}
    assert near(others[2], DRAWS, 400**0.5 / (400**0.5 + 100**0.5))
    assert near(sum(pair[0] == 1 for pair in found), DRAWS, 0.5)
    again = islice(mixture.translations(stream(0, "contrast")), 50)
    assert [(first[0], second[0]) for first, second in again] == found[:50]
