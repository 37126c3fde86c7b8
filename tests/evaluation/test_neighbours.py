"""The nearest of all, as a look at every pair finds them, whatever the size of the blocks."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.core.seeds import stream
from isthmus.evaluation import neighbours as module
from isthmus.evaluation.neighbours import CPU, top_both_ways, top_rows


def vectors(purpose, size):
    draw = stream(0, purpose)
    return torch.nn.functional.normalize(torch.tensor([[draw.gauss(0, 1) for _ in range(8)] for _ in range(size)]), dim=-1)


def ranked(scores, k):
    """Return the k highest (score, place), of equals the first."""
    order = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:k]
    return [scores[place] for place in order], order


# Small whole numbers multiply without rounding, and many pairs are equal.
SIDES = st.integers(1, 3).flatmap(
    lambda width: st.tuples(
        *(st.lists(st.lists(st.integers(-2, 2), min_size=width, max_size=width), min_size=1, max_size=9) for _ in range(2))
    )
)


@pytest.mark.parametrize("group", [1, 2, module.GROUP])
@given(sides=SIDES, k=st.integers(1, 12), block=st.integers(1, 10))
@settings(deadline=None)
def test_the_nearest_are_those_of_every_pair_of_equals_the_first_for_blocks_of_any_size(group, sides, k, block):
    queries, candidates = (torch.tensor(side).float() for side in sides)
    table = (queries @ candidates.T).tolist()
    expected = [ranked(row, k) for row in table]
    expected_back = [ranked([row[j] for row in table], k) for j in range(len(candidates))]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "GROUP", group)
        values, rows = top_rows(queries, candidates, k, CPU, block)
        forth, back = top_both_ways(queries, candidates, k, CPU, block)
    for found, wanted in (((values, rows), expected), ((forth.values, forth.rows), expected)):
        assert list(zip(*(side.tolist() for side in found), strict=True)) == wanted
    assert list(zip(back.values.tolist(), back.rows.tolist(), strict=True)) == expected_back


@pytest.mark.parametrize("block", [7, 1000])
def test_cosines_of_real_vectors_come_from_highest_to_lowest(block):
    queries, candidates = vectors("queries", 50), vectors("candidates", 90)
    table = queries.double() @ candidates.double().T
    values, rows = top_rows(queries, candidates, 5, CPU, block)
    expected = table.topk(5)
    assert torch.equal(rows, expected.indices)
    torch.testing.assert_close(values.double(), expected.values, atol=1e-6, rtol=0)


def test_a_candidate_that_points_away_is_still_the_nearest_where_it_is_the_only_one():
    values, rows = top_rows(torch.tensor([[1.0, 0.0]]), torch.tensor([[-1.0, 0.0]]), 3)
    assert (values.tolist(), rows.tolist()) == ([[-1.0]], [[0]])


@pytest.mark.parametrize(("queries", "candidates"), [(0, 0), (0, 3), (3, 0)])
def test_where_a_side_is_empty_there_is_no_neighbour(queries, candidates):
    values, rows = top_rows(torch.ones(queries, 2), torch.ones(candidates, 2), 2)
    assert values.shape == rows.shape == (queries, min(2, candidates))


def test_no_more_than_a_block_of_cosines_is_made_at_a_time(monkeypatch):
    sizes = []
    whole = module.blocks

    def watched(*given):
        for i, j, cosines in whole(*given):
            sizes.append((i, j, *cosines.shape))
            yield i, j, cosines

    monkeypatch.setattr(module, "blocks", watched)
    top_both_ways(vectors("queries", 5), vectors("candidates", 7), 2, CPU, 4)
    assert sizes == [(0, 0, 4, 4), (0, 4, 4, 3), (4, 0, 1, 4), (4, 4, 1, 3)]
