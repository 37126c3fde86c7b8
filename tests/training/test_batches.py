"""Batches: every feature once a round, within the budget, the same for a seed; masked text; parts for processes."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.mixing.masking import IGNORED, Masking
from isthmus.mixing.text import TextMixture
from isthmus.models.feature import Feature, Frame, width_of
from isthmus.study.spec import Recipe
from isthmus.training.batches import (
    POOL,
    contrast_rounds,
    from_place,
    labelled_rounds,
    micro_batches,
    text_rounds,
    total_steps,
)

WIDTHS = st.integers(1, 64)
SIZES = st.lists(WIDTHS | st.lists(WIDTHS, min_size=2, max_size=5), min_size=1, max_size=120)  # of windows, or of several


def features(sizes):
    made = []
    for index, size in enumerate(sizes):
        own = (size,) if isinstance(size, int) else tuple(size)
        made.append(Feature([0] * sum(own), [0] * sum(own), index, index, sizes=own if len(own) > 1 else ()))
    return made


def recipe(**changes):
    return Recipe(**{"learning_rate": 1e-3, "epochs": 1, "batch_tokens": 100, **changes})


def members(batches):
    return [feature.example for batch in batches for feature in batch]


def tokens(batch):
    return sum(len(feature.ids) for feature in batch)


def padded(batch):
    return max(map(width_of, batch)) * sum(feature.rows for feature in batch)


@settings(deadline=None)
@given(SIZES, st.integers(0, 3), st.integers(1, 200))
def test_each_round_has_every_feature_once_in_batches_within_the_budget(sizes, number, budget):
    batches = labelled_rounds(features(sizes), recipe(batch_tokens=budget), 0)(number)
    assert sorted(members(batches)) == list(range(len(sizes)))
    assert all(batch and (padded(batch) <= budget or len(batch) == 1) for batch in batches)


@settings(deadline=None)
@given(SIZES, st.integers(1, 20))
def test_batches_of_a_number_of_examples_have_that_number(sizes, examples):
    batches = labelled_rounds(features(sizes), recipe(batch_tokens=None, batch_examples=examples), 0)(0)
    assert sorted(members(batches)) == list(range(len(sizes)))
    assert all(len(batch) <= examples for batch in batches)
    if len(sizes) <= POOL * examples:
        assert sum(len(batch) < examples for batch in batches) <= 1


def test_rounds_are_the_same_for_a_seed_and_differ_by_epoch_and_by_seed():
    given_features = features([1 + i % 30 for i in range(300)])
    first, again, other = (labelled_rounds(given_features, recipe(), seed) for seed in (0, 0, 1))
    assert members(first(0)) == members(again(0))
    assert members(first(3)) == members(again(3))
    assert len({tuple(members(rounds)) for rounds in (first(0), first(1), other(0))}) == 3


def test_each_round_puts_other_features_together():
    rounds = labelled_rounds(features([8] * 120), recipe(), 0)
    first, second = ({frozenset(members([batch])) for batch in rounds(number)} for number in (0, 1))
    assert not first & second


def test_a_round_does_not_change_the_features_it_was_given():
    given_features = features([5, 3, 9])
    labelled_rounds(given_features, recipe(), 0)(0)
    assert [f.example for f in given_features] == [0, 1, 2]


def test_lengths_of_a_batch_are_alike_but_batches_do_not_come_in_order_of_length():
    batches = labelled_rounds(features([1 + i % 40 for i in range(2000)]), recipe(batch_tokens=200), 0)(0)
    assert sum(map(padded, batches)) < 1.25 * sum(map(tokens, batches))
    longest = [max(len(f.ids) for f in batch) for batch in batches]
    assert longest != sorted(longest)
    assert max(longest[:50]) > 30
    assert min(longest[:50]) < 10


def test_steps_are_counted_from_steps_and_from_whole_and_broken_epochs():
    rounds = labelled_rounds(features([8] * 120), recipe(), 0)  # twelve of eight sub-words a batch of at most 100
    assert total_steps(rounds, recipe()) == 10
    assert total_steps(rounds, recipe(epochs=3)) == 30
    assert total_steps(rounds, recipe(epochs=2.5)) == 25
    assert total_steps(rounds, recipe(epochs=0.25)) == 2
    assert total_steps(rounds, recipe(epochs=0.001)) == 1
    assert total_steps(rounds, recipe(epochs=None, steps=7)) == 7


@settings(deadline=None)
@given(st.integers(0, 3), st.integers(0, 9))
def test_a_run_goes_on_exactly_where_it_was(number, index):
    rounds = labelled_rounds(features([8] * 120), recipe(), 0)
    whole = [(n, i, last, members([b])) for n, i, last, b in islice(from_place(rounds, 0, 0), 60)]
    rest = [(n, i, last, members([b])) for n, i, last, b in islice(from_place(rounds, number, index), 20)]
    assert rest == whole[number * 10 + index :][:20]
    assert [i for i, (*_, last, _) in enumerate(whole) if last] == [9, 19, 29, 39, 49, 59]


@settings(deadline=None)
@given(SIZES, st.integers(1, 400), st.integers(1, 4))
def test_micro_batches_share_out_a_batch_and_keep_the_bound(sizes, bound, processes):
    parts = micro_batches(features(sizes), bound, processes)
    assert sorted(members(parts)) == list(range(len(sizes)))
    for part in parts:
        assert part
        assert len(part) == 1 or padded(part) <= bound
    if len(parts) % processes:
        assert max(map(len, parts)) == 1


def test_one_process_gets_as_few_parts_as_fit():
    assert [len(part) for part in micro_batches(features([16] * 10), 16 * 4, 1)] == [4, 4, 2]
    assert [len(part) for part in micro_batches(features([16] * 10), 16 * 4, 2)] == [2, 2, 4, 2]


FRAME = Frame((0,), (2, 2), (2,), (2,), 0)
LINES = [list(range(10, 10 + n)) for n in range(3, 20)]
MIXTURE = TextMixture({"en": [(line, None) for line in LINES]}, {"sw": [([10, 11], [20, 21, 22])] * 3}, 0.5, 0.4)


def text(seed=0, number=0):
    return text_rounds(MIXTURE, Masking(4, frozenset(range(5)), 50, 0.2), FRAME, 120, seed)(number)


def shown(batches):
    return [(f.ids, f.target) for batch in batches for f in batch]


def test_drawn_text_is_the_same_for_a_seed_and_a_round_and_differs_by_both():
    assert shown(text()) == shown(text())
    assert shown(text(number=1)) == shown(text(number=1))
    assert shown(text()) != shown(text(number=1))
    assert shown(text()) != shown(text(seed=1))


def test_a_pool_of_text_holds_its_share_of_tokens_in_batches_within_the_budget():
    batches = text()
    assert all(padded(batch) <= 120 for batch in batches)
    assert POOL * 120 <= sum(map(tokens, batches)) < POOL * 120 + 30
    lengths = [len(batch[0].ids) for batch in batches]
    assert lengths != sorted(lengths)


def test_drawn_text_is_framed_and_masked():
    kinds = Counter()
    for feature in (f for batch in text() for f in batch):
        told = [t for t in feature.target if t != IGNORED]
        assert told
        assert all(t >= 5 for t in told)
        original = [i if t == IGNORED else t for i, t in zip(feature.ids, feature.target, strict=True)]
        assert original[0] == 0
        assert original[-1] == 2
        kinds[original.count(2)] += 1
    assert set(kinds) == {1, 3}
    assert kinds[3] / kinds.total() == pytest.approx(0.4, abs=0.08)


# A pair says by its sub-words which it is: English 100 + i, the other language 200 + i, 300 + i.
BITEXT = {
    "sw": [([100 + i] * (2 + i % 7), [200 + i] * (1 + i % 5)) for i in range(40)],
    "yo": [([100 + i] * 10, [300 + i] * 12) for i in range(40)],
}


def contrasted(seed=0, number=0, budget=240):
    return contrast_rounds(TextMixture({}, BITEXT, 0.5, 0.0), FRAME, budget, seed)(number)


def windows(batch):
    return [window for feature in batch for window, _ in feature.windows()]


def test_every_window_of_a_contrast_is_followed_by_its_translation():
    languages = Counter()
    for batch in contrasted():
        for first, second in zip(windows(batch)[0::2], windows(batch)[1::2], strict=True):
            assert (first[0], first[-1], second[0], second[-1]) == (0, 2, 0, 2)
            pair = [side[1:-1] for side in (first, second)]
            assert tuple(sorted(pair)) in [(a, b) for own in BITEXT.values() for a, b in own]
            languages[max(first) // 100, max(second) // 100] += 1
    assert set(languages) == {(1, 2), (2, 1), (1, 3), (3, 1)}


def test_the_sentences_of_a_contrast_are_a_pool_in_batches_within_the_budget():
    batches = contrasted()
    assert all(padded(batch) <= 240 for batch in batches)
    assert 50 * 240 <= sum(map(tokens, batches)) < 50 * 240 + 30
    assert sum(map(padded, batches)) < 1.6 * sum(map(tokens, batches))
    assert min(batch[0].rows for batch in batches[:-1]) >= 2


@pytest.mark.parametrize(("bound", "processes"), [(16, 1), (48, 2), (10**6, 3)])
def test_no_machine_cuts_a_contrast_for_a_sentence_is_told_from_all_of_its_batch(bound, processes):
    for batch in contrasted():
        assert [windows(part) for part in micro_batches(batch, bound, processes)] == [windows(batch)]


def test_a_contrast_is_the_same_for_a_seed_and_a_round_and_differs_by_both():
    assert shown(contrasted()) == shown(contrasted())
    assert shown(contrasted(number=2)) == shown(contrasted(number=2))
    assert shown(contrasted()) != shown(contrasted(number=2))
    assert shown(contrasted()) != shown(contrasted(seed=1))


@pytest.mark.parametrize(("bound", "processes"), [(8, 1), (48, 2), (10**6, 3)])
@given(sizes=SIZES)
@settings(deadline=None, max_examples=20)
def test_a_whole_batch_holds_what_the_batch_held_and_no_machine_cuts_it(sizes, bound, processes):
    cut, joined = (labelled_rounds(features(sizes), recipe(), 0, whole=whole)(1) for whole in (False, True))
    assert [len(batch) for batch in joined] == [1] * len(cut)
    for batch, (one,) in zip(cut, joined, strict=True):
        assert list(one.windows()) == [window for feature in batch for window in feature.windows()]
        assert one.target == tuple(feature.target for feature in batch)
        assert micro_batches([one], bound, processes) == [[one]]
