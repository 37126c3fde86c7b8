"""Averages, deltas and comparisons on hand-made scores with known answers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.results.averages import figures, shared, spread

LANGUAGES = ("en", "de", "sw")
scores = st.dictionaries(
    st.tuples(st.sampled_from(["none", "panx", "baseline:majority"]), st.integers(0, 4)),
    st.fixed_dictionaries({language: st.floats(0, 100) for language in LANGUAGES}),
    min_size=1,
)


def test_seeds_give_a_mean_and_the_sample_standard_deviation():
    found = spread({1: 10.0, 2: 12.0, 3: 14.0})
    assert (found.by_seed, found.mean, found.sd) == (((1, 10.0), (2, 12.0), (3, 14.0)), 12.0, 2.0)


def test_a_single_seed_has_no_standard_deviation():
    assert spread({7: 10.0}).sd is None


def test_no_seed_gives_no_figure():
    assert spread({}) is None


def test_languages_weigh_alike_within_a_seed():
    found = figures({("none", 1): {"en": 90.0, "de": 50.0}, ("none", 2): {"en": 80.0, "de": 30.0}}, ["en", "de"], None)
    assert found["none"].score.by_seed == ((1, 70.0), (2, 55.0))


def test_deltas_are_paired_seed_by_seed():
    values = {("none", 1): {"de": 10.0}, ("none", 2): {"de": 30.0}, ("panx", 2): {"de": 33.0}, ("panx", 1): {"de": 12.0}}
    delta = figures(values, ["de"], "none")["panx"].delta
    assert delta.by_seed == ((2, 3.0), (1, 2.0))
    assert delta.mean == 2.5


def test_a_seed_without_its_partner_has_no_delta():
    values = {("none", 1): {"de": 10.0}, ("panx", 1): {"de": 12.0}, ("panx", 2): {"de": 99.0}}
    assert figures(values, ["de"], "none")["panx"].delta.by_seed == ((1, 2.0),)
    assert figures({("none", 1): {"de": 10.0}, ("panx", 2): {"de": 9.0}}, ["de"], "none")["panx"].delta is None


def test_an_arm_that_trains_nothing_is_the_partner_of_every_seed():
    values = {("none", None): {"de": 10.0}, ("panx", 1): {"de": 12.0}, ("panx", 2): {"de": 9.0}}
    assert figures(values, ["de"], "none")["panx"].delta.by_seed == ((1, 2.0), (2, -1.0))


def test_there_are_no_deltas_without_an_arm_to_compare_with_and_none_for_baselines():
    values = {("none", 1): {"de": 10.0}, ("baseline:majority", 1): {"de": 4.0}}
    assert figures(values, ["de"], None)["none"].delta is None
    assert figures(values, ["de"], "none")["baseline:majority"].delta is None


def test_only_a_mean_above_a_baseline_beats_it():
    values = {
        ("none", 1): {"de": 20.0},
        ("none", 2): {"de": 40.0},
        ("baseline:equal", None): {"de": 30.0},
        ("baseline:higher", None): {"de": 30.1},
        ("baseline:lower", None): {"de": 29.9},
    }
    found = figures(values, ["de"], None)
    assert found["none"].not_beaten == ("baseline:equal", "baseline:higher")
    assert found["baseline:equal"].not_beaten == ()


def test_the_last_bit_of_a_mean_beats_nobody():
    value = 100 / 3
    values = {("none", seed): {"de": value} for seed in range(7)} | {("baseline:majority", None): {"de": value - 1e-13}}
    assert figures(values, ["de"], None)["none"].not_beaten == ("baseline:majority",)


def test_an_arm_that_lacks_a_language_has_no_average_over_it():
    assert figures({("none", 1): {"de": 1.0}, ("panx", 1): {}}, ["de"], "none").keys() == {"none"}
    assert figures({("none", 1): {"de": 1.0}}, [], "none") == {}


def test_what_is_compared_are_the_languages_of_all_arms_and_seeds_under_way():
    values = {("none", 1): {"en": 1.0, "de": 1.0, "sw": 1.0}, ("none", 2): {"de": 1.0, "sw": 1.0}, ("panx", 1): {}}
    assert shared(values, LANGUAGES) == ("de", "sw")
    assert shared(values, ["en"]) == ("en",)
    assert shared({("none", 1): {}}, LANGUAGES) == ()


@settings(deadline=None)
@given(scores)
def test_an_average_lies_between_its_lowest_and_its_highest_score(scores):
    for arm, figure in figures(scores, LANGUAGES, None).items():
        values = [value for (name, _), found in scores.items() if name == arm for value in found.values()]
        assert min(values) - 1e-9 <= figure.score.mean <= max(values) + 1e-9


@settings(deadline=None)
@given(scores)
def test_an_arm_does_not_differ_from_itself(scores):
    found = figures(scores, LANGUAGES, "none")
    if "none" in found:
        assert {value for _, value in found["none"].delta.by_seed} == {0.0}


@settings(deadline=None)
@given(scores, st.floats(-50, 50))
def test_a_shift_of_every_language_is_the_delta(scores, shift):
    whole = {key: found for key, found in scores.items() if key[0] == "none"}
    shifted = {("panx", seed): {name: value + shift for name, value in found.items()} for (_, seed), found in whole.items()}
    for figure in [f for arm, f in figures(whole | shifted, LANGUAGES, "none").items() if arm == "panx"]:
        assert figure.delta.mean == pytest.approx(shift, abs=1e-9)


def test_an_arm_of_a_model_is_compared_with_the_partner_and_the_rules_of_that_model():
    values = {
        ("none@small", 1): {"de": 10.0},
        ("nli@small", 1): {"de": 12.0},
        ("none@large", 1): {"de": 50.0},
        ("nli@large", 1): {"de": 45.0},
        ("baseline:majority", None): {"de": 11.0},
        ("baseline:bag@small", None): {"de": 20.0},
        ("baseline:bag@large", None): {"de": 46.0},
    }
    found = figures(values, ["de"], "none")
    assert found["nli@small"].delta.mean == 2.0
    assert found["nli@large"].delta.mean == -5.0
    assert found["none@small"].not_beaten == ("baseline:majority", "baseline:bag@small")
    assert found["none@large"].not_beaten == ()
    assert found["nli@large"].not_beaten == ("baseline:bag@large",)
