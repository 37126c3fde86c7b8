"""Similarities against neighbours: the formulas of the papers, worked out pair by pair."""

from __future__ import annotations

from statistics import fmean

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.evaluation.neighbours import CPU
from isthmus.evaluation.similarity import TINY, Similarity, nearest_rows

# None points away from another: a mean held above zero would blow roundings up, and has a test of its own.
UNIT = st.lists(st.integers(0, 3), min_size=3, max_size=3).filter(any)
SIDE = st.lists(UNIT, min_size=1, max_size=8)


def judged(name, table, k):
    """Return the similarity of every pair by the definitions: a look at the whole table of cosines."""
    forth = [fmean(sorted(row, reverse=True)[:k]) for row in table]
    back = [fmean(sorted(column, reverse=True)[:k]) for column in zip(*table, strict=True)]
    if name == "cosine":
        return table
    if name == "csls":
        return [[2 * cos - forth[i] - back[j] for j, cos in enumerate(row)] for i, row in enumerate(table)]
    return [[cos / max(TINY, (forth[i] + back[j]) / 2) for j, cos in enumerate(row)] for i, row in enumerate(table)]


@pytest.mark.parametrize("name", ["cosine", "csls", "ratio"])
@settings(deadline=None)
@given(queries=SIDE, candidates=SIDE, k=st.integers(1, 9), block=st.integers(1, 9))
def test_the_most_similar_is_so_among_all_pairs_for_blocks_of_any_size(name, queries, candidates, k, block):
    queries, candidates = (torch.nn.functional.normalize(torch.tensor(s).float(), dim=-1) for s in (queries, candidates))
    found = nearest_rows(queries, candidates, CPU, block, Similarity(name, k))
    scores = judged(name, (queries @ candidates.T).tolist(), k)
    for row, place in zip(scores, found, strict=True):
        assert row[place] == pytest.approx(max(row), abs=1e-5)


@pytest.mark.parametrize("block", [1, 2, 3, 9])
def test_of_equally_near_rows_the_first_is_taken(block):
    candidates = torch.tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    for name in ("cosine", "csls", "ratio"):
        assert nearest_rows(torch.eye(2), candidates, CPU, block, Similarity(name)) == [1, 0]


def test_a_hub_that_is_near_to_all_is_left_for_a_sentence_of_ones_own():
    # The hub is nearest to both queries by cosine; each has a candidate that is near to it alone.
    hub = [0.7, 0.7, 0.14]
    queries = torch.nn.functional.normalize(torch.tensor([[1.0, 0.55, 0.0], [0.55, 1.0, 0.0]]), dim=-1)
    candidates = torch.nn.functional.normalize(torch.tensor([hub, [1.0, 0.2, -0.1], [0.2, 1.0, -0.1]]), dim=-1)
    assert nearest_rows(queries, candidates) == [0, 0]
    assert nearest_rows(queries, candidates, similarity=Similarity("csls", 2)) == [1, 2]
    assert nearest_rows(queries, candidates, similarity=Similarity("ratio", 2)) == [1, 2]


def test_a_sentence_that_nothing_is_near_to_has_a_ratio_too():
    queries, candidates = torch.eye(2), -torch.eye(2)
    assert nearest_rows(queries, candidates, similarity=Similarity("ratio")) == [1, 0]


@pytest.mark.parametrize("name", ["cosine", "csls", "ratio"])
@pytest.mark.parametrize("queries", [0, 2])
def test_nothing_is_near_where_there_is_nothing(name, queries):
    assert nearest_rows(torch.ones(queries, 2), torch.ones(0, 2), similarity=Similarity(name)) == []
