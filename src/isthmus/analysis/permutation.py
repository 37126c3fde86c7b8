"""Sign-flip tests of paired effects: how often a difference as large would come of exchanging the two arms at random.

If an arm changes nothing, what it and its partner did on an example might as well have been the other way round, and so
might two runs of one seed. That asks no distribution of anybody (Fisher 1935, section 21). Exchanging examples takes the
models that were trained as given: it says whether these differ, not whether others would. Exchanging seeds says the latter,
but of S seeds no p can be below 2 / 2^S: six are the fewest that can show anything at 5 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from isthmus.analysis.chance import NOTHING
from isthmus.analysis.paired import Effect, Scored
from isthmus.analysis.pairs import Place, figures_of, pairs_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXACT = 15  # things to exchange up to which all 2^n ways are tried, as Fisher did with his 15 pairs of plants
DRAWS = 1999  # ways tried where there are more
BLOCK = 250  # ways held at a time


def of_seeds(effect: Effect, draws: int = DRAWS) -> float:
    """Return the two-sided p of exchanging the two arms in whole seeds, the mean difference being what is compared."""
    import numpy as np

    points = np.array([points for _, points in effect.by_seed])
    return _share(effect.delta, ((1 - 2 * flips) @ points / len(points) for flips in _flips(len(points), draws)))


def of_examples(effect: Effect, scored: Mapping[Place, Scored], draws: int = DRAWS) -> float:
    """Return the two-sided p of exchanging the two arms on single examples, the whole figure computed anew each time.

    An example is exchanged in all seeds and languages or in none, since what it does in one it tends to do in the others.
    """
    import numpy as np

    pairs = pairs_of(effect, scored)
    counts = [
        (scored[mine], scored[mine].counts.astype("f8"), scored[other].counts.astype("f8"))
        for seed in pairs
        for mine, other in seed
    ]
    rows = max(len(mine) for _, mine, _ in counts)

    def differences(flips: NDArray[np.int8]) -> NDArray[np.float64]:
        whole = np.zeros(len(flips))
        for one, mine, other in counts:
            moved = flips[:, : len(mine)] @ (mine - other)
            whole += figures_of(one, mine.sum(0) - moved) - figures_of(one, other.sum(0) + moved)
        return whole / len(counts)

    return _share(effect.delta, map(differences, _flips(rows, draws)))


def _flips(number: int, draws: int) -> Iterator[NDArray[np.int8]]:
    """Yield ways to exchange (1) or leave (0) so many things, some rows at a time: all ways, or as many as are drawn.

    What is drawn begins with the way things are, so that no p is 0 (Phipson and Smyth 2010).
    """
    import numpy as np

    if number <= EXACT:
        ways = np.arange(2**number)
        for start in range(0, len(ways), BLOCK):
            yield (ways[start : start + BLOCK, None] >> np.arange(number) & 1).astype(np.int8)
        return
    lot = np.random.default_rng([number, draws])
    yield np.zeros((1, number), np.int8)
    for start in range(0, draws, BLOCK):
        yield lot.integers(0, 2, (min(BLOCK, draws - start), number), np.int8)


def _share(delta: float, found: Iterable[NDArray[np.float64]]) -> float:
    """Return the share of differences that are as far from 0 as the one seen."""
    import numpy as np

    every = np.concatenate(list(found))
    return float((np.abs(every) >= abs(delta) - NOTHING).mean())
