"""Masking: what is chosen, what is shown, and that it depends on the stream alone."""

from __future__ import annotations

from collections import Counter
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.core.seeds import stream
from isthmus.mixing.masking import IGNORED, Masking, mask
from isthmus.models import feature

MASKING = Masking(mask_id=4, special=frozenset(range(5)), vocabulary=200, rate=0.15)


@given(st.lists(st.integers(0, 199), max_size=80), st.integers(0, 2**32), st.floats(0.01, 1))
def test_only_chosen_sub_words_have_a_target_and_special_ones_are_never_chosen(ids, seed, rate):
    masking = Masking(4, frozenset(range(5)), 200, rate)
    shown, target = mask(ids, masking, stream(seed, "mask"))
    assert len(shown) == len(target) == len(ids)
    for own, seen, wanted in zip(ids, shown, target, strict=True):
        assert wanted in (own, IGNORED)
        assert own >= 5 or wanted == IGNORED
        assert seen == own or wanted == own
        assert 0 <= seen < 200
    able = any(i >= 5 for i in ids)
    assert able == any(t != IGNORED for t in target)


@given(st.lists(st.integers(0, 199), max_size=80), st.integers(0, 2**32))
def test_the_same_stream_masks_alike(ids, seed):
    assert mask(ids, MASKING, stream(seed, "mask")) == mask(ids, MASKING, stream(seed, "mask"))


@pytest.mark.parametrize("rate", [0.15, 0.4])
def test_the_rates_are_those_of_bert(rate):
    n, draw = 40_000, stream(1, "rate")
    ids = [10 + i % 150 for i in range(n)]
    shown, target = mask(ids, Masking(4, frozenset(range(5)), 200, rate), draw)
    chosen = [i for i in range(n) if target[i] != IGNORED]

    def near(count, trials, share):
        return abs(count - trials * share) < 4 * sqrt(trials * share * (1 - share))

    assert near(len(chosen), n, rate)
    fates = Counter("mask" if shown[i] == 4 else "kept" if shown[i] == ids[i] else "random" for i in chosen)
    # A random sub-word is the mask or the old one in one case of a hundred.
    assert near(fates["mask"], len(chosen), 0.8 + 0.1 / 200)
    assert near(fates["kept"], len(chosen), 0.1 + 0.1 / 200)
    assert near(fates["random"], len(chosen), 0.1 * 198 / 200)


def test_a_sequence_of_special_tokens_alone_stays_as_it_is():
    assert mask([0, 3, 3, 2], MASKING, stream(0, "mask")) == ([0, 3, 3, 2], [IGNORED] * 4)


def test_two_streams_mask_differently():
    ids = list(range(5, 105))
    assert mask(ids, MASKING, stream(0, "a")) != mask(ids, MASKING, stream(0, "b"))


def test_what_bears_no_loss_is_said_the_same_way_everywhere():
    assert IGNORED == feature.IGNORED
