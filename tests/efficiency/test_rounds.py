"""Turns: the same queries for all, in an order drawn anew, until there is enough, with nothing left out."""

from __future__ import annotations

import pytest
import torch
from pretended import TEXTS, track_of

from isthmus.analysis.latency import ratio_of
from isthmus.core.errors import Stopped
from isthmus.core.seeds import stream
from isthmus.efficiency.rounds import Deck, blocks, offline, one_of_each_shape, single_stream, warm_up


def asked_in_rounds(servers, track):
    """What each server was asked after the warm-up."""
    warm = sum(len(one_of_each_shape(servers[0], texts)) for texts in track.examples.values()) * track.protocol.warmup
    return [server.asked[warm:] for server in servers]


def test_in_a_round_every_variant_answers_the_same_queries():
    track, servers = track_of(0.001, 0.002, 0.004)
    single_stream(track)
    asked = asked_in_rounds(servers, track)
    assert len(servers) == 3
    assert asked[0] == asked[1] == asked[2]
    assert len(set(asked[0])) > 4


def test_the_order_of_variants_is_drawn_anew_in_each_round_and_language():
    track, _ = track_of(1, 1, 1)
    lot = stream(1, "order")
    drawn = [tuple(block) for _ in range(30) for block in blocks(track.fleet, ["en", "de"], lot)]
    assert {language for block in drawn for _, language in block} == {"en", "de"}
    assert all(len({language for _, language in block}) == 1 for block in drawn)
    assert len({tuple(variant for variant, _ in block) for block in drawn}) == 6


def test_rounds_go_on_until_all_that_is_asked_at_the_least_is_reached():
    for least in ({"rounds": 9, "queries": 1}, {"rounds": 1, "queries": 23}, {"rounds": 1, "queries": 1, "seconds": 2.0}):
        track, _ = track_of(0.01, 0.03, **least)
        timed = single_stream(track)
        assert timed.keys() == {(variant, language) for variant in range(2) for language in TEXTS}
        for rounds in timed.values():
            assert len(rounds) >= track.protocol.rounds
            assert sum(map(len, rounds)) >= track.protocol.queries
            assert sum(map(sum, rounds)) >= track.protocol.seconds
    assert len(timed[0, "en"]) == len(timed[1, "en"])
    # The slower one has had its seconds long before the quicker one.
    assert sum(map(sum, timed[1, "en"])) > 2 * track.protocol.seconds


def test_a_variant_that_is_15_percent_slower_shows_in_every_round():
    track, _ = track_of(0.001, 0.00115, rounds=10)
    timed = single_stream(track)
    for language in TEXTS:
        for quick, slow in zip(timed[0, language], timed[1, language], strict=True):
            assert sum(slow) / sum(quick) == pytest.approx(1.15)


def test_an_answer_that_takes_a_hundred_times_as_long_is_kept():
    track, servers = track_of(0.001, 0.001, slower=lambda _, number: 100 if number == 40 else 1, rounds=20, queries=40)
    timed = single_stream(track)
    assert len(servers[1].asked) > 40
    seconds = [one for turn, rounds in timed.items() if turn[0] == 1 for own in rounds for one in own]
    assert max(seconds) > 10 * sorted(seconds)[-2]


def test_the_first_answer_of_a_turn_and_the_warm_up_are_not_counted():
    track, servers = track_of(1.0, texts={"en": ["abc"]}, rounds=5, queries=5, warmup=3)
    timed = single_stream(track)
    assert timed[0, "en"] == [[3.0]] * 5
    assert len(servers[0].asked) == 3 + 5 * 2


