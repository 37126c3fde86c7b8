"""Search by faiss: what is found is near, its cosines are exact, and without the extra the user is told."""

from __future__ import annotations

import importlib.util
import sys

import pytest
import torch

from isthmus.core.errors import SetupError
from isthmus.evaluation import approximate
from isthmus.evaluation.mining import one_to_one
from isthmus.evaluation.neighbours import CPU, top_both_ways
from isthmus.evaluation.similarity import Similarity

installed = pytest.mark.skipif(importlib.util.find_spec("faiss") is None, reason="the extra faiss is not installed")


def vectors(seed, size):
    draw = torch.Generator().manual_seed(seed)
    return torch.nn.functional.normalize(torch.randn(size, 16, generator=draw), dim=-1)


@installed
@pytest.mark.parametrize("sizes", [(3000, 5000), (1, 7), (7, 1)])
def test_most_of_what_is_found_is_what_exact_search_finds_with_its_cosines(sizes):
    sides = [vectors(seed, size) for seed, size in enumerate(sizes)]
    for near, exact in zip(approximate.top_both_ways(*sides, 4, CPU, 512), top_both_ways(*sides, 4), strict=True):
        assert near.rows.shape == exact.rows.shape
        assert (near.rows == exact.rows).double().mean() > 0.8
        agreed = near.rows == exact.rows
        torch.testing.assert_close(near.values[agreed], exact.values[agreed], atol=1e-5, rtol=0)


@installed
def test_pairs_are_mined_by_it_where_it_is_asked_for():
    ours = vectors(0, 2000)
    theirs = torch.nn.functional.normalize(ours.flip(0) + 0.05 * vectors(1, 2000), dim=-1)
    found = one_to_one(ours, theirs, Similarity("ratio", search="faiss"))
    assert sum(i == 1999 - j for i, j, _ in found) > 1980


def test_without_the_extra_the_way_to_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(SetupError, match=r"search: faiss needs an extra, pip install 'isthmus\[faiss\]'"):
        approximate.faiss()
