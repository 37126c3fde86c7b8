"""The paired hierarchical bootstrap: effects over again on seeds and examples drawn with replacement, any metric as it is.

Each draw takes seeds and, independently, examples, the same examples for both arms, for every seed, and for every language
whose test set has as many of them (translations of each other): seeds and examples are crossed (Owen 2007). It assumes no
t and no derivative of the metric, and is the check on the interval that does. Of S seeds S - 1 are drawn, so that the spread
of a mean over few seeds comes out right (McCarthy and Snowden 1985); its shape cannot: with fewer than some five seeds the
ends of this interval lie too near.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from isthmus.analysis.paired import LEVEL, Effect, Scored
from isthmus.analysis.pairs import Place, figures_of, pairs_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 2000
BLOCK = 250  # draws held at a time


def bootstrap(effects: Sequence[Effect], scored: Mapping[Place, Scored], draws: int = DRAWS) -> list[tuple[float, float]]:
    """Return the 95 % percentile interval of each effect, in points; with one seed it is over examples alone."""
    import numpy as np

    paired = [pairs_of(effect, scored) for effect in effects]
    needed = dict.fromkeys(place for pairs in paired for seed in pairs for pair in seed for place in pair)
    drawn = _drawn({place: scored[place] for place in needed}, draws)
    intervals = []
    for pairs in paired:
        by_seed = np.array([np.mean([drawn[mine] - drawn[other] for mine, other in seed], 0) for seed in pairs])
        number = len(by_seed)
        seeds = np.random.default_rng([number, draws]).integers(0, number, (max(1, number - 1), draws))
        low, high = np.nanquantile(by_seed[seeds, np.arange(draws)].mean(0), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        intervals.append((float(low), float(high)))
    return intervals


def _drawn(scored: Mapping[Place, Scored], draws: int) -> dict[Place, NDArray[np.float64]]:
    """Return the figure of each place in each draw of examples; test sets of one size share their draws."""
    import numpy as np

    found: dict[Place, NDArray[np.float64]] = {}
    for rows in {len(one.counts) for one in scored.values()}:
        alike = {place: one for place, one in scored.items() if len(one.counts) == rows}
        sums: dict[Place, list[NDArray[np.float64]]] = {place: [] for place in alike}
        for weights in _weights(rows, draws):
            for place, one in alike.items():
                sums[place].append(weights @ one.counts.astype(np.float64))
        found |= {place: figures_of(one, np.concatenate(sums[place])) for place, one in alike.items()}
    return found


def _weights(rows: int, draws: int) -> Iterator[NDArray[np.float64]]:
    """Yield how often each row is drawn (draws x rows), some draws at a time."""
    import numpy as np

    lot = np.random.default_rng([rows, draws])
    for start in range(0, draws, BLOCK):
        yield lot.multinomial(rows, np.full(rows, 1 / rows), min(BLOCK, draws - start)).astype(np.float64)
