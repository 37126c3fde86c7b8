"""Rates of a mix: by examples, all alike, or between the two; raw text has a rate of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.mixing.rates import rates_of
from isthmus.study.spec import Scheme

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
