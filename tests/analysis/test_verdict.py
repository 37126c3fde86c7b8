"""A claim is judged by the whole interval."""

from __future__ import annotations

import pytest

from isthmus.analysis.chance import Chance
from isthmus.analysis.paired import Effect
from isthmus.analysis.verdict import judge
from isthmus.study.spec import Claim


def effect(delta, low, high, seeds=3):
    """An effect whose 95 % interval is that of a thousand examples."""
    by_seed = tuple((seed, delta) for seed in range(seeds))
    chance = None if low is None else Chance(0.0, ((high - low) / 2 / 1.9623) ** 2, 0.0, 1000)
    return Effect("mnli", "none", "pawsx", "accuracy", "zero-shot", delta, low, high, by_seed, 2000, ("de", "fr"), chance)


def claim(expect, margin=None):
    return Claim(text="NLI helps.", arm="mnli", target="pawsx", expect=expect, margin=margin)


@pytest.mark.parametrize(
    ("expect", "margin", "interval", "outcome"),
    [
        ("higher", None, (2.0, 0.1, 3.9), "supported"),
        ("higher", None, (2.0, -0.1, 4.1), "undecided"),
        ("higher", None, (-2.0, -3.9, -0.1), "contradicted"),
        ("lower", None, (-2.0, -3.9, -0.1), "supported"),
        ("lower", None, (2.0, 0.1, 3.9), "contradicted"),
        ("lower", None, (0.0, -1.0, 1.0), "undecided"),
        ("none", 1.0, (0.0, -0.9, 0.9), "supported"),
        ("none", 1.0, (0.5, 0.1, 0.9), "supported"),  # certain, and too small to matter
        ("none", 1.0, (0.0, -1.1, 1.1), "supported"),  # the 90 % interval, -0.92 to 0.92, decides: two tests at 5 % each
        ("none", 1.0, (0.0, -1.3, 1.3), "undecided"),
        ("none", 1.0, (0.5, -0.9, 1.9), "undecided"),
        ("none", 1.0, (0.9, 0.1, 1.7), "undecided"),
        ("none", 1.0, (1.5, 0.1, 2.9), "contradicted"),
        ("none", 1.0, (1.5, -0.1, 3.1), "undecided"),
        ("none", 1.0, (-1.5, -2.9, -0.1), "contradicted"),
    ],
)
def test_the_outcome_is_that_of_the_interval(expect, margin, interval, outcome):
    found = judge(claim(expect, margin), effect(*interval))
    assert found.outcome == outcome
    decided_by_tests = (expect, outcome) == ("none", "supported")
    shown = (
        "lies within ±1 (two one-sided tests, p = 0.0" if decided_by_tests else f"{interval[1]:+.1f} to {interval[2]:+.1f}"
    )
    assert shown in found.why


def test_the_sentence_says_what_was_found_and_why():
    assert judge(claim("higher"), effect(2.0, 0.1, 3.9)).why == (
        "mnli differs from none by +2.0 points (3 seeds, 2,000 examples); the 95 % interval +0.1 to +3.9 lies above 0."
    )


def test_the_sentence_on_no_effect_says_which_tests_decided():
    assert judge(claim("none", 1.0), effect(0.5, 0.1, 0.9)).why.endswith(
        "; the 90 % interval +0.2 to +0.8 lies within ±1 (two one-sided tests, p = 0.007)."
    )
    assert judge(claim("none", 1.0), effect(0.5, -0.9, 1.9)).why.endswith(
        "; the 95 % interval -0.9 to +1.9 holds 0, and two one-sided tests do not show it to be within ±1 (p = 0.24)."
    )


def test_a_single_seed_is_owned_up_to():
    assert "one seed, whose own chance is left out" in judge(claim("higher"), effect(2.0, 0.1, 3.9, seeds=1)).why


def test_what_is_not_measured_is_undecided():
    found = judge(claim("higher"), None)
    assert (found.outcome, found.effect) == ("undecided", None)
    assert found.why == "mnli has no score yet that can be compared on pawsx, zero-shot."


def test_what_has_no_interval_is_undecided_however_large():
    found = judge(claim("higher"), effect(100.0, None, None))
    assert found.outcome == "undecided"
    assert "too few or too alike for an interval" in found.why
