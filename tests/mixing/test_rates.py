"""Rates of a mix: by examples, all alike, or between the two; raw text has a rate of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.mixing.rates import course_of, language_shares, rates_of
from isthmus.study.rates import Leg, Schedule, Scheme, Smoothing

SIZES = st.dictionaries(st.text("abc", min_size=1), st.integers(1, 10**6), min_size=1, max_size=5)
SHARES = st.floats(0.01, 0.99)


def scheme(name="proportional", **keys):
    return Scheme(scheme=name, **keys)


SCHEMES = st.one_of(
    st.builds(scheme, st.just("proportional"), cap=st.none() | st.integers(1, 10**5)),
    st.builds(scheme, st.just("uniform")),
    st.builds(scheme, st.just("temperature"), temperature=st.floats(0.2, 50), cap=st.none() | st.integers(1, 10**5)),
)


@given(SIZES, SCHEMES, SHARES)
def test_rates_sum_to_one_and_text_has_its_own(sizes, scheme, share):
    rates = rates_of(scheme, sizes)
    assert rates.keys() == sizes.keys()
    assert sum(rates.values()) == pytest.approx(1)
    with_text = rates_of(scheme.model_copy(update={"mlm": share}), {"mlm": None, **sizes})
    assert with_text.pop("mlm") == share
    assert with_text == pytest.approx({name: rate * (1 - share) for name, rate in rates.items()})


@given(SIZES, SCHEMES)
def test_more_examples_never_mean_a_lower_rate_and_the_order_of_tasks_does_not_count(sizes, scheme):
    rates = rates_of(scheme, sizes)
    ordered = [rates[name] for name in sorted(sizes, key=sizes.__getitem__)]
    assert ordered == sorted(ordered)
    assert rates_of(scheme, dict(reversed(sizes.items()))) == rates


@given(SIZES, st.integers(1, 10**5))
def test_what_is_beyond_the_cap_does_not_count(sizes, cap):
    cut = {name: min(size, cap) for name, size in sizes.items()}
    assert rates_of(scheme(cap=cap), sizes) == rates_of(scheme(), cut)


@given(SIZES)
def test_temperature_leads_from_proportional_to_uniform(sizes):
    assert rates_of(scheme("temperature", temperature=1.0), sizes) == pytest.approx(rates_of(scheme(), sizes))
    assert rates_of(scheme("temperature", temperature=1e6), sizes) == pytest.approx(
        rates_of(scheme("uniform"), sizes), abs=1e-4
    )


def test_known_rates():
    sizes = {"mnli": 900, "squad": 100}
    assert rates_of(scheme(), sizes) == pytest.approx({"mnli": 0.9, "squad": 0.1})
    assert rates_of(scheme("temperature", temperature=2), sizes) == pytest.approx({"mnli": 0.75, "squad": 0.25})
    assert rates_of(scheme("uniform", mlm=0.5), {**sizes, "mlm": None}) == {"mnli": 0.25, "squad": 0.25, "mlm": 0.5}


def schedule(word, *legs):
    return Schedule(schedule=tuple(Leg(**{word: place, "rates": rates}) for place, rates in legs))


NUMBERS = st.lists(st.integers(1, 999), min_size=1, max_size=3, unique=True)
PLACES = NUMBERS.map(lambda numbers: [*(number / 1000 for number in sorted(numbers)), 1.0])
WEIGHTS = st.fixed_dictionaries({"a": st.integers(1, 9), "b": st.integers(0, 9), "c": st.integers(0, 9)})


@given(PLACES, st.data(), st.sampled_from(["at", "until"]), st.integers(1, 80))
def test_the_shares_of_every_step_sum_to_one_and_so_do_their_means(places, data, word, steps):
    course = course_of(schedule(word, *((place, data.draw(WEIGHTS)) for place in places)), {}, steps)
    for step in range(steps):
        assert sum(course.at(step).values()) == pytest.approx(1)
        assert all(share > 0 for share in course.at(step).values())
    assert sum(course.mean().values()) == pytest.approx(1)


def test_rates_hold_until_their_place_and_the_next_ones_from_there():
    course = course_of(schedule("until", (0.3, {"a": 1}), (1.0, {"a": 1, "b": 3})), {}, 10)
    assert [course.at(step) for step in range(10)] == [{"a": 1.0}] * 3 + [{"a": 0.25, "b": 0.75}] * 7
    assert course.mean() == pytest.approx({"a": (3 + 7 / 4) / 10, "b": 7 * 0.75 / 10})
    assert course.changes == [{"until": 0.3, "rates": {"a": 1.0}}, {"until": 1.0, "rates": {"a": 0.25, "b": 0.75}}]


@given(st.integers(1, 200))
def test_shares_go_in_a_straight_line_between_points_and_average_to_its_middle(steps):
    course = course_of(schedule("at", (0.0, {"a": 5}), (1.0, {"b": 2})), {}, steps)
    found = [course.at(step).get("b", 0.0) for step in range(steps)]
    assert found == pytest.approx([(step + 0.5) / steps for step in range(steps)])
    assert course.mean() == pytest.approx({"a": 0.5, "b": 0.5})


def test_before_the_first_point_and_after_the_last_the_shares_stay():
    course = course_of(schedule("at", (0.2, {"a": 1, "b": 1}), (0.4, {"b": 1})), {}, 10)
    assert [course.at(step).get("a", 0.0) for step in range(10)] == pytest.approx([0.5, 0.5, 0.375, 0.125, *[0] * 6])


def test_a_scheme_may_hold_for_a_part_of_a_run():
    sizes = {"a": 30, "b": 10, "mlm": None}
    course = course_of(schedule("until", (0.5, Scheme(scheme="proportional", mlm=0.2)), (1.0, {"mlm": 1})), sizes, 2)
    assert course.at(0) == pytest.approx({"a": 0.6, "b": 0.2, "mlm": 0.2})
    assert course.at(1) == {"mlm": 1.0}


@given(SIZES, SCHEMES)
def test_rates_without_a_schedule_are_the_same_in_every_step(sizes, scheme):
    course = course_of(scheme, sizes, 5)
    assert all(course.at(step) == rates_of(scheme, sizes) for step in range(5))
    assert (course.mean(), course.changes) == (rates_of(scheme, sizes), [])


def test_translation_has_a_rate_of_its_own_beside_text():
    found = rates_of(scheme("uniform", mlm=0.5, tlm=0.3), {"a": 9, "b": 1, "mlm": None, "tlm": None})
    assert found == pytest.approx({"a": 0.1, "b": 0.1, "mlm": 0.5, "tlm": 0.3})


def test_known_shares_of_languages():
    sizes = {"en": 900, "de": 100, "sw": 0}
    assert language_shares(Smoothing(), sizes) == pytest.approx({"en": 0.9, "de": 0.1})
    assert language_shares(Smoothing(alpha=0.5), sizes) == pytest.approx({"en": 0.75, "de": 0.25})
    assert language_shares(Smoothing(cap=100), sizes) == {"en": 0.5, "de": 0.5}
    assert language_shares({"en": 1, "de": 3, "sw": 7}, sizes) == {"en": 0.25, "de": 0.75}


@given(SIZES, st.floats(0, 1), st.none() | st.integers(1, 10**5))
def test_shares_of_languages_sum_to_one_and_fewer_examples_never_mean_a_larger_one(sizes, alpha, cap):
    shares = language_shares(Smoothing(alpha=alpha, cap=cap), sizes)
    assert sum(shares.values()) == pytest.approx(1)
    ordered = [shares[name] for name in sorted(sizes, key=sizes.__getitem__)]
    assert ordered == sorted(ordered)
