"""A noisy machine is told from a quiet one, in words."""

from __future__ import annotations

import os
import random

import pytest
from pretended import FakeClock

from isthmus.efficiency.noise import Listener, cpu_times, judged

TICKS = os.sysconf("SC_CLK_TCK")
QUIET = [0.01 + 0.00005 * (i % 3) for i in range(60)]


def noise(beats, others=0.0, steal=0.0, governor="performance", load=0.0):
    return judged(beats, others, steal, governor, load)


def test_a_quiet_machine_has_nothing_said_against_it():
    heard = noise(QUIET)
    assert (heard.noisy, heard.why) == (False, ())
    assert 0 <= heard.spread < 0.02
    assert heard.drift == pytest.approx(0.0, abs=0.02)


def test_one_hiccup_in_sixty_is_no_noise():
    assert not noise([*QUIET, 0.5]).noisy


@pytest.mark.parametrize(
    ("beats", "word"),
    [
        ([0.01 * random.Random(1).choice([1, 1.2, 1.4]) * (1 + 0.3 * ((i * 7) % 5) / 5) for i in range(60)], "more or less"),
        ([own * (10 if i % 10 == 0 else 1) for i, own in enumerate(QUIET)], "6 of 60 times"),
        ([own * (1 + 0.3 * i / 60) for i, own in enumerate(QUIET)], "slower while it was measured"),
        ([own * (1 - 0.3 * i / 60) for i, own in enumerate(QUIET)], "faster while it was measured"),
    ],
)
def test_an_unsteady_clock_is_noise(beats, word):
    heard = noise(beats)
    assert heard.noisy
    assert any(word in said for said in heard.why)


def test_drift_says_which_way_and_how_far():
    assert noise([0.01] * 20 + [0.012] * 40).drift == pytest.approx(0.2)
    assert "became 20% slower" in " ".join(noise([0.01] * 20 + [0.012] * 40).why)


@pytest.mark.parametrize(("given", "word"), [({"others": 0.4}, "40%"), ({"steal": 0.05}, "hypervisor took away 5%")])
def test_others_at_work_are_noise(given, word):
    assert word in " ".join(noise(QUIET, **given).why)


def test_a_frequency_that_is_not_fixed_is_told_where_there_is_noise_but_is_none_by_itself():
    assert not noise(QUIET, governor="powersave").noisy
    heard = noise(QUIET, steal=0.1, governor="powersave")
    assert "governor powersave" in heard.why[-1]
    assert heard.governor == "powersave"


def test_nothing_is_concluded_from_what_the_system_does_not_tell():
    heard = judged(QUIET, None, None, "", 3.0)
    assert not heard.noisy
    assert (heard.load, heard.steal) == (3.0, None)


def write_stat(proc, busy, idle, stolen):
    user, rest, gone = (round(seconds * TICKS) for seconds in (busy, idle, stolen))
    (proc / "stat").write_text(f"cpu  {user} 0 0 {rest} 0 0 0 {gone} 0 0\ncpu0 1 1 1 1\n")


def test_the_share_of_others_and_of_the_hypervisor_is_that_between_two_looks(tmp_path):
    write_stat(tmp_path, 1000, 5000, 7)
    clock = FakeClock()
    listener = Listener(clock, tmp_path, tmp_path / "none", lambda: clock.spend(0.01))
    for _ in range(10):
        listener.beat()
    write_stat(tmp_path, 1000 + 400, 5000 + 500, 7 + 100)
    heard = listener.heard()
    assert heard.load == pytest.approx(0.4, abs=0.01)
    assert heard.steal == pytest.approx(0.1, abs=0.001)
    assert listener.beats == pytest.approx([0.01] * 10)
    assert len(heard.why) == 2


@pytest.mark.parametrize("content", [None, "", "cpu", "cpu a b c d e f g h\n", "cpu  0 0 0 0 0 0 0 0 0 0\n"])
def test_a_system_that_tells_nothing_leaves_the_load_average(content, tmp_path):
    if content is not None:
        (tmp_path / "stat").write_text(content)
    assert cpu_times(tmp_path) is None
    listener = Listener(FakeClock(), tmp_path, tmp_path / "none", lambda: None)
    listener.beats = [0.01] * 5
    heard = listener.heard()
    assert heard.steal is None
    assert heard.load >= 0
    assert not heard.noisy


def test_the_piece_of_work_takes_time(tmp_path):
    listener = Listener()
    listener.beat()
    assert listener.beats[0] > 0
