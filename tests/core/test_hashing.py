"""Addresses: the same meaning gives the same digest for ever, and what has no single meaning gives none."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.core.hashing import CHUNK, canonical, canonical_json, digest, file_digest

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (None, "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b"),
        ([], "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"),
        ({}, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
    ],
)
def test_digests_of_simple_values_are_those_of_their_json(value, known):
    assert digest(value) == known == hashlib.sha256(json.dumps(value).encode()).hexdigest()


def test_the_digest_of_a_settings_like_value_is_pinned():
    value = {"task": "udpos", "learning_rate": 1e-5, "seeds": (1, 2), "layer": None, "name": "Ж 中", "on": True}
    assert (
        canonical_json(value).decode()
        == '{"layer":null,"learning_rate":1e-05,"name":"Ж 中","on":true,"seeds":[1,2],"task":"udpos"}'
    )
    assert digest(value) == hashlib.sha256(canonical_json(value)).hexdigest()
    assert digest(value).startswith("2aa95fd454e4145e")


def test_the_order_of_keys_and_the_kind_of_sequence_do_not_matter():
    assert digest({"a": 1, "b": [2, 3]}) == digest(OrderedDict(b=(2, 3), a=1))


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (1, "1"), (1, 1.0), (None, ""), ([], {}), ([1, 2], [2, 1]), ("\u00e9", "e\u0301")]
)
def test_values_of_different_meaning_have_different_digests(one, other):
    assert digest([one]) != digest([other])


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        {1, 2},
        frozenset(),
        print,
        lambda: 0,
        object(),
        b"bytes",
        int,
        1j,
        range(3),
    ],
)
def test_what_has_no_canonical_form_is_refused_by_place(value):
    with pytest.raises(TypeError, match=r"value\.settings\[1\]: .*cannot be hashed"):
        digest({"settings": [0, value]})


@pytest.mark.parametrize("key", [1, None, True, ("a",), 1.5])
def test_a_key_that_is_no_string_is_refused(key):
    with pytest.raises(TypeError, match=r"value\.a: key .* is not a string"):
        digest({"a": {key: 0}})


@given(plain)
def test_canonical_json_is_read_back_as_the_same_value(value):
    assert json.loads(canonical_json(value)) == canonical(value) == value


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1])
def test_the_digest_of_a_file_is_that_of_its_bytes(tmp_path, size):
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    assert file_digest(path) == hashlib.sha256(b"x" * size).hexdigest()
