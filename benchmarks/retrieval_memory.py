"""What exact search takes: peak memory and speed of the k nearest both ways among unit vectors, drawn at random.

The vectors of the whole are made and held, 150,000 and 1,000,000 of 1,024 dimensions unless told otherwise; ``--queries``
searches for the first of them only, since the whole takes three hundred million million operations.
"""

from __future__ import annotations

import argparse
import resource
import time

import torch

from _side_by_side import heading
from isthmus.evaluation.neighbours import BLOCK, top_both_ways
from isthmus.evaluation.similarity import RATIO


def unit_vectors(size: int, dimensions: int, seed: int) -> torch.Tensor:
    """Return random unit vectors, made a block at a time where they stay."""
    draw = torch.Generator().manual_seed(seed)
    vectors = torch.empty(size, dimensions)
    for start in range(0, size, BLOCK):
        part = vectors[start : start + BLOCK].normal_(generator=draw)
        part /= part.norm(dim=-1, keepdim=True)
    return vectors


def peak() -> float:
    """Return the most memory this process had resident so far, in GB (10^9 bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def main() -> None:
    """Search, and print the memory, the speed and what the whole would take."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sides", type=int, nargs=2, default=(150_000, 1_000_000), metavar=("N", "M"))
    asked.add_argument("--dimensions", type=int, default=1024)
    asked.add_argument("--queries", type=int, help="search for the first so many only (default: all)")
    given = asked.parse_args()
    heading(f"{RATIO.neighbours} nearest both ways, {given.sides[0]:,} x {given.sides[1]:,} x {given.dimensions:,}")
    queries, candidates = (unit_vectors(size, given.dimensions, seed) for seed, size in enumerate(given.sides))
    held = (queries.nbytes + candidates.nbytes) / 1e9
    print(f"  vectors {held:.2f} GB, peak {peak():.2f} GB when they are made")
    chosen = queries[: given.queries or len(queries)]
    begun = time.perf_counter()
    top_both_ways(chosen, candidates, RATIO.neighbours)
    seconds = time.perf_counter() - begun
    done = len(chosen) / len(queries)
    speed = 2 * len(chosen) * len(candidates) * given.dimensions / seconds / 1e9
    print(
        f"  {done:.1%} of the queries in {seconds:.0f} s: {speed:.0f} GFLOP/s, the whole takes {seconds / done / 60:.0f} min"
    )
    print(f"  peak {peak():.2f} GB")


if __name__ == "__main__":
    main()
