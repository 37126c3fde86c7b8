"""Surfaces over size and spread: exact where the gains are, honest where they are not, apart by draws and languages."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from isthmus.analysis.paired import Scored
from isthmus.analysis.spreads import Spread, Spreads
from isthmus.analysis.surface import TRAINED, UNTRAINED, surfaces, trained

SIZES, COUNTS, SEEDS, EXAMPLES = (100, 200, 400), (1, 2, 4), (1, 2, 3), 1000


def design(draws: int = 1) -> Spreads:
    rows = []
    for draw in range(draws):
        names = ["en", f"a{draw}", f"b{draw}", f"c{draw}"]
        rows.append(tuple(Spread(f"{s}x{c}-{draw}", s, tuple(sorted(names[:c]))) for s in SIZES for c in COUNTS))
    return Spreads("panx", tuple(one for row in rows for one in row), tuple(rows))


def counted(arm: str, seed: int | None, language: str, points: float, shift: int = 0) -> Scored:
    """Return counts of accuracy of so many points, the examples that are right being others by ``shift``."""
    row = np.roll(np.arange(EXAMPLES) < round(points * EXAMPLES / 100), shift).astype(np.float32)
    return Scored(arm, seed, "xnli", language, "accuracy", "accuracy", np.stack([row, np.ones_like(row)], 1))


def records(spreads: Spreads, gain, languages=("en", "de", "sw"), base=None) -> list[Scored]:
    """Return the scores of all arms: 40 points and what ``gain(arm, seed, language)`` adds."""
    made = []
    for seed in SEEDS:
        for language in languages:
            level = 40 + (base or {}).get(language, 0)
            made.append(counted("none", seed, language, level))
            made += [counted(one.arm, seed, language, level + gain(one, seed, language)) for one in spreads.arms]
    return made


def plane(one: Spread, seed: int = 2, language: str = "") -> float:
    return 10 + 2 * (log2(one.size) - log2(200)) - 3 * (log2(len(one.languages)) - 1) + 0.5 * (seed - 2)


def test_a_plane_is_found_as_it_is():
    spreads = design()
    (found,) = surfaces(records(spreads, plane), spreads, "none", {"all": ["en", "de", "sw"]}, "sw")[:1]
    assert found.level.value == pytest.approx(10, abs=0.05)
    assert found.examples.value == pytest.approx(2, abs=0.05)
    assert found.languages.value == pytest.approx(-3, abs=0.05)
    assert found.both.value == pytest.approx(0, abs=0.05)
    assert found.at(200, 2) == pytest.approx(10, abs=0.05)
    assert found.at(400, 4) == pytest.approx(10 + 2 - 3, abs=0.1)
    assert [(spot.size, spot.count) for spot in found.spots] == [(s, c) for s in SIZES for c in COUNTS]
    assert found.spots[0].gain.value == pytest.approx(10 - 2 + 3, abs=0.05)


def test_sizes_that_are_not_in_the_same_languages_have_no_law():
    whole = design()
    every, *_ = surfaces(records(whole, plane), whole, "none", {"all": ["de"]}, "de")
    kept = tuple(one for one in whole.arms if (one.size, len(one.languages)) != (100, 4))
    some, *_ = surfaces(records(whole, plane), Spreads("panx", kept, (kept,)), "none", {"all": ["de"]}, "de")
    assert every.law
    assert some.law is None
    assert some.examples.value == pytest.approx(2, abs=0.05)


def test_what_two_doublings_do_together_is_told_apart_from_each():
    spreads = design()
    both = lambda one, seed, _: plane(one, seed) + 1.5 * log2(one.size / 200) * (log2(len(one.languages)) - 1)  # noqa: E731
    (found,) = surfaces(records(spreads, both), spreads, "none", {"all": ["de"]}, "en")[:1]
    assert (found.examples.value, found.languages.value) == (pytest.approx(2, abs=0.05), pytest.approx(-3, abs=0.05))
    assert found.both.value == pytest.approx(1.5, abs=0.05)


def test_scopes_are_averages_over_their_own_languages():
    spreads = design()
    steeper = lambda one, seed, language: plane(one, seed) + (language == "sw") * 2 * log2(one.size / 200)  # noqa: E731
    made = surfaces(records(spreads, steeper), spreads, "none", {"all": ["de", "sw"], "low": ["sw"], "lost": ["fi"]}, "en")
    slopes = {one.scope: one.examples.value for one in made if one.level}
    assert slopes == {"all": pytest.approx(3, abs=0.05), "low": pytest.approx(4, abs=0.05)}


def test_draws_that_differ_widen_the_interval_and_one_draw_hides_it():
    def lucky(one: Spread, seed: int, _: str) -> float:
        slope = {"0": -2.0, "1": 0.0, "2": 2.0}[one.arm[-1]]
        return plane(one, seed) + slope * (log2(len(one.languages)) - 1)

    three, one = design(3), design()
    (wide,) = surfaces(records(three, lucky), three, "none", {"all": ["de"]}, "en")[:1]
    (narrow,) = surfaces(records(one, plane), one, "none", {"all": ["de"]}, "en")[:1]
    assert wide.languages.value == pytest.approx(-3, abs=0.05)
    assert (wide.languages.draws, narrow.languages.draws) == (3, 1)
    assert wide.languages.error > 3 * narrow.languages.error
    assert wide.languages.error == pytest.approx(2 / np.sqrt(3), rel=0.2)
    # what all draws have alike is as sure as before
    assert wide.examples.error < 2 * narrow.examples.error


def test_languages_in_the_data_are_kept_apart_from_those_that_are_not():
    spreads = design()
    own = lambda one, seed, language: plane(one, seed) + 4.0 * (language in one.languages)  # noqa: E731
    hard = {"a0": -9, "b0": 5, "c0": -20}
    made = records(spreads, own, ("en", "a0", "b0", "c0", "de"), hard)
    by_scope = {one.scope: one for one in surfaces(made, spreads, "none", {"all": ["de"]}, "en")}
    for scope in (TRAINED, UNTRAINED):
        assert by_scope[scope].examples.value == pytest.approx(2, abs=0.05)
        assert by_scope[scope].languages.value == pytest.approx(-3, abs=0.1)
        assert by_scope[scope].level is None
    assert by_scope[TRAINED].over == ("a0", "b0", "c0")
    beyond = trained(made, spreads, "none", "en")
    assert beyond.value == pytest.approx(4, abs=0.05)
    assert beyond.sign == 1


def test_where_no_language_judged_is_in_the_data_there_is_nothing_to_say_of_it():
    spreads = design()
    made = records(spreads, plane)
    assert TRAINED not in {one.scope for one in surfaces(made, spreads, "none", {"all": ["de"]}, "en")}
    assert trained(made, spreads, "none", "en") is None


def test_nothing_is_said_before_every_arm_has_a_score():
    spreads = design()
    made = [one for one in records(spreads, plane) if one.arm != "400x4-0"]
    assert surfaces(made, spreads, "none", {"all": ["de"]}, "en") == ()
    assert trained(made, spreads, "none", "en") is None
    assert surfaces([], spreads, "none", {"all": ["de"]}, "en") == ()


def test_a_baseline_without_a_seed_is_the_partner_of_all():
    spreads = design()
    made = [one for one in records(spreads, plane) if one.arm != "none"]
    made += [counted("none", None, language, 40) for language in ("en", "de", "sw")]
    (found,) = surfaces(made, spreads, "none", {"all": ["de"]}, "en")[:1]
    assert found.level.value == pytest.approx(10, abs=0.05)
    assert found.level.seeds == 3


def test_sizes_alone_have_a_slope_and_no_slope_of_languages():
    arms = tuple(Spread(f"{size}", size, ("en",)) for size in SIZES)
    spreads = Spreads("panx", arms, (arms,))
    (found,) = surfaces(records(spreads, plane), spreads, "none", {"all": ["de"]}, "en")[:1]
    assert found.examples.value == pytest.approx(2, abs=0.05)
    assert (found.languages, found.both) == (None, None)
