"""Intervals of timed rounds: they hold the figure, keep outliers, and cover what they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from isthmus.efficiency import intervals as module
from isthmus.efficiency.intervals import latency_of, throughput_of

SECONDS = st.floats(1e-5, 100, allow_nan=False)


@st.composite
def rounds(draw):
    width = draw(st.integers(1, 4))
    return draw(st.lists(st.lists(SECONDS, min_size=width, max_size=width), min_size=1, max_size=12))


@given(rounds(), st.integers(0, 5))
@limits(max_examples=40)
def test_an_interval_holds_its_figure_and_percentiles_rise(seconds, seed):
    latency = latency_of(seconds, seed)
    for one in (latency.p50, latency.p95, latency.p99, latency.mean):
        assert one.low <= one.value <= one.high
    assert latency.p50.value <= latency.p95.value <= latency.p99.value
    assert latency.n == sum(map(len, seconds))
    assert latency.rounds == pytest.approx([sum(own) for own in seconds])
    throughput = throughput_of([sum(own) for own in seconds], 10, 70, seed)
    for one in (throughput.examples_per_second, throughput.tokens_per_second):
        assert one.low <= one.value <= one.high
    assert throughput.tokens_per_second.value == pytest.approx(7 * throughput.examples_per_second.value)


def test_percentiles_are_queries_that_were_timed_and_outliers_are_among_them():
    seconds = np.full((25, 4), 0.01)
    seconds[3, 2] = 5.0
    seconds[7, 1] = 4.0
    latency = latency_of(seconds.tolist(), 1)
    assert latency.p50.value == latency.p95.value == 0.01
    assert latency.p99.value == 4.0
    assert latency.p99.high == 5.0
    assert latency.mean.value == pytest.approx(seconds.mean())


def test_steady_rounds_have_narrow_intervals_and_unsteady_ones_wide():
    lot = np.random.default_rng(0)
    steady, unsteady = (latency_of((1 + size * lot.random((30, 4))).tolist(), 1).mean for size in (0.01, 0.5))
    assert unsteady.high - unsteady.low > 10 * (steady.high - steady.low) > 0
    assert latency_of([[2.0]] * 9, 1).mean.low == latency_of([[2.0]] * 9, 1).mean.high == 2.0


def test_queries_of_a_round_are_drawn_together():
    """Rounds that differ as wholes leave less known than as many queries that differ by themselves."""
    lot = np.random.default_rng(1)
    by_round = np.repeat(1 + lot.random((20, 1)), 16, axis=1)
    mixed = lot.permutation(by_round.ravel()).reshape(20, 16)
    own, other = (latency_of(seconds.tolist(), 1).mean for seconds in (by_round, mixed))
    assert own.high - own.low > 2 * (other.high - other.low)


def test_the_interval_of_a_mean_covers_the_truth_about_as_often_as_it_says():
    lot, hits = np.random.default_rng(2), 0
    for number in range(200):
        mean = latency_of(lot.gamma(4.0, 0.25, (25, 3)).tolist(), number).mean
        hits += mean.low <= 1.0 <= mean.high
    assert 176 <= hits <= 199


def test_figures_do_not_hang_on_how_many_draws_are_held_at_a_time(monkeypatch):
    seconds = np.random.default_rng(3).random((15, 4)).tolist()
    whole = latency_of(seconds, 1)
    monkeypatch.setattr(module, "BLOCK", 100)
    assert latency_of(seconds, 1) == whole


def test_throughput_is_of_all_passes_together():
    throughput = throughput_of([1.0, 3.0], 8, 80, 1)
    assert throughput.examples_per_second.value == pytest.approx(4.0)
    assert throughput.tokens_per_second.value == pytest.approx(40.0)
    assert throughput.rounds == (1.0, 3.0)
