"""Random streams: private to a purpose, the same everywhere and for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from isthmus.core.seeds import stream, stream_seed


def test_seeds_of_purposes_are_pinned():
    assert (stream_seed(1, "batches"), stream_seed(2, "batches"), stream_seed(1, "head")) == (
        7119672969635933958,
        7623404575222736733,
        1055857634291203377,
    )


@given(st.integers(min_value=0), st.text())
def test_a_seed_fits_every_generator(seed, purpose):
    assert 0 <= stream_seed(seed, purpose) < 2**63


def test_drawing_from_one_stream_shifts_no_other():
    alone = stream(1, "head").random()
    other = stream(1, "batches")
    other.random()
    assert stream(1, "head").random() == alone != other.random()


def test_seed_and_purpose_do_not_run_into_each_other():
    assert stream_seed(1, "1/x") != stream_seed(11, "/x") != stream_seed(1, "/1/x")