def test_the_warm_up_meets_every_shape_that_will_be_asked_for():
    track, servers = track_of(1.0, 1.0, warmup=2)
    warm_up(track, 2)
    for server in servers:
        widths = {-(-len(text) // 8) for text in server.asked}
        assert widths == {-(-len(text) // 8) for texts in TEXTS.values() for text in texts}
    assert len(servers[0].asked) < 2 * sum(map(len, TEXTS.values()))


def test_every_example_is_dealt_before_any_comes_again():
    deck = Deck(list("abcdef"), stream(3, "deck"))
    first, second = deck.deal(6), deck.deal(6)
    assert sorted(first) == sorted(second) == list("abcdef")
    assert first != second
    assert sorted(deck.deal(4) + deck.deal(2)) == list("abcdef")


def test_the_same_seed_asks_the_same_and_another_one_does_not():
    asked = []
    for seed in (1, 1, 2):
        track, servers = track_of(1.0, seed=seed)
        single_stream(track)
        asked.append(servers[0].asked)
    assert asked[0] == asked[1] != asked[2]


def test_what_does_not_fit_in_memory_is_loaded_anew_for_its_turn_and_answers_the_same():
    track, servers = track_of(0.001, 0.002, together=False, rounds=2, queries=4)
    timed = single_stream(track)
    assert len(servers) > 3
    assert [len(rounds) for rounds in timed.values()] == [2] * 4
    for language in TEXTS:
        for quick, slow in zip(timed[0, language], timed[1, language], strict=True):
            assert sum(slow) == pytest.approx(2 * sum(quick))


def test_all_are_loaded_anew_in_a_drawn_order_in_the_course_of_the_rounds():
    track, servers = track_of(0.001, 0.002, 0.004, rounds=12, queries=12, loads=4)
    timed = single_stream(track)
    assert len(servers) == 4 * 3
    assert all(len(rounds) == 12 for rounds in timed.values())
    paces = [tuple(server.pace for server in servers[i : i + 3]) for i in range(0, 12, 3)]
    assert {frozenset(own) for own in paces} == {frozenset({0.001, 0.002, 0.004})}
    assert len(set(paces)) > 1
    counted = [len(server.asked) for server in servers]
    assert min(counted) > 0.5 * max(counted)


def test_where_a_variant_lies_in_memory_widens_the_interval_once_it_is_loaded_anew():
    errors = []
    for loads in (1, 6):
        track, _ = track_of(0.001, 0.001, rounds=24, queries=24, loads=loads)
        load, number = track.fleet.load, [0]

        def placed(which, load=load, number=number):
            server = load(which)
            number[0] += 1
            server.pace *= 1 + 0.02 * (number[0] * 7 % 5 - 2)
            return server

        track.fleet.load = placed
        timed = single_stream(track)
        mine, other = ([sum(own) for own in timed[which, "en"]] for which in (0, 1))
        errors.append(ratio_of([mine], [other]).error)
    assert errors[0] is None or errors[0] < 1e-9
    assert errors[1] > 0.003


def test_the_fixed_piece_of_work_is_done_in_every_round():
    beats, ticks = [], []
    track, _ = track_of(0.1, 0.1, beat=lambda: beats.append(1), tick=lambda *tick: ticks.append(tick), rounds=7)
    single_stream(track)
    rounds = [tick for tick in ticks if tick[2] == "latency"]
    assert len(rounds) == 7
    assert len(beats) == 7 * len(TEXTS)
    assert rounds[-1] == (2, 2, "latency")
    assert [done for done, _, _ in rounds] == sorted(done for done, _, _ in rounds)


@pytest.mark.parametrize("phase", ["warm-up", "latency", "throughput"])
def test_a_stop_is_heard_between_two_rounds(phase):
    def tick(_done, _total, now):
        if now == phase:
            raise Stopped("now")

    track, servers = track_of(0.1, 0.1, tick=tick, rounds=1000, passes=1000)
    with pytest.raises(Stopped):
        offline(track) if phase == "throughput" else single_stream(track)
    assert sum(len(server.asked) for server in servers) < 200


def test_offline_passes_go_over_all_examples_side_by_side_and_the_first_is_not_counted():
    track, servers = track_of(0.001, 0.002, passes=4)
    timed = offline(track)
    for language, texts in TEXTS.items():
        size = sum(map(len, texts))
        assert timed[0, language].seconds == pytest.approx([0.001 * size] * 4)
        assert timed[1, language].seconds == pytest.approx([0.002 * size] * 4)
    assert sorted(servers[0].asked) == sorted(text for texts in TEXTS.values() for text in texts * 5)


def test_offline_passes_go_on_for_the_least_seconds():
    track, _ = track_of(0.001, texts={"en": ["abcde"]}, passes=2, seconds=0.05)
    assert len(offline(track)[0, "en"].seconds) == pytest.approx(10, abs=1)


class FakeMeter:
    """Counts 5 joules a second on a pretended clock."""

    name, device = "fake", "cpu"

    def __init__(self, clock):
        self.clock = clock

    def joules(self):
        return 5 * self.clock.now


def test_joules_are_those_of_the_passes_that_are_counted():
    track, _ = track_of(0.001, 0.003)
    timed = offline(track, FakeMeter(track.clock))
    for passes in timed.values():
        assert passes.joules == pytest.approx(5 * sum(passes.seconds))


def test_what_runs_on_another_device_than_the_meter_counts_has_no_joules():
    track, servers = track_of(0.001, 0.001)
    track.fleet.server(0), track.fleet.server(1)
    servers[1].device = torch.device("cuda")
    timed = offline(track, FakeMeter(track.clock))
    assert timed[0, "en"].joules > 0
    assert timed[1, "en"].joules is None
    assert offline(track)[0, "en"].joules is None
